import { sql } from 'kysely';
import type { TableDocument } from '../../contract/catalog.ts';
import { newId } from '../platform/clock.ts';
import { type Database, type Store, storeFacts } from '../platform/database.ts';
import type { Tables } from '../platform/tables.ts';
import type { ReadTable } from './table-document.ts';

/** A published table, reduced to what a comparison needs. */
export interface CurrentTable {
  readonly id: string;
  readonly schema: string;
  readonly name: string;
  readonly hash: string;
  readonly rows: number | null;
}

const PAGE = 500;
/** Rows of one insert: their documents are some hundred kilobytes together, which is handed over without a pause to notice. */
const ROWS = 100;

/** The published tables, in pages along the index of their names: no page looks at more rows than it gives. */
export async function* currentTables(db: Database, connectionId: string): AsyncGenerator<CurrentTable[]> {
  for (let last = { schema: '', name: '' }; ; ) {
    const page = await db
      .selectFrom('catalog_tables')
      .select(['id', 'schema_name as schema', 'table_name as name', 'hash', 'estimated_rows as rows'])
      .where('connection_id', '=', connectionId)
      .where('removed_in', 'is', null)
      .where((is) => is(is.refTuple('schema_name', 'table_name'), '>', is.tuple(last.schema, last.name)))
      .orderBy('schema_name')
      .orderBy('table_name')
      .limit(PAGE)
      .execute();
    yield page;
    const end = page.at(-1);
    if (!end || page.length < PAGE) return;
    last = end;
  }
}

/** The documents of table versions, by their ids. */
export async function documentsOf(db: Database, ids: readonly string[]): Promise<Map<string, TableDocument>> {
  const rows = await db.selectFrom('catalog_tables').select(['id', 'document']).where('id', 'in', ids).execute();
  return new Map(rows.map((row) => [row.id, JSON.parse(row.document) as TableDocument]));
}

/** The documents of one snapshot's tables as text, in pages. */
export async function* documentsAt(db: Database, connectionId: string, snapshot: number): AsyncGenerator<string[]> {
  for (let last = ''; ; ) {
    const page = await db
      .selectFrom('catalog_tables')
      .select(['id', 'document'])
      .where('connection_id', '=', connectionId)
      .where('added_in', '<=', snapshot)
      .where(({ or, eb }) => or([eb('removed_in', 'is', null), eb('removed_in', '>', snapshot)]))
      .where('id', '>', last)
      .orderBy('id')
      .limit(ROWS)
      .execute();
    yield page.map(({ document }) => document);
    const end = page.at(-1);
    if (!end || page.length < ROWS) return;
    last = end.id;
  }
}

/** What of a connection decides about publishing; on a server it is held until the transaction ends. */
export function findPublished(trx: Database, kind: Store['kind'], connectionId: string) {
  return trx
    .selectFrom('db_connections')
    .select(['name', 'snapshot', 'version', 'is_active', 'limits'])
    .where('id', '=', connectionId)
    .$if(storeFacts[kind].multipleProcesses, (query) => query.forUpdate())
    .executeTakeFirst();
}

export async function insertSnapshot(trx: Database, row: Tables['snapshots']): Promise<void> {
  await trx.insertInto('snapshots').values(row).execute();
}

/** Ends table versions: they were so until before this snapshot. */
export async function endVersions(trx: Database, ids: readonly string[], snapshot: number): Promise<void> {
  for (let i = 0; i < ids.length; i += PAGE) {
    await trx
      .updateTable('catalog_tables')
      .set({ removed_in: snapshot })
      .where('id', 'in', ids.slice(i, i + PAGE))
      .execute();
  }
}

/** Inserts table versions that are so from this snapshot on, and the references they hold. */
export async function insertVersions(
  trx: Database,
  kind: Store['kind'],
  connectionId: string,
  snapshot: number,
  tables: AsyncIterable<ReadTable>,
) {
  const most = Math.floor(storeFacts[kind].maxParameters / 4);
  for await (const page of pagesOf(tables)) {
    const versions = page.map((table) => ({ table, id: newId() }));
    await trx
      .insertInto('catalog_tables')
      .values(versions.map(({ table, id }) => versionRow(table, id, connectionId, snapshot)))
      .execute();
    const references = versions.flatMap(({ table, id }) =>
      table.refersTo.map((to) => ({ table_id: id, connection_id: connectionId, schema_name: to.schema, table_name: to.table })),
    );
    for (let j = 0; j < references.length; j += most) {
      await trx
        .insertInto('catalog_references')
        .values(references.slice(j, j + most))
        .execute();
    }
  }
}

async function* pagesOf(tables: AsyncIterable<ReadTable>): AsyncGenerator<ReadTable[]> {
  let page: ReadTable[] = [];
  for await (const table of tables) {
    if (page.push(table) < ROWS) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

function versionRow(table: ReadTable, id: string, connectionId: string, snapshot: number): Tables['catalog_tables'] {
  return {
    id,
    connection_id: connectionId,
    schema_name: table.schema,
    table_name: table.name,
    kind: table.kind,
    comment: table.comment,
    columns: table.columns,
    readable: table.readable ? 1 : 0,
    estimated_rows: table.estimatedRows,
    document: table.text,
    hash: table.hash,
    added_in: snapshot,
    removed_in: null,
  };
}

/** Sets row estimates in bulk: they change at every reading and make no new version. */
export async function updateEstimates(trx: Database, estimates: readonly { id: string; rows: number | null }[]): Promise<void> {
  for (let i = 0; i < estimates.length; i += PAGE) {
    const values = estimates.slice(i, i + PAGE).map(({ id, rows }) => sql`(${id}, cast(${rows} as double precision))`);
    // Both stores call the columns of a bare list of values column1 and column2.
    await sql`update catalog_tables set estimated_rows = v.column2 from (values ${sql.join(values)}) as v where catalog_tables.id = v.column1`.execute(
      trx,
    );
  }
}

/** Makes a snapshot the one that is shown. */
export async function setPublished(
  trx: Database,
  connectionId: string,
  published: { snapshot: number; snapshot_at: string; table_count: number; column_count: number; next_ingestion_at: string | null },
): Promise<void> {
  await trx.updateTable('db_connections').set(published).where('id', '=', connectionId).execute();
}

/** When the schema is read again without being asked. */
export async function setNextReading(db: Database, connectionId: string, at: string | null): Promise<void> {
  await db.updateTable('db_connections').set({ next_ingestion_at: at }).where('id', '=', connectionId).execute();
}

/** A connection whose schema is due to be read again. */
export interface DueConnection {
  readonly id: string;
  readonly organization_id: string;
  readonly limits: string;
  readonly next_ingestion_at: string | null;
}

export function findDue(db: Database, at: string): Promise<DueConnection[]> {
  return db
    .selectFrom('db_connections')
    .select(['id', 'organization_id', 'limits', 'next_ingestion_at'])
    .where('is_active', '=', 1)
    .where('next_ingestion_at', '<=', at)
    .orderBy('next_ingestion_at')
    .limit(50)
    .execute();
}

/** Takes a due reading by setting the next one: one process alone can. With the reading switched off there is nothing to take. */
export async function claimDue(trx: Database, due: DueConnection, next: string | null): Promise<boolean> {
  const claimed = await trx
    .updateTable('db_connections')
    .set({ next_ingestion_at: next })
    .where('id', '=', due.id)
    .where('next_ingestion_at', '=', due.next_ingestion_at)
    .executeTakeFirst();
  return claimed.numUpdatedRows > 0n && next !== null;
}
