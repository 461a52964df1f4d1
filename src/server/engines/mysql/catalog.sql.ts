import type { CatalogSql } from './flavour.ts';

/** Longest comment, default or expression that is fetched, in characters; the rest is cut off in the database. */
const most = 2000;

/** What the members of the family keep in different places. */
export interface CatalogNames {
  /** What an index is over, where that is no column; needs to be SQL of one value. */
  readonly expression: string;
  /** Whether an index is used. */
  readonly indexValid: string;
  /** The default of a column as SQL. */
  readonly initial: string;
  readonly dependencies: string | null;
}

const here = 'TABLE_SCHEMA = {database}';
/** Names apart that a comparison would take for one. */
const byName = 'CAST(t.TABLE_NAME AS BINARY)';
const readableTables = `SELECT DISTINCT CAST(c.TABLE_NAME AS BINARY) AS name FROM information_schema.COLUMNS c WHERE c.${here} AND FIND_IN_SET('select', c.PRIVILEGES)`;

/** Gathered once, with a key: the servers would go through all there are, of every database, for each column of a key. */
const rules = `SELECT DISTINCT q.CONSTRAINT_SCHEMA, q.TABLE_NAME, q.CONSTRAINT_NAME, q.DELETE_RULE FROM information_schema.REFERENTIAL_CONSTRAINTS q WHERE q.CONSTRAINT_SCHEMA = {database}`;

/** The catalogue in bulk: one query a kind, over the one database that an address names. */
export function catalogOf({ expression, indexValid, initial, dependencies }: CatalogNames): CatalogSql {
  return {
    /** Name, type, estimated rows, partitioned, storage, readable. */
    tables: `SELECT t.TABLE_NAME, t.TABLE_TYPE, t.TABLE_ROWS, t.CREATE_OPTIONS LIKE '%partitioned%', t.ENGINE, r.name IS NOT NULL
      FROM information_schema.TABLES t LEFT JOIN (${readableTables}) r ON r.name = ${byName}
      WHERE t.${here} AND t.TABLE_TYPE <> 'SEQUENCE' ORDER BY ${byName}`,
    /** Table, name, method and expression of the partitioning. */
    partitions: `SELECT MIN(t.TABLE_NAME), t.PARTITION_NAME, MAX(t.PARTITION_METHOD), LEFT(MAX(t.PARTITION_EXPRESSION), ${most})
      FROM information_schema.PARTITIONS t WHERE t.${here} AND t.PARTITION_NAME IS NOT NULL
      GROUP BY ${byName}, t.PARTITION_NAME ORDER BY ${byName}, MIN(t.PARTITION_ORDINAL_POSITION)`,
    dependencies,
    /** Table, position, name, type, nullable, default, extra, generated, readable. */
    columns: `SELECT t.TABLE_NAME, t.ORDINAL_POSITION, t.COLUMN_NAME, t.COLUMN_TYPE, t.IS_NULLABLE,
        LEFT(${initial}, ${most}), t.EXTRA, LEFT(t.GENERATION_EXPRESSION, ${most}), FIND_IN_SET('select', t.PRIVILEGES) > 0
      FROM information_schema.COLUMNS t WHERE t.${here} ORDER BY ${byName}, t.ORDINAL_POSITION`,
    /** Table, name, column, and for a foreign key: database, table, column, what happens on delete. */
    keys: `SELECT t.TABLE_NAME, t.CONSTRAINT_NAME, t.COLUMN_NAME, t.REFERENCED_TABLE_SCHEMA, t.REFERENCED_TABLE_NAME, t.REFERENCED_COLUMN_NAME, r.DELETE_RULE
      FROM information_schema.KEY_COLUMN_USAGE t LEFT JOIN (${rules}) r
        ON r.CONSTRAINT_SCHEMA = {database} AND r.TABLE_NAME = t.TABLE_NAME AND r.CONSTRAINT_NAME = t.CONSTRAINT_NAME
      WHERE t.${here} ORDER BY ${byName}, CAST(t.CONSTRAINT_NAME AS BINARY), t.ORDINAL_POSITION`,
    /** Table, name, unique, kind, column or expression, length of a prefix, direction, used. */
    indexes: `SELECT t.TABLE_NAME, t.INDEX_NAME, t.NON_UNIQUE = 0, t.INDEX_TYPE, t.COLUMN_NAME, LEFT(${expression}, ${most}), t.SUB_PART, t.COLLATION, ${indexValid}
      FROM information_schema.STATISTICS t WHERE t.${here} ORDER BY ${byName}, CAST(t.INDEX_NAME AS BINARY), t.SEQ_IN_INDEX`,
    /** Table, column (null: of the table itself), comment. A view has a comment of the server’s own. */
    comments: `SELECT t.TABLE_NAME, NULL, LEFT(t.TABLE_COMMENT, ${most}), 0 AS place FROM information_schema.TABLES t
        WHERE t.${here} AND t.TABLE_TYPE NOT LIKE '%VIEW' AND t.TABLE_TYPE <> 'SEQUENCE' AND t.TABLE_COMMENT <> ''
      UNION ALL SELECT t.TABLE_NAME, t.COLUMN_NAME, LEFT(t.COLUMN_COMMENT, ${most}), t.ORDINAL_POSITION FROM information_schema.COLUMNS t
        WHERE t.${here} AND t.COLUMN_COMMENT <> ''`,
    /** How many tables there are, and how many of them the login may read. */
    count: `SELECT COUNT(*), COUNT(r.name) FROM information_schema.TABLES t LEFT JOIN (${readableTables}) r ON r.name = ${byName}
      WHERE t.${here} AND t.TABLE_TYPE <> 'SEQUENCE'`,
    samples: `SELECT t.TABLE_NAME FROM information_schema.TABLES t WHERE t.${here} AND t.TABLE_TYPE = 'BASE TABLE' ORDER BY ${byName} LIMIT 500`,
    holds: `SELECT COUNT(*) FROM information_schema.TABLES t WHERE t.${here} AND t.TABLE_NAME IN ({names})`,
  };
}

/** The catalogue of MySQL itself. */
export const mysqlCatalog = catalogOf({
  expression: 't.EXPRESSION',
  indexValid: "t.IS_VISIBLE = 'YES'",
  // The server keeps a constant without its quotes.
  initial: `CASE WHEN t.EXTRA LIKE '%DEFAULT_GENERATED%' OR t.NUMERIC_PRECISION IS NOT NULL OR t.DATA_TYPE = 'bit' THEN t.COLUMN_DEFAULT
    WHEN t.COLUMN_DEFAULT IS NOT NULL THEN QUOTE(t.COLUMN_DEFAULT) END`,
  /** View, database and name of what it reads. */
  dependencies: `SELECT DISTINCT t.VIEW_NAME, t.TABLE_SCHEMA, t.TABLE_NAME FROM information_schema.VIEW_TABLE_USAGE t
    WHERE t.VIEW_SCHEMA = {database} ORDER BY CAST(t.VIEW_NAME AS BINARY), t.TABLE_SCHEMA, t.TABLE_NAME`,
});
