import { sql } from 'kysely';
import type { Database } from '../platform/database.ts';

export interface TableFilter {
  readonly connectionId: string;
  readonly schema: string | undefined;
  /** Part of schema or name. */
  readonly q: string | undefined;
  /** The last table of the page before. */
  readonly after: { readonly schema: string; readonly name: string } | null;
  readonly limit: number;
}

/** The published tables by schema and name. */
export function listCurrent(db: Database, { connectionId, schema, q, after, limit }: TableFilter) {
  let query = db
    .selectFrom('catalog_tables')
    .select(['schema_name', 'table_name', 'kind', 'comment', 'columns', 'estimated_rows', 'readable'])
    .where('connection_id', '=', connectionId)
    .where('removed_in', 'is', null);
  if (schema !== undefined) query = query.where('schema_name', '=', schema);
  if (q) query = query.where(sql<boolean>`lower(schema_name || '.' || table_name) like ${containing(q.toLowerCase())} escape '!'`);
  if (after) query = query.where((is) => is(is.refTuple('schema_name', 'table_name'), '>', is.tuple(after.schema, after.name)));
  return query.orderBy('schema_name').orderBy('table_name').limit(limit).execute();
}

const containing = (text: string): string => `%${text.replace(/[!%_]/g, '!$&')}%`;

/** A published table. */
export function findCurrent(db: Database, connectionId: string, schema: string, name: string) {
  return db
    .selectFrom('catalog_tables')
    .innerJoin('db_connections', 'db_connections.id', 'catalog_tables.connection_id')
    .select(['document', 'estimated_rows', 'snapshot', 'snapshot_at'])
    .where('connection_id', '=', connectionId)
    .where('removed_in', 'is', null)
    .where('schema_name', '=', schema)
    .where('table_name', '=', name)
    .executeTakeFirst();
}

/** The documents of published tables that refer to a table by foreign keys. */
export async function findReferring(db: Database, connectionId: string, schema: string, name: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('catalog_references')
    .innerJoin('catalog_tables', 'catalog_tables.id', 'catalog_references.table_id')
    .select('catalog_tables.document')
    .where('catalog_references.connection_id', '=', connectionId)
    .where('catalog_references.schema_name', '=', schema)
    .where('catalog_references.table_name', '=', name)
    .where('catalog_tables.removed_in', 'is', null)
    .orderBy('catalog_tables.schema_name')
    .orderBy('catalog_tables.table_name')
    .limit(limit)
    .execute();
  return rows.map((row) => row.document);
}

/** Snapshots that differ from the one before, and the first, newest first. */
export function listSnapshots(db: Database, connectionId: string, before: number | null, limit: number) {
  return db
    .selectFrom('snapshots')
    .selectAll()
    .where('connection_id', '=', connectionId)
    .where((is) => is.or([is('number', '=', 1), is('appeared', '!=', '[]'), is('changed', '!=', '[]'), is('vanished', '!=', '[]')]))
    .$if(before !== null, (query) => query.where('number', '<', before ?? 0))
    .orderBy('number', 'desc')
    .limit(limit)
    .execute();
}
