import type { TableDocument } from '../../contract/catalog.ts';
import { breather } from '../catalog/catalog.ts';
import type { Database } from '../platform/database.ts';
import { type Passage, passageOf, passageVersion } from './passage.ts';

/** What of a connection decides whether and how it is searched. */
export interface SearchedConnection {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly created_by_user_id: string;
  readonly visibility: string;
  readonly is_active: number;
  readonly snapshot: number | null;
  /** By what its tables have vectors, and since when; null while they have none. */
  readonly embedder: string | null;
  readonly dimensions: number | null;
  readonly embedded_at: string | null;
}

const connections = (db: Database) =>
  db
    .selectFrom('db_connections as c')
    .leftJoin('vector_sets as v', 'v.connection_id', 'c.id')
    .select(['c.id', 'c.name', 'c.description', 'c.created_by_user_id', 'c.visibility', 'c.is_active', 'c.snapshot'])
    .select(['v.embedder', 'v.dimensions', 'v.changed_at as embedded_at']);

export function findConnection(db: Database, organizationId: string, id: string): Promise<SearchedConnection | undefined> {
  return connections(db).where('c.id', '=', id).where('c.organization_id', '=', organizationId).executeTakeFirst();
}

/** The connections of an organisation that can be searched: active, and read at least once. */
export function listSearchable(db: Database, organizationId: string): Promise<SearchedConnection[]> {
  return connections(db)
    .where('c.organization_id', '=', organizationId)
    .where('c.is_active', '=', 1)
    .where('c.snapshot', 'is not', null)
    .orderBy('c.id')
    .execute();
}

/** A passage in the form this version reads begins like this. */
const ofThisVersion = `{"v":${passageVersion},%`;
const PAGE = 500;

/** A table of a snapshot and its passage. */
export interface StoredPassage {
  readonly id: string;
  readonly passage: Passage;
}

/** The passages of a snapshot in pages. Where one is not built yet, it is made from the table's document. */
export async function* passagesOfSnapshot(db: Database, connectionId: string, snapshot: number): AsyncGenerator<StoredPassage[]> {
  const breathe = breather();
  for (let last = ''; ; ) {
    const rows = await db
      .selectFrom('catalog_tables as t')
      .leftJoin('passages as p', (join) => join.onRef('p.table_id', '=', 't.id').on('p.document', 'like', ofThisVersion))
      .select((is) => [
        't.id',
        'p.document as passage',
        is.case().when('p.document', 'is', null).then(is.ref('t.document')).end().as('document'),
      ])
      .where('t.connection_id', '=', connectionId)
      .where('t.added_in', '<=', snapshot)
      .where((is) => is.or([is('t.removed_in', 'is', null), is('t.removed_in', '>', snapshot)]))
      .where('t.id', '>', last)
      .orderBy('t.id')
      .limit(PAGE)
      .execute();
    const page: StoredPassage[] = [];
    for (const { id, passage, document } of rows) {
      page.push({
        id,
        passage: passage === null ? passageOf(JSON.parse(document ?? '') as TableDocument) : (JSON.parse(passage) as Passage),
      });
      await breathe();
    }
    yield page;
    const end = rows.at(-1);
    if (!end || rows.length < PAGE) return;
    last = end.id;
  }
}

/** How many published tables a connection has. */
export async function countTables(db: Database, connectionId: string): Promise<number> {
  const row = await db
    .selectFrom('catalog_tables')
    .select((is) => is.fn.countAll().as('tables'))
    .where('connection_id', '=', connectionId)
    .where('removed_in', 'is', null)
    .executeTakeFirst();
  return Number(row?.tables ?? 0);
}

/** Published tables after `last` that have no passage in the form of this version, in the order of their ids. */
export function findWithoutPassage(
  db: Database,
  connectionId: string,
  last: string,
  limit: number,
): Promise<{ id: string; document: string }[]> {
  return db
    .selectFrom('catalog_tables as t')
    .leftJoin('passages as p', (join) => join.onRef('p.table_id', '=', 't.id').on('p.document', 'like', ofThisVersion))
    .select(['t.id', 't.document'])
    .where('t.connection_id', '=', connectionId)
    .where('t.removed_in', 'is', null)
    .where('p.table_id', 'is', null)
    .where('t.id', '>', last)
    .orderBy('t.id')
    .limit(limit)
    .execute();
}

/** Stores passages, in place of those of an older form. Vectors stay: they are of the same table version. */
export async function putPassages(db: Database, connectionId: string, passages: readonly StoredPassage[]): Promise<void> {
  await db
    .insertInto('passages')
    .values(passages.map(({ id, passage }) => ({ table_id: id, connection_id: connectionId, document: JSON.stringify(passage) })))
    .onConflict((c) => c.column('table_id').doUpdateSet((is) => ({ document: is.ref('excluded.document') })))
    .execute();
}

/** Removes the passages of table versions that are no more. */
export async function removeStalePassages(db: Database, connectionId: string): Promise<void> {
  await db
    .deleteFrom('passages')
    .where('connection_id', '=', connectionId)
    .where('table_id', 'in', (is) =>
      is.selectFrom('catalog_tables').select('id').where('connection_id', '=', connectionId).where('removed_in', 'is not', null),
    )
    .execute();
}
