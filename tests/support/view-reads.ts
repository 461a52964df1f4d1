import type { Client } from 'pg';

/** What a statement reads, by what PostgreSQL itself notes of a view of it: `schema.table`, `schema.table.column`, and functions of other schemas. */
export interface ViewReads {
  readonly tables: string[];
  readonly columns: string[];
  readonly functions: string[];
}

const dependencies = `
  SELECT DISTINCT d.refclassid::regclass::text AS kind, coalesce(n.nspname, p.pronamespace::regnamespace::text) AS schema,
         coalesce(c.relname, p.proname) AS name, a.attname AS column
    FROM pg_rewrite w
    JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid
    LEFT JOIN pg_class c ON d.refclassid = 'pg_class'::regclass AND c.oid = d.refobjid
    LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_proc p ON d.refclassid = 'pg_proc'::regclass AND p.oid = d.refobjid
    LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid AND d.refobjsubid <> 0
   WHERE w.ev_class = 'pg_temp.judged'::regclass AND coalesce(c.oid, 0) <> w.ev_class`;

/** Asks PostgreSQL what a statement reads; null where it does not accept the statement at all. */
export async function viewReads(client: Client, sql: string): Promise<ViewReads | null> {
  await client.query('BEGIN');
  try {
    await client.query(`CREATE TEMP VIEW judged AS SELECT count(*) FROM (${sql}\n) AS q`);
    const { rows } = await client.query<{ kind: string; schema: string; name: string; column: string | null }>(dependencies);
    const relations = rows.filter(({ kind }) => kind === 'pg_class');
    return {
      tables: [...new Set(relations.map(({ schema, name }) => `${schema}.${name}`))].sort(),
      columns: relations.flatMap(({ schema, name, column }) => (column === null ? [] : [`${schema}.${name}.${column}`])).sort(),
      functions: rows.flatMap(({ kind, schema, name }) => (kind === 'pg_proc' ? [`${schema}.${name}`] : [])),
    };
  } catch {
    return null;
  } finally {
    await client.query('ROLLBACK');
  }
}
