import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { insertConnection } from '../../../tests/support/catalog.ts';
import type { PlainTable } from '../../../tests/support/documents.ts';
import { paperEmbedder } from '../../../tests/support/paper-embedder.ts';
import { publish } from '../../../tests/support/published.ts';
import { type StoreHouse, storeHouse, type TestStore } from '../../../tests/support/stores.ts';
import { nameOfSpace } from './embed-tables.ts';
import { findTables } from './find-tables.ts';
import { IndexCache, type LoadedIndex } from './index-cache.ts';
import { findConnection, type SearchedConnection } from './passage-store.ts';
import { QuestionVectors } from './question-vectors.ts';
import { rankConnections } from './rank-connections.ts';
import { rankTables } from './rank-tables.ts';
import { createRetrieval } from './retrieval.ts';

const words = 'order orderline customer product warehouse price quantity employee city invoice payment status film actor shipment'.split(
  ' ',
);
const questions = [
  'Which customers placed orders in each city?',
  'ware house prices',
  'What did the actors of a film earn?',
  'zebra xylophone',
  'qty',
  'The status of shipments and their payment by employees',
];
let seed = 11;
const next = (below: number): number => {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
  return Math.floor((seed / 2_147_483_648) * below);
};
const word = (): string => words[next(words.length)] ?? '';

/** Some tables whose names and columns are words of the list. */
function generated(count: number): PlainTable[] {
  const names = Array.from({ length: count }, (_, i) => `${word()}_${word()}_${i}`);
  return names.map((name, i) => ({
    name,
    columns: Array.from({ length: 1 + next(4) }, (_, c) => `${word()}_${c}`),
    refersTo: i > 0 && next(2) === 0 ? [names[next(i)] ?? ''] : [],
    ...(next(3) === 0 ? { comment: `What a ${word()} has of each ${word()}` } : {}),
  }));
}

describe('ranking the tables of many connections', () => {
  const embedder = paperEmbedder();
  let house: StoreHouse;
  let on: TestStore;
  const connections: SearchedConnection[] = [];
  beforeAll(async () => {
    house = await storeHouse('embedded');
    on = await house.open();
    const [byBoth, byWords] = [createRetrieval({ store: on.store, embedder }), createRetrieval({ store: on.store })];
    // Some without vectors, some without tables, one without any word of a question but with vectors.
    for (const [i, size] of [7, 12, 0, 9, 3, 15, 1].entries()) {
      const { id, organizationId } = await insertConnection(on.store);
      await publish(on.store, id, i === 6 ? [{ name: 'tsutats', columns: ['mlif'] }] : generated(size));
      const retrieval = i === 1 ? byWords : byBoth;
      await retrieval.buildPassages(id, { signal: new AbortController().signal, progress: () => {} });
      const found = await findConnection(on.store.db, organizationId, id);
      if (found) connections.push(found);
    }
  });
  afterAll(() => house?.close());

  const cacheOf = (mostTables: number) => new IndexCache(on.store, nameOfSpace(embedder), mostTables);
  const depsOf = (indexes: IndexCache) => ({ store: on.store, indexes, questions: new QuestionVectors(embedder) });

  test.each(questions)('one index at a time finds just what all of them at hand would: %s', async (question) => {
    const loaded: LoadedIndex[] = [];
    for (const connection of connections) loaded.push(await cacheOf(50_000).get(connection));
    expect(loaded.filter(({ vectors }) => vectors).length).toBeGreaterThan(3);
    const [vector = new Float32Array()] = await embedder.embed([question], new AbortController().signal);
    const indexes = loaded.map(({ index }) => index);
    const near = loaded.map(({ vectors }) => vectors?.nearness(vector) ?? null);
    for (const limit of [1, 5, 50]) {
      const { tables, heard } = rankTables(question, indexes, limit, near);
      const small = await rankConnections(depsOf(cacheOf(0)), connections, { question, limit });
      expect(small.ranked).toEqual(tables.map((found) => ({ ...found, id: loaded[found.source]?.tableIds[found.table] })));
      expect(small.heard).toEqual(heard);
      const shown = await findTables(depsOf(cacheOf(0)), connections, { question, limit });
      expect(shown).toEqual(await findTables(depsOf(cacheOf(50_000)), connections, { question, limit }));
      expect(shown.tables).toHaveLength(tables.length);
    }
  });

  test('a connection without a word of the question is found by its vectors', async () => {
    const { ranked } = await rankConnections(depsOf(cacheOf(0)), connections, { question: 'status film', limit: 50 });
    expect(ranked).toContainEqual(expect.objectContaining({ source: 6, meant: true }));
  });

  test('what was looked at is let go before the next is looked at', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const seen: WeakRef<LoadedIndex>[] = [];
    let most = 0;
    class Watched extends IndexCache {
      override async get(connection: SearchedConnection): Promise<LoadedIndex> {
        const loaded = await super.get(connection);
        if (!seen.some((other) => other.deref() === loaded)) seen.push(new WeakRef(loaded));
        // What a WeakRef has just given out lives until the turn ends.
        await new Promise(setImmediate);
        collect();
        most = Math.max(most, seen.filter((other) => other.deref() !== undefined).length);
        return loaded;
      }
    }
    await rankConnections(depsOf(new Watched(on.store, nameOfSpace(embedder), 0)), connections, { question: 'customer orders', limit: 5 });
    expect(seen.length).toBeGreaterThan(connections.length);
    // The one at hand, and one that the engine may not have seen the end of yet.
    expect(most).toBeLessThanOrEqual(2);
  });
});
