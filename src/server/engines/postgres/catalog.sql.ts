/** Longest comment, default, index or partition key that is fetched, in characters; the rest is cut off in the database. */
const most = 2000;

/** Schemas that belong to the system: pg_catalog, pg_toast, the temporary ones, and information_schema. */
export const ours = (schema: string): string => `left(${schema}, 3) <> 'pg_' AND ${schema} <> 'information_schema'`;

/** Relations that are tables to people: no partitions, nothing of the system, nothing that an extension owns. */
export const relations = `
  SELECT c.oid, c.relname, c.relkind, c.reltuples, c.relpages, c.relnamespace, n.nspname
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition AND ${ours('n.nspname')}
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0 AND d.deptype = 'e')`;

const rel = `rel AS MATERIALIZED (${relations})`;

/** Whether the login may read a relation, or at least some of its columns. */
export const readable = (oid: string, schema: string): string =>
  `(has_schema_privilege(${schema}, 'USAGE') AND (has_table_privilege(${oid}, 'SELECT') OR has_any_column_privilege(${oid}, 'SELECT')))`;

/** oid, schema, name, kind, estimated rows, readable, partition key. A partitioned table is never analysed by itself: its leaves are added up. */
export const tablesSql = `WITH ${rel}
SELECT oid, nspname, relname, relkind,
  CASE WHEN relkind = 'v' THEN NULL
    WHEN relkind = 'p' AND reltuples <= 0 THEN
      (SELECT sum(l.reltuples) FROM pg_partition_tree(rel.oid) t JOIN pg_class l ON l.oid = t.relid WHERE t.isleaf AND (l.reltuples > 0 OR (l.reltuples = 0 AND l.relpages > 0)))
    WHEN reltuples < 0 OR (reltuples = 0 AND relpages = 0 AND current_setting('server_version_num')::int < 140000) THEN NULL
    ELSE reltuples END,
  ${readable('oid', 'relnamespace')}, left(CASE WHEN relkind = 'p' THEN pg_get_partkeydef(oid) END, ${most})
FROM rel ORDER BY oid`;

/** Table, name of a partition at any depth; with its schema where that is another one. */
export const partitionsSql = `WITH ${rel}
SELECT rel.oid, CASE WHEN p.relnamespace = rel.relnamespace THEN p.relname ELSE n.nspname || '.' || p.relname END
FROM rel CROSS JOIN LATERAL pg_partition_tree(rel.oid) t JOIN pg_class p ON p.oid = t.relid JOIN pg_namespace n ON n.oid = p.relnamespace
WHERE rel.relkind = 'p' AND t.level > 0 ORDER BY rel.oid, p.relname`;

/** View, schema and name of a relation that it reads. */
export const dependenciesSql = `WITH ${rel}
SELECT DISTINCT r.ev_class, n.nspname, c.relname
FROM pg_rewrite r JOIN rel ON rel.oid = r.ev_class
  JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> r.ev_class
  JOIN pg_class c ON c.oid = d.refobjid AND c.relkind IN ('r', 'p', 'v', 'm', 'f') JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE ${ours('n.nspname')} ORDER BY r.ev_class, n.nspname, c.relname`;

/** Enumerations: the type's oid and its labels in order, as JSON; of a very long one the first. */
export const enumsSql = `SELECT enumtypid, json_agg(enumlabel ORDER BY enumsortorder)
FROM (SELECT enumtypid, enumlabel, enumsortorder, row_number() OVER (PARTITION BY enumtypid ORDER BY enumsortorder) AS place FROM pg_enum) e
WHERE place <= 200 GROUP BY enumtypid`;

/**
 * Table, position, name, type, nullable, default, identity, generated, readable, and the type that may be an enumeration (through domains
 * and arrays). A domain's type is written with what it is made of.
 */
export const columnsSql = `WITH RECURSIVE ${rel},
domains AS (
  SELECT oid, typbasetype AS base, typtypmod AS modifier, typnotnull AS filled FROM pg_type WHERE typtype = 'd'
  UNION ALL
  SELECT d.oid, t.typbasetype, t.typtypmod, d.filled OR t.typnotnull FROM domains d JOIN pg_type t ON t.oid = d.base AND t.typtype = 'd'
),
base AS MATERIALIZED (SELECT d.* FROM domains d JOIN pg_type t ON t.oid = d.base AND t.typtype <> 'd')
SELECT a.attrelid, a.attnum, a.attname,
  format_type(a.atttypid, a.atttypmod) || CASE WHEN b.oid IS NULL THEN '' ELSE ' (' || format_type(b.base, b.modifier) || ')' END,
  NOT (a.attnotnull OR coalesce(b.filled, false)),
  left(pg_get_expr(e.adbin, e.adrelid), ${most}), a.attidentity <> '', a.attgenerated <> '',
  has_schema_privilege(rel.relnamespace, 'USAGE') AND has_column_privilege(a.attrelid, a.attnum, 'SELECT'),
  coalesce(i.base, nullif(t.typelem, 0), t.oid)
FROM rel JOIN pg_attribute a ON a.attrelid = rel.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN base b ON b.oid = a.atttypid
  LEFT JOIN pg_type t ON t.oid = coalesce(b.base, a.atttypid)
  LEFT JOIN base i ON i.oid = t.typelem
  LEFT JOIN pg_attrdef e ON e.adrelid = a.attrelid AND e.adnum = a.attnum
ORDER BY a.attrelid, a.attnum`;

const named = (relation: string, keys: string): string =>
  `(SELECT json_agg(a.attname ORDER BY k.o) FROM unnest(${keys}) WITH ORDINALITY k(n, o) JOIN pg_attribute a ON a.attrelid = ${relation} AND a.attnum = k.n)`;

/** Table, name, kind, columns, and for a foreign key: schema, table, referenced columns, what happens on delete, whether checked. */
export const constraintsSql = `WITH ${rel}
SELECT con.conrelid, con.conname, con.contype, ${named('con.conrelid', 'con.conkey')}, n.nspname, f.relname,
  CASE WHEN con.contype = 'f' THEN ${named('con.confrelid', 'con.confkey')} END, con.confdeltype, con.convalidated
FROM pg_constraint con JOIN rel ON rel.oid = con.conrelid
  LEFT JOIN pg_class f ON f.oid = con.confrelid LEFT JOIN pg_namespace n ON n.oid = f.relnamespace
WHERE con.contype IN ('p', 'u', 'f') AND con.conparentid = 0 ORDER BY con.conrelid, con.conname`;

/** Table, name, unique, valid, definition. */
export const indexesSql = `WITH ${rel}
SELECT i.indrelid, c.relname, i.indisunique, i.indisvalid, left(pg_get_indexdef(i.indexrelid), ${most})
FROM pg_index i JOIN rel ON rel.oid = i.indrelid JOIN pg_class c ON c.oid = i.indexrelid ORDER BY i.indrelid, c.relname`;

/** Table, column (null: of the table itself), comment. */
export const commentsSql = `WITH ${rel}
SELECT d.objoid, a.attname, left(d.description, ${most})
FROM pg_description d JOIN rel ON rel.oid = d.objoid LEFT JOIN pg_attribute a ON a.attrelid = d.objoid AND a.attnum = d.objsubid AND d.objsubid <> 0
WHERE d.classoid = 'pg_class'::regclass AND (d.objsubid = 0 OR NOT a.attisdropped) ORDER BY d.objoid, d.objsubid`;

/** How many tables there are, in how many schemas, and how many of them the login may read. */
export const countSql = `WITH ${rel}
SELECT count(*), count(DISTINCT nspname), count(*) FILTER (WHERE ${readable('oid', 'relnamespace')}) FROM rel`;
