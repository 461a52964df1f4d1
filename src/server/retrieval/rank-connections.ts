import { breather } from '../catalog/catalog.ts';
import type { Question, RetrievalDeps } from './find-tables.ts';
import type { HeardWord } from './hearing.ts';
import type { SearchedConnection } from './passage-store.ts';
import { type Look, type Prospect, type RankedTable, Ranker } from './rank-tables.ts';

/** A table that fits: which of the connections it is of, and its id. */
export type IdentifiedTable = RankedTable & { readonly id: string };

/**
 * Ranks the tables of connections, holding the index of one at a time: however many there are, a question takes the memory of the largest one
 * beside what the cache keeps. What the cache does not keep until its turn comes again is loaded a second time, if it may fit at all.
 */
export async function rankConnections(
  { indexes, questions }: RetrievalDeps,
  connections: readonly SearchedConnection[],
  { question, limit }: Question,
): Promise<{ readonly ranked: readonly IdentifiedTable[]; readonly heard: ReadonlyMap<number, readonly HeardWord[]> }> {
  const ranker = new Ranker(question, limit);
  const breathe = breather();
  // Asked for when the first tables with vectors are met, and then once.
  let vector: Promise<Float32Array | null> | undefined;
  const lookAt = async (connection: SearchedConnection): Promise<Held> => {
    const { index, tableIds, vectors } = await indexes.get(connection);
    if (vectors) vector ??= questions?.vectorOf(question);
    const of = (vectors && (await vector)) ?? null;
    return { look: ranker.look(index, of && vectors?.dimensions === of.length ? vectors.nearness(of) : null), tableIds };
  };

  let held: Held | null = null;
  const prospects: Prospect[] = [];
  for (const connection of connections) {
    held = null;
    held = await lookAt(connection);
    prospects.push(ranker.count(held.look));
    await breathe();
  }
  const ids = new Map<string, string>();
  // From the last one, which is at hand.
  for (const [source, connection] of [...connections.entries()].reverse()) {
    const prospect = prospects[source];
    if (prospect && ranker.mayFit(prospect)) {
      held ??= await lookAt(connection);
      ranker.score(source, held.look);
      for (const found of ranker.ranking.tables) if (found.source === source) ids.set(placeOf(found), held.tableIds[found.table] ?? '');
    }
    held = null;
    await breathe();
  }
  const { tables, heard } = ranker.ranking;
  return { ranked: tables.map((found) => ({ ...found, id: ids.get(placeOf(found)) ?? '' })), heard };
}

const placeOf = ({ source, table }: RankedTable): string => `${source}.${table}`;

/** The index at hand, and the ids of its tables. */
interface Held {
  readonly look: Look;
  readonly tableIds: readonly string[];
}
