import type { Guard } from '../guard.ts';
import { makeGuard } from '../sqlparser/make-guard.ts';
import { mysqlDialect } from './guard-dialect.ts';
import { mysqlFunctions } from './guard-names.ts';

/** Judges statements for MySQL. */
export const mysqlGuard: Guard = makeGuard({ ...mysqlDialect, functions: new Set([...mysqlDialect.functions, ...mysqlFunctions]) });
