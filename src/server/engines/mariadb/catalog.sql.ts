import { catalogOf } from '../mysql/catalog.sql.ts';

/** The catalogue of MariaDB: no indexes over expressions, no list of what views read, and defaults that are SQL already. */
export const mariadbCatalog = catalogOf({
  expression: 'NULL',
  indexValid: "t.IGNORED = 'NO'",
  initial: "NULLIF(t.COLUMN_DEFAULT, 'NULL')",
  // Gathered once, with a key: the server would go through the rules of all databases for every column of a key.
  rules: `(SELECT DISTINCT q.CONSTRAINT_SCHEMA, q.TABLE_NAME, q.CONSTRAINT_NAME, q.DELETE_RULE
      FROM information_schema.REFERENTIAL_CONSTRAINTS q WHERE q.CONSTRAINT_SCHEMA = {database})`,
  dependencies: null,
});
