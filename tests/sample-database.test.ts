import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import type { FactBatch } from '../src/server/engines/engine.ts';
import { sample } from '../src/server/engines/sqlite/sample/sample.ts';
import { sqlite } from '../src/server/engines/sqlite/sqlite.ts';
import { createRetrieval } from '../src/server/retrieval/retrieval.ts';
import { actorOf, insertConnection, testCatalog } from './support/catalog.ts';
import { openFile, type TestFiles, testFiles } from './support/open-sqlite.ts';
import { type StoreHouse, storeHouse } from './support/stores.ts';

const file = 'portcullis-sample.db';
let files: TestFiles;
beforeAll(async () => {
  files = testFiles();
  expect(await sample.make(files)).toEqual({ file });
});
afterAll(() => files.remove());

describe('the sample database', () => {
  test('has its tables, some thousand rows, and every row its parents', () => {
    const database = new DatabaseSync(join(files.root, file), { readOnly: true });
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").all();
    expect(tables.length).toBeGreaterThanOrEqual(12);
    const count = tables.reduce((sum, { name }) => sum + Number(database.prepare(`SELECT count(*) AS n FROM "${name}"`).get()?.n), 0);
    expect(count).toBeGreaterThan(5000);
    expect(database.prepare('PRAGMA foreign_key_check').all()).toEqual([]);
    expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    database.close();
  });

  test('is the same every time, made once however often it is asked for at once, and replaces nothing', async () => {
    const other = testFiles();
    await Promise.all([sample.make(other), sample.make(other), sample.make(other)]);
    expect(readFileSync(join(other.root, file)).equals(readFileSync(join(files.root, file)))).toBe(true);
    const strange = testFiles();
    mkdirSync(strange.root, { recursive: true });
    writeFileSync(join(strange.root, file), 'mine');
    await expect(sample.make(strange)).rejects.toMatchObject({ code: 'name.taken' });
    expect(readFileSync(join(strange.root, file), 'utf8')).toBe('mine');
    other.remove();
    strange.remove();
  });

  test('says what each of its tables holds', async () => {
    const session = await openFile(files, file);
    const batches: FactBatch[] = [];
    for await (const batch of sqlite.facts(session, new AbortController().signal)) batches.push(batch);
    await session.close();
    const facts = batches.flatMap((batch) => batch.facts);
    const tables = facts.flatMap((fact) => (fact.fact === 'table' ? [fact.name] : []));
    const said = facts.flatMap((fact) => (fact.fact === 'comment' && fact.column === null ? [fact.table] : []));
    expect(said.sort()).toEqual(tables.sort());
  });
});

const Questions = z.array(z.object({ question: z.string(), tables: z.array(z.string()), schemaWords: z.boolean() }));

// The questions were written before the tables were; half of them use no word of a name.
describe('questions to the sample', () => {
  let house: StoreHouse;
  beforeAll(async () => {
    house = await storeHouse('embedded');
  });
  afterAll(() => house?.close());

  test('17 of 20 have all their tables among the first three', async () => {
    const on = await house.open();
    const retrieval = createRetrieval({ store: on.store });
    const { catalog, jobs } = testCatalog(
      on,
      { tables: [], failures: [], pace: 0, opened: 0 },
      {
        buildPassages: retrieval.buildPassages,
        openSession: async () => {
          const session = await openFile(files, file);
          return { engine: sqlite, session, version: 1, close: () => session.close() };
        },
      },
    );
    await jobs.start();
    const { id, organizationId } = await insertConnection(on.store, { dbType: 'sqlite', address: { file } });
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
    const questions = Questions.parse(JSON.parse(await readFile(new URL('./fixtures/sample-questions.json', import.meta.url), 'utf8')));
    const missed: string[] = [];
    for (const { question, tables } of questions) {
      const found = await retrieval.search(actor, { id, question, limit: 3 });
      const places = found.tables.map(({ schema, table }) => `${schema}.${table}`);
      if (!tables.every((table) => places.includes(table)))
        missed.push(`${question} wants ${tables.join(', ')}; found ${places.join(', ')}`);
    }
    expect(missed.length, missed.join('\n')).toBeLessThanOrEqual(questions.length - 17);
  });
});
