import { ours, readable, relations } from './catalog.sql.ts';

/** Every role whose rights this login has or can take on by SET ROLE, itself first: name, itself?, inherited?, and its attributes. */
export const rolesSql = `SELECT rolname, rolname = session_user, pg_has_role(current_user, oid, 'USAGE'),
  rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls
FROM pg_roles WHERE pg_has_role(current_user, oid, 'MEMBER') ORDER BY rolname = session_user DESC, rolname LIMIT 500`;

const reach = `reach AS MATERIALIZED (SELECT oid, rolname FROM pg_roles WHERE pg_has_role(current_user, oid, 'MEMBER'))`;

/**
 * Every right to write a table: its schema, name, the right, its column (null: the table), and the role that has it: PUBLIC, the owner
 * (may grant itself anything) or a member role. Read from the grants themselves, so that NOINHERIT and column grants are seen.
 */
const writes = `${reach},
rel AS MATERIALIZED (
  SELECT c.oid, c.relname, n.nspname, c.relowner, c.relacl, c.relispartition, c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'f') AND ${ours('n.nspname')}
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0 AND d.deptype = 'e')
),
granted AS (
  SELECT rel.oid, NULL::name AS attname, a.privilege_type, a.grantee FROM rel CROSS JOIN LATERAL aclexplode(rel.relacl) a
  UNION ALL
  SELECT rel.oid, t.attname, a.privilege_type, a.grantee FROM rel JOIN pg_attribute t ON t.attrelid = rel.oid AND t.attacl IS NOT NULL AND NOT t.attisdropped
    CROSS JOIN LATERAL aclexplode(t.attacl) a
),
writable AS MATERIALIZED (
  SELECT g.oid, g.attname, g.privilege_type AS right, CASE WHEN g.grantee = 0 THEN 'PUBLIC' ELSE r.rolname END AS holder, g.grantee = 0 AS public
  FROM granted g LEFT JOIN reach r ON r.oid = g.grantee
  WHERE g.privilege_type IN ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER', 'MAINTAIN') AND (g.grantee = 0 OR r.oid IS NOT NULL)
  UNION ALL
  SELECT rel.oid, NULL, 'OWNER', r.rolname, false FROM rel JOIN reach r ON r.oid = rel.relowner
  UNION ALL
  SELECT rel.oid, NULL, 'INSERT', r.rolname, false FROM rel JOIN reach r ON r.rolname = 'pg_write_all_data'
),
counted AS (
  -- A partition counts with its table, and by itself only where its table cannot be written.
  SELECT DISTINCT w.oid FROM writable w JOIN rel ON rel.oid = w.oid
  WHERE NOT rel.relispartition OR NOT EXISTS (SELECT FROM writable p WHERE p.oid = pg_partition_root(w.oid))
)`;

/** Relations, readable ones, writable ones. Who is or can become a superuser may write all, whatever the grants say. */
export const countsSql = `WITH ${writes}, shown AS (${relations})
SELECT (SELECT count(*) FROM shown), (SELECT count(*) FROM shown WHERE ${readable('shown.oid', 'shown.relnamespace')}),
  CASE WHEN EXISTS (SELECT FROM reach JOIN pg_roles p USING (oid) WHERE p.rolsuper) THEN (SELECT count(*) FROM rel WHERE NOT relispartition) ELSE (SELECT count(*) FROM counted) END`;

/** The first tables that can be written: schema, name, rights, columns, role, whether it is PUBLIC; a row a table and role. */
export const writableSql = `WITH ${writes}, first AS (
  SELECT rel.* FROM rel JOIN counted USING (oid) ORDER BY rel.nspname, rel.relname LIMIT 20
)
SELECT f.nspname, f.relname, json_agg(DISTINCT w.right), json_agg(DISTINCT w.attname) FILTER (WHERE w.attname IS NOT NULL), w.holder, w.public
FROM first f JOIN writable w USING (oid) GROUP BY f.nspname, f.relname, w.holder, w.public ORDER BY f.nspname, f.relname, w.holder`;

const usable = (schema: string, catalog: string) =>
  `${ours(schema)} AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '${catalog}'::regclass AND d.objid = x.oid AND d.deptype = 'e')`;

/** What else it could do: kind, how many, the first names. */
export const othersSql = `WITH ${reach}, found(kind, name) AS (
  SELECT 'sequence', n.nspname || '.' || x.relname FROM pg_class x JOIN pg_namespace n ON n.oid = x.relnamespace
    WHERE x.relkind = 'S' AND ${usable('n.nspname', 'pg_class')}
      AND EXISTS (SELECT FROM reach r WHERE has_sequence_privilege(r.oid, x.oid, 'UPDATE,USAGE'))
  UNION ALL
  SELECT 'schema', x.nspname FROM pg_namespace x WHERE ${ours('x.nspname')} AND EXISTS (SELECT FROM reach r WHERE has_schema_privilege(r.oid, x.oid, 'CREATE'))
  UNION ALL
  SELECT 'database', datname FROM pg_database WHERE datname = current_database() AND EXISTS (SELECT FROM reach r WHERE has_database_privilege(r.oid, pg_database.oid, 'CREATE'))
  UNION ALL
  SELECT 'owner', datname FROM pg_database JOIN reach r ON r.oid = datdba WHERE datname = current_database()
  UNION ALL
  SELECT 'definer', n.nspname || '.' || x.proname FROM pg_proc x JOIN pg_namespace n ON n.oid = x.pronamespace
    WHERE x.prosecdef AND ${usable('n.nspname', 'pg_proc')}
      AND EXISTS (SELECT FROM reach r WHERE has_function_privilege(r.oid, x.oid, 'EXECUTE') AND has_schema_privilege(r.oid, n.oid, 'USAGE'))
  UNION ALL
  SELECT 'language', l.lanname FROM pg_language l WHERE l.lanispl AND NOT l.lanpltrusted AND EXISTS (SELECT FROM reach r WHERE has_language_privilege(r.oid, l.oid, 'USAGE'))
  UNION ALL
  SELECT DISTINCT CASE WHEN n.nspname = 'pg_catalog' THEN 'files' ELSE 'remote' END, p.proname::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE ((n.nspname = 'pg_catalog' AND p.proname IN ('pg_read_file', 'pg_read_binary_file', 'pg_ls_dir', 'pg_file_write', 'lo_import', 'lo_export'))
        OR (p.proname IN ('dblink_exec', 'dblink_connect', 'http_post', 'http_get', 'pg_file_write')
          AND EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')))
      AND EXISTS (SELECT FROM reach r WHERE has_function_privilege(r.oid, p.oid, 'EXECUTE') AND has_schema_privilege(r.oid, n.oid, 'USAGE'))
)
SELECT kind, max(total), json_agg(name ORDER BY name) FILTER (WHERE place <= 5)
FROM (SELECT kind, name, row_number() OVER (PARTITION BY kind ORDER BY name) AS place, count(*) OVER (PARTITION BY kind) AS total FROM found) f
GROUP BY kind ORDER BY kind`;

/** Ordinary tables to try the lock of a write on: schema, name, whether it should be granted by the login's own rights to the whole table. */
export const samplesSql = `WITH candidates AS (
  SELECT n.nspname, c.relname, has_table_privilege(c.oid, 'INSERT,UPDATE,DELETE,TRUNCATE') AS allowed,
    has_any_column_privilege(c.oid, 'INSERT,UPDATE') AS partly
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND NOT c.relispartition AND ${ours('n.nspname')} AND has_schema_privilege(n.oid, 'USAGE')
)
SELECT nspname, relname, allowed FROM (
  SELECT *, row_number() OVER (PARTITION BY allowed ORDER BY nspname, relname) AS place FROM candidates WHERE allowed OR NOT partly
) c WHERE place <= 2 ORDER BY allowed, place`;

/** Schemas that hold tables, each with the roles that own tables in it, and how many schemas there are. */
export const schemasSql = `SELECT n.nspname, json_agg(DISTINCT pg_get_userbyid(c.relowner)), count(*) OVER () FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND ${ours('n.nspname')} GROUP BY n.nspname ORDER BY n.nspname LIMIT 50`;
