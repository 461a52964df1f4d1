import { setImmediate } from 'node:timers/promises';
import type { SearchEverywhereResult } from '../../contract/retrieval.ts';
import { documentsOf } from '../catalog/catalog.ts';
import type { Store } from '../platform/database.ts';
import type { IndexCache } from './index-cache.ts';
import type { SearchedConnection } from './passage-store.ts';
import { type Found, presentTables } from './present-tables.ts';
import { readQuestion } from './question.ts';
import { bestOf, scoreTables } from './rank-tables.ts';
import { type HeardWord, Hearing } from './word-features.ts';

/** What the searches of this feature stand on. */
export interface RetrievalDeps {
  readonly store: Store;
  readonly indexes: IndexCache;
}

/** A question in words, and how many tables are wanted. */
export interface Question {
  readonly question: string;
  readonly limit: number;
}

/** A table that fits, and of which of the connections it is. */
interface Ranked {
  readonly source: number;
  readonly id: string;
  readonly score: number;
}

/**
 * Ranks the tables of the connections, whose indexes are held one at a time: however many there are, a question takes no more memory than one of
 * them beside what the cache keeps. First each is listened to; then those that have a word of the question are scored, the last one first, since it is at hand.
 */
async function rank(
  { indexes }: RetrievalDeps,
  connections: readonly SearchedConnection[],
  { question, limit }: Question,
): Promise<{ readonly ranked: readonly Ranked[]; readonly heard: ReadonlyMap<number, readonly HeardWord[]> }> {
  const hearing = new Hearing(readQuestion(question));
  const having: number[] = [];
  for (const [source, connection] of connections.entries()) if (hearing.listen((await indexes.get(connection)).index)) having.push(source);
  const heard = new Map<number, readonly HeardWord[]>();
  let best: Ranked[] = [];
  for (const source of having.reverse()) {
    const connection = connections[source];
    if (!connection) continue;
    const { index, tableIds } = await indexes.get(connection);
    const words = hearing.in(index);
    const scored = scoreTables(index, words, limit).map(({ table, score }) => ({ source, id: tableIds[table] ?? '', score }));
    if (scored.length > 0) heard.set(source, words);
    // Of as good ones, those of the connection that comes first stay first.
    best = [...scored, ...best].sort((a, b) => b.score - a.score).slice(0, limit);
    for (const other of heard.keys()) if (!best.some((table) => table.source === other)) heard.delete(other);
    await setImmediate();
  }
  return { ranked: bestOf(best, limit), heard };
}

/** Finds the tables of these connections that answer the question. Whether they may be asked is decided before. */
export async function findTables(
  deps: RetrievalDeps,
  connections: readonly SearchedConnection[],
  question: Question,
): Promise<SearchEverywhereResult> {
  const { ranked, heard } = await rank(deps, connections, question);
  const ids = ranked.map(({ id }) => id);
  const documents = ids.length === 0 ? new Map<string, never>() : await documentsOf(deps.store.db, ids);
  const shown = connections.map((connection, source) => {
    const found = ranked.flatMap((table): Found[] => {
      const document = documents.get(table.id);
      return table.source === source && document ? [{ document, score: table.score }] : [];
    });
    const { tables, joins } = presentTables(found, heard.get(source) ?? [], connection);
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
