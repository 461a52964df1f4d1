import type { Guard } from '../guard.ts';
import { makeGuard } from '../sqlparser/make-guard.ts';
import { oracleDialect } from './guard-dialect.ts';

/** Judges statements for Oracle. Values are bound in the order of their placeholders, which are sent as :1, :2 and so on. */
export const oracleGuard: Guard = makeGuard(oracleDialect);
