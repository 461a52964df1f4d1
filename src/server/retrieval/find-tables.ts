import type { SearchEverywhereResult } from '../../contract/retrieval.ts';
import { documentsOf } from '../catalog/catalog.ts';
import type { Store } from '../platform/database.ts';
import type { IndexCache, LoadedIndex } from './index-cache.ts';
import type { Nearness } from './meaning-features.ts';
import type { SearchedConnection } from './passage-store.ts';
import { type Found, presentTables } from './present-tables.ts';
import type { QuestionVectors } from './question-vectors.ts';
import { rankTables } from './rank-tables.ts';

/** What the searches of this feature stand on. */
export interface RetrievalDeps {
  readonly store: Store;
  readonly indexes: IndexCache;
  /** Null where there is no embedder: words alone answer. */
  readonly questions: QuestionVectors | null;
}

/** A question in words, and how many tables are wanted. */
export interface Question {
  readonly question: string;
  readonly limit: number;
}

/** Finds the tables of these connections that answer the question. Whether they may be asked is decided before. */
export async function findTables(
  deps: RetrievalDeps,
  connections: readonly SearchedConnection[],
  { question, limit }: Question,
): Promise<SearchEverywhereResult> {
  const loaded = await Promise.all(connections.map((connection) => deps.indexes.get(connection)));
  const { tables: ranked, heard } = rankTables(
    question,
    loaded.map(({ index }) => index),
    limit,
    await nearnessOf(deps, loaded, question),
  );
  const idOf = ({ source, table }: { source: number; table: number }) => loaded[source]?.tableIds[table] ?? '';
  const documents = ranked.length === 0 ? new Map() : await documentsOf(deps.store.db, ranked.map(idOf));
  const shown = connections.map((connection, source) => {
    const found = ranked.flatMap((table): Found[] => {
      const document = documents.get(idOf(table));
      return table.source === source && document ? [{ document, score: table.score, meant: table.meant }] : [];
    });
    const { tables, joins } = presentTables(found, heard[source] ?? [], connection);
    const of = { connectionId: connection.id, connectionName: connection.name };
    return {
      tables: tables.map((table, i) => ({ table: { ...table, ...of }, readable: found[i]?.document.readable === true })),
      joins: joins.map((join) => ({ ...join, connectionId: connection.id })),
    };
  });
  // Best first; those that the credential may not read stand at the end, but are never hidden.
  const tables = shown
    .flatMap((one) => one.tables)
    .sort((a, b) => Number(b.readable) - Number(a.readable) || b.table.score - a.table.score);
  return { tables: tables.map(({ table }) => table), joins: shown.flatMap(({ joins }) => joins) };
}

/** How near the tables of each connection are to the question in meaning: of none, when its vector cannot be had now. */
async function nearnessOf({ questions }: RetrievalDeps, loaded: readonly LoadedIndex[], question: string): Promise<Nearness> {
  if (!loaded.some(({ vectors }) => vectors !== null)) return [];
  const vector = await questions?.vectorOf(question);
  return loaded.map(({ vectors }) => (vector && vectors?.dimensions === vector.length ? vectors.nearness(vector) : null));
}
