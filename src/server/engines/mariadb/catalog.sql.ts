import { catalogOf } from '../mysql/catalog.sql.ts';

/** The catalogue of MariaDB: no indexes over expressions, no list of what views read, and defaults that are SQL already. */
export const mariadbCatalog = catalogOf({
  expression: 'NULL',
  indexValid: "t.IGNORED = 'NO'",
  initial: "NULLIF(t.COLUMN_DEFAULT, 'NULL')",
  dependencies: null,
});
