import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { postgres } from '../src/server/engines/postgres/postgres.ts';
import { createRetrieval } from '../src/server/retrieval/retrieval.ts';
import { actorOf, insertConnection, testCatalog } from './support/catalog.ts';
import { open } from './support/open-postgres.ts';
import { type PostgresServer, startPostgres } from './support/postgres.ts';
import { gate } from './support/require.ts';
import { loadSample } from './support/sample-database.ts';
import { type StoreHouse, storeHouse } from './support/stores.ts';

const Questions = z.array(z.object({ question: z.string(), tables: z.array(z.string()), schemaWords: z.boolean() }));
const { skip, reason } = gate('postgres');

// The questions were written before the sample's schema was, and before anything that searches it. Half of them use no word of a
// name: those are answered from comments, which is what is to be seen here of them.
describe.skipIf(skip)(`questions to the sample, read from a real PostgreSQL${reason ? ` (${reason})` : ''}`, () => {
  let house: StoreHouse;
  let server: PostgresServer;
  beforeAll(async () => {
    [house, server] = await Promise.all([storeHouse('embedded'), startPostgres()]);
  });
  afterAll(async () => {
    await house?.close();
    await server?.stop();
  });

  test('15 of 20 have all their tables among the first five', async () => {
    const { database, reader } = await loadSample(server);
    const on = await house.open();
    const retrieval = createRetrieval({ store: on.store });
    const { catalog, jobs } = testCatalog(
      on,
      { tables: [], failures: [], pace: 0, opened: 0 },
      {
        buildPassages: retrieval.buildPassages,
        openSession: async () => {
          const session = await open({ port: server.port, database, ...reader });
          return { engine: postgres, session, version: 1, close: () => session.close() };
        },
      },
    );
    await jobs.start();
    const { id, organizationId } = await insertConnection(on.store);
    const actor = actorOf(organizationId);
    try {
      const { id: runId } = await catalog.startIngestion(actor, { id });
      await vi.waitFor(async () => expect(await catalog.getIngestion(actor, { id, runId })).toMatchObject({ state: 'succeeded' }), {
        timeout: 30_000,
      });
    } finally {
      await catalog.stop();
      await jobs.drain(0);
    }
    const questions = Questions.parse(JSON.parse(await readFile(new URL('./fixtures/questions.json', import.meta.url), 'utf8')));
    const missed: string[] = [];
    for (const { question, tables } of questions) {
      const found = await retrieval.search(actor, { id, question, limit: 5 });
      const places = found.tables.map(({ schema, table }) => `${schema}.${table}`);
      if (!tables.every((table) => places.includes(table)))
        missed.push(`${question} wants ${tables.join(', ')}; found ${places.join(', ')}`);
    }
    expect(missed.length, missed.join('\n')).toBeLessThanOrEqual(questions.length - 15);
  });
});
