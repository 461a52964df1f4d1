import type { Guard } from '../guard.ts';
import { makeGuard } from '../sqlparser/make-guard.ts';
import { sqlserverDialect } from './guard-dialect.ts';

/** Judges statements for SQL Server. Values are bound as @p1, @p2 and so on. */
export const sqlserverGuard: Guard = makeGuard(sqlserverDialect);
