import type { Guard } from '../guard.ts';
import { mysqlDialect } from '../mysql/guard-dialect.ts';
import { mariadbFunctions } from '../mysql/guard-names.ts';
import { makeGuard } from '../sqlparser/make-guard.ts';

/** Judges statements for MariaDB. */
export const mariadbGuard: Guard = makeGuard({
  ...mysqlDialect,
  label: 'MariaDB',
  innerWithSees: false,
  // Of a table with system versioning a part may hold rows as they were.
  partitions: false,
  functions: new Set([...mysqlDialect.functions, ...mariadbFunctions]),
});
