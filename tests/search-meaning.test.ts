import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import type { CatalogDeps } from '../src/server/catalog/catalog.ts';
import { postgres } from '../src/server/engines/postgres/postgres.ts';
import { sample } from '../src/server/engines/sqlite/sample/sample.ts';
import { sqlite } from '../src/server/engines/sqlite/sqlite.ts';
import { createEmbedder, createRetrieval, type Embedder, type Retrieval } from '../src/server/retrieval/retrieval.ts';
import { actorOf, insertConnection, testCatalog } from './support/catalog.ts';
import { open } from './support/open-postgres.ts';
import { openFile, testFiles } from './support/open-sqlite.ts';
import { startPostgres } from './support/postgres.ts';
import { gate } from './support/require.ts';
import { loadSample } from './support/sample-database.ts';
import { type StoreHouse, storeHouse } from './support/stores.ts';

const Questions = z.array(z.object({ question: z.string(), tables: z.array(z.string()), schemaWords: z.boolean() }));
type Questions = z.infer<typeof Questions>;

// The questions were written before the tables were; half of them use no word of a name. Here they are asked by words alone, and by
// words and vectors of the encoder that comes with the package.
describe('questions by words and meaning', () => {
  const encoder = createEmbedder(null);
  // A busy machine shall not turn these into questions by words alone.
  const embedder: Embedder = {
    ...{ id: encoder.id, dimensions: encoder.dimensions, patience: () => 60_000 },
    ...{ embed: (texts, signal) => encoder.embed(texts, signal), close: () => encoder.close() },
  };
  let house: StoreHouse;
  beforeAll(async () => {
    house = await storeHouse('embedded');
  });
  afterAll(async () => {
    await embedder.close();
    await house?.close();
  });

  /** Reads a database as the product does, and answers what the run's log says and how to ask it. */
  async function read(openSession: CatalogDeps['openSession'], address: object) {
    const { store, place } = await house.open();
    const fused = createRetrieval({ store, embedder });
    const about = { buildPassages: fused.buildPassages, openSession };
    const { catalog, jobs } = testCatalog({ store, place }, { tables: [], failures: [], pace: 0, opened: 0 }, about);
    await jobs.start();
    const { id, organizationId } = await insertConnection(store, { address });
    const actor = actorOf(organizationId);
    const { id: runId } = await catalog.startIngestion(actor, { id });
    const run = () => catalog.getIngestion(actor, { id, runId });
    await vi.waitFor(async () => expect(await run()).toMatchObject({ state: 'succeeded' }), { timeout: 120_000, interval: 200 });
    const { log } = await run();
    await catalog.stop();
    await jobs.drain(0);
    const ask = (retrieval: Retrieval) => (question: string) => retrieval.search(actor, { id, question, limit: 10 });
    return { log: log.map(({ message }) => message).join('\n'), fused: ask(fused), words: ask(createRetrieval({ store })) };
  }

  type Ask = Awaited<ReturnType<typeof read>>['fused'];

  /** How many questions have all their tables among the first k, and which have not. */
  async function found(ask: Ask, questions: Questions, k: number): Promise<{ hits: number; missed: string }> {
    const missed: string[] = [];
    for (const { question, tables } of questions) {
      const places = (await ask(question)).tables.slice(0, k).map(({ schema, table }) => `${schema}.${table}`);
      if (!tables.every((table) => places.includes(table)))
        missed.push(`${question} wants ${tables.join(', ')}; found ${places.join(', ')}`);
    }
    return { hits: questions.length - missed.length, missed: missed.join('\n') };
  }
  const questionsOf = async (name: string) =>
    Questions.parse(JSON.parse(await readFile(new URL(`./fixtures/${name}`, import.meta.url), 'utf8')));

  test('the sample database: 17 of 20 in the first three, and a table by its meaning alone', async () => {
    const files = testFiles();
    const file = 'portcullis-sample.db';
    expect(await sample.make(files)).toEqual({ file });
    const openSession: CatalogDeps['openSession'] = async () => {
      const session = await openFile(files, file);
      return { engine: sqlite, session, version: 1, close: () => session.close() };
    };
    const { log, fused, words } = await read(openSession, { file });
    files.remove();
    expect(log).toContain('Embedded ');
    const warm = 'How warm was it?';
    expect((await words(warm)).tables).toEqual([]);
    const [weather] = (await fused(warm)).tables;
    expect(weather).toMatchObject({ table: 'weather_day', summary: '“warm” near to what it holds (The weather of each day in the city).' });
    expect(weather?.why).toEqual([{ word: 'warm', where: 'meaning', text: 'The weather of each day in the city' }]);
    const questions = await questionsOf('sample-questions.json');
    const [both, alone] = [await found(fused, questions, 3), await found(words, questions, 3)];
    console.log(`first three: ${both.hits} by words and vectors, ${alone.hits} by words`);
    expect(both.hits, both.missed).toBeGreaterThanOrEqual(17);
  }, 180_000);

  test.skipIf(gate('postgres').skip)(
    'the large sample: no worse than by words alone',
    async () => {
      const server = await startPostgres();
      try {
        const { database, reader } = await loadSample(server);
        const openSession: CatalogDeps['openSession'] = async () => {
          const session = await open({ port: server.port, database, ...reader });
          return { engine: postgres, session, version: 1, close: () => session.close() };
        };
        const { fused, words } = await read(openSession, {});
        const questions = await questionsOf('questions.json');
        for (const k of [3, 5, 10]) {
          const [both, alone] = [await found(fused, questions, k), await found(words, questions, k)];
          console.log(`first ${k}: ${both.hits} by words and vectors, ${alone.hits} by words`);
          if (k === 5) expect(both.hits, both.missed).toBeGreaterThanOrEqual(alone.hits);
        }
      } finally {
        await server.stop();
      }
    },
    240_000,
  );
});
