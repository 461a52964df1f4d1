/** Longest comment that is fetched, in characters. */
const most = 2000;

/** Schemas to offer: all that the login sees and that Oracle does not keep for itself. */
export const owners = "(SELECT username FROM sys.all_users WHERE oracle_maintained = 'N')";

/*
 * Every view of the dictionary is read by itself, a kind at a time, and what belongs together is put together here: joins of these views make plans
 * that take minutes in a schema of ten thousand tables.
 */

/** Schema and name of what is readable by a grant to the login, to its roles or to PUBLIC. */
export const readableSql = `SELECT DISTINCT table_schema, table_name FROM sys.all_tab_privs
WHERE privilege IN ('SELECT', 'READ') AND table_schema IN ${owners}`;

/** Who the login is, and whether it may read every table: SESSION_USER, how many such privileges. */
export const readerSql = `SELECT SYS_CONTEXT('USERENV', 'SESSION_USER'),
  (SELECT COUNT(*) FROM sys.session_privs WHERE privilege IN ('SELECT ANY TABLE', 'READ ANY TABLE')) FROM sys.dual`;

/** Schemas of which every table is readable: Oracle 23 and later have privileges on whole schemas. */
export const readableSchemasSql =
  "SELECT DISTINCT schema FROM sys.session_schema_privs WHERE privilege IN ('SELECT ANY TABLE', 'READ ANY TABLE')";

/** Schema, name, estimated rows, whether partitioned. Parts of other objects are left out: nested tables, indexes that are tables, dropped ones. */
export const tablesSql = `SELECT owner, table_name, num_rows, partitioned FROM sys.all_tables
WHERE owner IN ${owners} AND nested = 'NO' AND secondary = 'N' AND dropped = 'NO' AND (iot_type IS NULL OR iot_type = 'IOT')
ORDER BY owner, table_name`;

/** Schema and name. */
export const viewsSql = `SELECT owner, view_name FROM sys.all_views WHERE owner IN ${owners} ORDER BY owner, view_name`;
/** Schema, name, the table that holds it. */
export const materializedSql = `SELECT owner, mview_name, container_name FROM sys.all_mviews WHERE owner IN ${owners}`;
export const externalSql = `SELECT owner, table_name FROM sys.all_external_tables WHERE owner IN ${owners}`;

/** Schema, name, how it is partitioned. */
export const partitionedSql = `SELECT owner, table_name, partitioning_type FROM sys.all_part_tables WHERE owner IN ${owners}`;
/** Schema, name, column; in the order of the key. */
export const partitionKeysSql = `SELECT owner, name, column_name FROM sys.all_part_key_columns
WHERE object_type LIKE 'TABLE%' AND owner IN ${owners} ORDER BY owner, name, column_position`;
/** Schema, table, name of the partition. */
export const partitionsSql = `SELECT table_owner, table_name, partition_name FROM sys.all_tab_partitions
WHERE table_owner IN ${owners} ORDER BY table_owner, table_name, partition_position`;

/** View, and schema and name of what it reads. */
export const dependenciesSql = `SELECT owner, name, referenced_owner, referenced_name FROM sys.all_dependencies
WHERE type IN ('VIEW', 'MATERIALIZED VIEW') AND referenced_type IN ('TABLE', 'VIEW', 'MATERIALIZED VIEW') AND referenced_link_name IS NULL
  AND owner IN ${owners} AND referenced_owner IN ${owners} ORDER BY owner, name, referenced_owner, referenced_name`;

/**
 * Schema, table, position, name; type, its owner, bytes, characters, whether it is counted in characters, precision, scale; nullable, identity,
 * virtual, default. The default is a LONG: it can be neither cut nor compared in SQL.
 */
export const columnsSql = `SELECT owner, table_name, column_id, column_name, data_type, data_type_owner, data_length, char_length, char_used,
  data_precision, data_scale, nullable, identity_column, virtual_column, data_default FROM sys.all_tab_cols
WHERE owner IN ${owners} AND hidden_column = 'NO' AND column_id IS NOT NULL ORDER BY owner, table_name, column_id`;

/** Schema, name, table, kind, column: of primary and unique keys, in the order of their columns. */
export const keysSql = `SELECT c.owner, c.constraint_name, c.table_name, c.constraint_type, k.column_name
FROM sys.all_constraints c JOIN sys.all_cons_columns k ON k.owner = c.owner AND k.constraint_name = c.constraint_name AND k.table_name = c.table_name
WHERE c.constraint_type IN ('P', 'U') AND c.owner IN ${owners} ORDER BY c.owner, c.table_name, c.constraint_name, k.position`;

/** The same of foreign keys; then the owner and name of the key they refer to, what happens on delete, and whether all rows were checked. */
export const foreignKeysSql = `SELECT c.owner, c.constraint_name, c.table_name, c.r_owner, c.r_constraint_name, c.delete_rule, c.validated, k.column_name
FROM sys.all_constraints c JOIN sys.all_cons_columns k ON k.owner = c.owner AND k.constraint_name = c.constraint_name AND k.table_name = c.table_name
WHERE c.constraint_type = 'R' AND c.owner IN ${owners} ORDER BY c.owner, c.table_name, c.constraint_name, k.position`;

/** Schema and name of an index, its table, whether unique, whether usable, its kind, and a column and its direction; in order. */
export const indexesSql = `SELECT i.table_owner, i.table_name, i.owner, i.index_name, i.uniqueness, i.status, i.index_type, c.column_name, c.descend, c.column_position
FROM sys.all_indexes i JOIN sys.all_ind_columns c ON c.index_owner = i.owner AND c.index_name = i.index_name
WHERE i.table_owner IN ${owners} ORDER BY i.table_owner, i.table_name, i.owner, i.index_name, c.column_position`;
/** Schema and name of an index, position, and the expression that stands there (a LONG). */
export const expressionsSql = `SELECT index_owner, index_name, column_position, column_expression FROM sys.all_ind_expressions WHERE table_owner IN ${owners}`;

/** Schema, table, column (null: of the table itself), comment. */
export const tableCommentsSql = `SELECT owner, table_name, NULL, SUBSTR(comments, 1, ${most}) FROM sys.all_tab_comments
WHERE comments IS NOT NULL AND owner IN ${owners} ORDER BY owner, table_name`;
export const materializedCommentsSql = `SELECT owner, mview_name, NULL, SUBSTR(comments, 1, ${most}) FROM sys.all_mview_comments
WHERE comments IS NOT NULL AND owner IN ${owners} ORDER BY owner, mview_name`;
export const columnCommentsSql = `SELECT owner, table_name, column_name, SUBSTR(comments, 1, ${most}) FROM sys.all_col_comments
WHERE comments IS NOT NULL AND owner IN ${owners} ORDER BY owner, table_name, column_name`;

/** How many tables and views there are, and in how many schemas. */
export const countSql = `SELECT COUNT(*), COUNT(DISTINCT owner) FROM (
  SELECT owner FROM sys.all_tables WHERE nested = 'NO' AND secondary = 'N' AND dropped = 'NO' AND (iot_type IS NULL OR iot_type = 'IOT') AND owner IN ${owners}
  UNION ALL SELECT owner FROM sys.all_views WHERE owner IN ${owners})`;
