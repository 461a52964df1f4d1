import type { Guard } from '../guard.ts';
import { mysqlDialect } from '../mysql/guard-dialect.ts';
import { mariadbFunctions } from '../mysql/guard-names.ts';
import { makeGuard } from '../sqlparser/make-guard.ts';

/** Judges statements for MariaDB. */
export const mariadbGuard: Guard = makeGuard({
  ...mysqlDialect,
  label: 'MariaDB',
  functions: new Set([...mysqlDialect.functions, ...mariadbFunctions]),
});
