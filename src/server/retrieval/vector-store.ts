import { now } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';

/** What vectors can be compared with each other: those of one model, of texts made in one way. */
export interface VectorSpace {
  readonly embedder: string;
  readonly dimensions: number;
}

/** A published table that lacks vectors. */
export interface WithoutVectors {
  readonly id: string;
  readonly document: string;
}

const lacking = (db: Database, connectionId: string, { embedder, dimensions }: VectorSpace) =>
  db
    .selectFrom('passages as p')
    .innerJoin('catalog_tables as t', 't.id', 'p.table_id')
    .where('p.connection_id', '=', connectionId)
    .where('t.removed_in', 'is', null)
    .where((is) => is.or([is('p.vector', 'is', null), is('p.embedder', '!=', embedder), is('p.dimensions', '!=', dimensions)]));

/** How many published tables have no vectors of this space. */
export async function countWithoutVectors(db: Database, connectionId: string, space: VectorSpace): Promise<number> {
  const row = await lacking(db, connectionId, space)
    .select((is) => is.fn.countAll().as('tables'))
    .executeTakeFirst();
  return Number(row?.tables ?? 0);
}

/** Published tables after `last` that have no vectors of this space, in the order of their ids. */
export function findWithoutVectors(
  db: Database,
  connectionId: string,
  space: VectorSpace,
  { last, limit }: { readonly last: string; readonly limit: number },
): Promise<WithoutVectors[]> {
  return lacking(db, connectionId, space).select(['t.id', 't.document']).where('t.id', '>', last).orderBy('t.id').limit(limit).execute();
}

/**
 * The vectors there are already of texts with these hashes: of table versions that are no more, and of other connections, since the
 * same schema often stands in several places. They tell nothing that the texts at hand do not.
 */
export async function findVectorsOfTexts(
  db: Database,
  { embedder, dimensions }: VectorSpace,
  hashes: readonly string[],
): Promise<Map<string, Uint8Array>> {
  const rows = await db
    .selectFrom('passages')
    .select(['text_hash', 'vector'])
    .where('text_hash', 'in', hashes)
    .where('embedder', '=', embedder)
    .where('dimensions', '=', dimensions)
    .execute();
  return new Map(rows.flatMap(({ text_hash, vector }) => (text_hash !== null && vector !== null ? [[text_hash, vector] as const] : [])));
}

/** Keeps the vectors of some tables. */
export async function putVectors(
  db: Database,
  { embedder, dimensions }: VectorSpace,
  vectors: readonly { readonly id: string; readonly hash: string; readonly bytes: Uint8Array }[],
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    for (const { id, hash, bytes } of vectors)
      await trx.updateTable('passages').set({ vector: bytes, embedder, dimensions, text_hash: hash }).where('table_id', '=', id).execute();
  });
}

/** Says that all tables of a connection have vectors of this space. */
export async function completeVectors(db: Database, connectionId: string, { embedder, dimensions }: VectorSpace): Promise<void> {
  const set = { embedder, dimensions, changed_at: now() };
  await db
    .insertInto('vector_sets')
    .values({ connection_id: connectionId, ...set })
    .onConflict((c) => c.column('connection_id').doUpdateSet(set))
    .execute();
}

/** Whether the tables of a connection were said to have vectors of this space. */
export async function isComplete(db: Database, connectionId: string, { embedder, dimensions }: VectorSpace): Promise<boolean> {
  const set = await db
    .selectFrom('vector_sets')
    .select('connection_id')
    .where('connection_id', '=', connectionId)
    .where('embedder', '=', embedder)
    .where('dimensions', '=', dimensions)
    .executeTakeFirst();
  return set !== undefined;
}

const PAGE = 500;

/** All vectors of a connection in this space, by table. */
export async function readVectors(
  db: Database,
  connectionId: string,
  { embedder, dimensions }: VectorSpace,
): Promise<Map<string, Uint8Array>> {
  const vectors = new Map<string, Uint8Array>();
  for (let last = ''; ; ) {
    const rows = await db
      .selectFrom('passages')
      .select(['table_id', 'vector'])
      .where('connection_id', '=', connectionId)
      .where('embedder', '=', embedder)
      .where('dimensions', '=', dimensions)
      .where('table_id', '>', last)
      .orderBy('table_id')
      .limit(PAGE)
      .execute();
    for (const { table_id, vector } of rows) if (vector !== null) vectors.set(table_id, vector);
    const end = rows.at(-1);
    if (!end || rows.length < PAGE) return vectors;
    last = end.table_id;
  }
}
