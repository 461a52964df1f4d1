/** Longest comment, default or condition that is fetched, in characters; the rest is cut off in the database. */
const most = 2000;

/** A name that HAS_PERMS_BY_NAME takes. */
const full = (schema: string, object: string): string => `QUOTENAME(${schema}) + N'.' + QUOTENAME(${object})`;

/** Tables and views of people: nothing that came with the server or was made by its tools. Aliases: o object, s schema. */
const relations = `sys.objects o JOIN sys.schemas s ON s.schema_id = o.schema_id
WHERE o.type IN ('U', 'V') AND o.is_ms_shipped = 0 AND NOT EXISTS (SELECT 1 FROM sys.extended_properties t
  WHERE t.class = 1 AND t.major_id = o.object_id AND t.minor_id = 0 AND t.name = N'microsoft_database_tools_support')`;

const mine = `WITH rel AS (SELECT o.object_id, o.name, o.type, o.schema_id, s.name AS schema_name FROM ${relations})`;

/** Whether the login may read a relation, or at least some of its columns. */
const readable = `CASE WHEN HAS_PERMS_BY_NAME(${full('rel.schema_name', 'rel.name')}, N'OBJECT', N'SELECT') = 1
  OR EXISTS (SELECT 1 FROM sys.database_permissions p JOIN sys.columns pc ON pc.object_id = p.major_id AND pc.column_id = p.minor_id
    WHERE p.class = 1 AND p.major_id = rel.object_id AND p.minor_id > 0
      AND HAS_PERMS_BY_NAME(${full('rel.schema_name', 'rel.name')}, N'OBJECT', N'SELECT', pc.name, N'COLUMN') = 1) THEN 1 ELSE 0 END`;

/**
 * object_id, schema, name, kind, rows, readable, side of the boundary and column by which it is partitioned. The rows are the counts that the
 * server keeps with the partitions. Whether a table lies outside is not known to older servers: the name then finds the constant.
 */
export const tablesSql = `${mine}
SELECT rel.object_id, rel.schema_name, rel.name,
  CASE WHEN RTRIM(rel.type) = 'V' THEN CASE WHEN EXISTS (SELECT 1 FROM sys.indexes v WHERE v.object_id = rel.object_id AND v.index_id = 1) THEN 'materialized_view' ELSE 'view' END
    WHEN (SELECT CAST(is_external AS int) FROM sys.tables t WHERE t.object_id = rel.object_id) = 1 THEN 'foreign_table'
    WHEN part.name IS NOT NULL THEN 'partitioned_table' ELSE 'table' END,
  CASE WHEN RTRIM(rel.type) = 'U' THEN (SELECT SUM(x.rows) FROM sys.partitions x WHERE x.object_id = rel.object_id AND x.index_id IN (0, 1)) END,
  ${readable}, part.side, part.name
FROM (SELECT 0 AS is_external) fallback CROSS JOIN rel
  OUTER APPLY (SELECT TOP (1) c.name, CASE WHEN f.boundary_value_on_right = 1 THEN 'RIGHT' ELSE 'LEFT' END AS side
    FROM sys.indexes i JOIN sys.partition_schemes ps ON ps.data_space_id = i.data_space_id JOIN sys.partition_functions f ON f.function_id = ps.function_id
      JOIN sys.index_columns ic ON ic.object_id = i.object_id AND ic.index_id = i.index_id AND ic.partition_ordinal = 1
      JOIN sys.columns c ON c.object_id = ic.object_id AND c.column_id = ic.column_id
    WHERE i.object_id = rel.object_id AND i.index_id IN (0, 1)) part
ORDER BY rel.object_id;`;

const dependencies = (from: string): string => `${mine}
SELECT DISTINCT rel.object_id, rs.name, r.name FROM rel JOIN ${from}
  JOIN sys.objects r ON r.object_id = d.referenced JOIN sys.schemas rs ON rs.schema_id = r.schema_id
WHERE rel.type = 'V' AND r.type IN ('U', 'V') AND r.object_id <> rel.object_id
ORDER BY rel.object_id, rs.name, r.name;`;

/** View, schema and name of a relation that it reads: as the server tracks them, which takes rights of their own, or as it tracked them before. */
export const dependenciesSql = [
  dependencies(
    '(SELECT referencing_id AS view_id, referenced_id AS referenced FROM sys.sql_expression_dependencies WHERE referencing_class = 1 AND referenced_class = 1) d ON d.view_id = rel.object_id',
  ),
  dependencies(
    '(SELECT object_id AS view_id, referenced_major_id AS referenced FROM sys.sql_dependencies WHERE class IN (0, 1)) d ON d.view_id = rel.object_id',
  ),
] as const;

/** object_id, place, name, schema of the type (null: the server's own), type, what it is made of, length in bytes, precision, scale, nullable, identity, computed, default, readable. */
export const columnsSql = `${mine}
SELECT c.object_id, c.column_id, c.name, CASE WHEN t.is_user_defined = 1 THEN ts.name END, t.name, b.name, c.max_length, c.precision, c.scale,
  c.is_nullable, c.is_identity, c.is_computed, LEFT(COALESCE(cc.definition, dc.definition), ${most}),
  CASE WHEN EXISTS (SELECT 1 FROM sys.database_permissions p WHERE p.class = 1 AND p.major_id = c.object_id AND p.minor_id > 0)
    THEN HAS_PERMS_BY_NAME(${full('rel.schema_name', 'rel.name')}, N'OBJECT', N'SELECT', c.name, N'COLUMN') END
FROM rel JOIN sys.columns c ON c.object_id = rel.object_id
  JOIN sys.types t ON t.user_type_id = c.user_type_id JOIN sys.schemas ts ON ts.schema_id = t.schema_id
  LEFT JOIN sys.types b ON b.user_type_id = c.system_type_id
  LEFT JOIN sys.computed_columns cc ON cc.object_id = c.object_id AND cc.column_id = c.column_id
  LEFT JOIN sys.default_constraints dc ON dc.object_id = c.default_object_id
ORDER BY c.object_id, c.column_id;`;

/** object_id, name, type, column: a row a column, in the order of the key. */
export const keysSql = `${mine}
SELECT k.parent_object_id, k.name, RTRIM(k.type), c.name
FROM rel JOIN sys.key_constraints k ON k.parent_object_id = rel.object_id
  JOIN sys.index_columns ic ON ic.object_id = k.parent_object_id AND ic.index_id = k.unique_index_id AND ic.key_ordinal > 0
  JOIN sys.columns c ON c.object_id = ic.object_id AND c.column_id = ic.column_id
ORDER BY k.parent_object_id, k.name, ic.key_ordinal;`;

/** object_id, name, column, schema, table, referenced column, what happens on delete, not checked or switched off: a row a column. */
export const foreignKeysSql = `${mine}
SELECT f.parent_object_id, f.name, c.name, rs.name, r.name, rc.name, f.delete_referential_action_desc,
  CASE WHEN f.is_not_trusted = 1 OR f.is_disabled = 1 THEN 1 ELSE 0 END
FROM rel JOIN sys.foreign_keys f ON f.parent_object_id = rel.object_id
  JOIN sys.foreign_key_columns fc ON fc.constraint_object_id = f.object_id
  JOIN sys.columns c ON c.object_id = fc.parent_object_id AND c.column_id = fc.parent_column_id
  JOIN sys.columns rc ON rc.object_id = fc.referenced_object_id AND rc.column_id = fc.referenced_column_id
  JOIN sys.objects r ON r.object_id = f.referenced_object_id JOIN sys.schemas rs ON rs.schema_id = r.schema_id
ORDER BY f.parent_object_id, f.name, fc.constraint_column_id;`;

/** object_id, name, schema, table, unique, switched off, kind, condition, column, descending, only included: a row a column. */
export const indexesSql = `${mine}
SELECT i.object_id, i.name, rel.schema_name, rel.name, i.is_unique, i.is_disabled, i.type_desc, LEFT(i.filter_definition, ${most}), c.name,
  ic.is_descending_key, ic.is_included_column
FROM rel JOIN sys.indexes i ON i.object_id = rel.object_id AND i.type > 0 AND i.name IS NOT NULL
  LEFT JOIN sys.index_columns ic ON ic.object_id = i.object_id AND ic.index_id = i.index_id AND (ic.key_ordinal > 0 OR ic.partition_ordinal = 0)
  LEFT JOIN sys.columns c ON c.object_id = ic.object_id AND c.column_id = ic.column_id
ORDER BY i.object_id, i.name, ic.is_included_column, ic.key_ordinal, ic.index_column_id;`;

/** object_id, column (null: of the table itself), comment. */
export const commentsSql = `${mine}
SELECT e.major_id, c.name, LEFT(CAST(e.value AS nvarchar(4000)), ${most})
FROM rel JOIN sys.extended_properties e ON e.major_id = rel.object_id AND e.class = 1 AND e.name = N'MS_Description'
  LEFT JOIN sys.columns c ON c.object_id = e.major_id AND c.column_id = e.minor_id AND e.minor_id > 0
WHERE e.minor_id = 0 OR c.name IS NOT NULL
ORDER BY e.major_id, e.minor_id;`;

/** How many tables there are, in how many schemas, and how many of them the login may read. */
export const countSql = `${mine}
SELECT COUNT(*), COUNT(DISTINCT one.schema_id), SUM(one.readable) FROM (SELECT rel.schema_id, ${readable} AS readable FROM rel) one;`;
