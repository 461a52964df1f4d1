import { escapeIdentifier } from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { insertConnection, testCatalog } from '../../../tests/support/catalog.ts';
import { open } from '../../../tests/support/open-postgres.ts';
import { type PostgresServer, startPostgres } from '../../../tests/support/postgres.ts';
import { gate } from '../../../tests/support/require.ts';
import { loadSample, type SampleDatabase } from '../../../tests/support/sample-database.ts';
import { type StoreHouse, storeHouse } from '../../../tests/support/stores.ts';
import { engines } from '../engines/registry.ts';
import type { StoredDocument } from './catalog.ts';

const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

describe.skipIf(gate('postgres').skip)('the sample, read from a real server', () => {
  let server: PostgresServer;
  let sample: SampleDatabase;
  let house: StoreHouse;
  let documents: StoredDocument[];
  let reading: Awaited<ReturnType<typeof read>>;

  beforeAll(async () => {
    server = await startPostgres();
    sample = await loadSample(server);
    house = await storeHouse('embedded');
    reading = await read();
    const rows = await reading.on.store.db.selectFrom('catalog_tables').select('document').where('removed_in', 'is', null).execute();
    documents = rows.map((row) => JSON.parse(row.document) as StoredDocument);
  }, 120_000);
  afterAll(async () => {
    await reading?.stop();
    await house?.close();
    await server?.stop();
  });

  async function read() {
    const on = await house.open();
    const [engine] = engines;
    if (!engine) throw new Error('there is no engine');
    const place = { port: server.port, database: sample.database, ...sample.reader };
    const openSession = async (_: string, { signal }: { signal: AbortSignal }) => {
      const session = await open(place, [], signal);
      return { engine, session, version: 1, close: () => session.close() };
    };
    const { catalog, jobs } = testCatalog(on, { tables: [], failures: [], pace: 0, opened: 0 }, { openSession });
    await jobs.start();
    const { id, actor } = await insertConnection(on.store);
    const again = async () => {
      const { id: runId } = await catalog.startIngestion(actor, { id });
      const get = () => catalog.getIngestion(actor, { id, runId });
      await vi.waitFor(async () => expect((await get()).finishedAt).not.toBeNull(), { timeout: 30_000, interval: 50 });
      return get();
    };
    return { on, catalog, actor, id, again, first: await again(), stop: () => jobs.drain(0) };
  }
  const find = (schema: string, table: string) => documents.find((document) => document.schema === schema && document.name === table);

  it('succeeds and finds every kind of thing', () => {
    expect(reading.first).toMatchObject({ state: 'succeeded', error: null });
    expect(documents.length).toBeGreaterThan(60);
    expect(new Set(documents.map((document) => document.kind))).toEqual(
      new Set(['table', 'partitioned_table', 'view', 'materialized_view', 'foreign_table']),
    );
    expect(documents.some((document) => document.partitions.length > 0 && document.partitionedBy)).toBe(true);
    expect(documents.some((document) => document.dependsOn.length > 0)).toBe(true);
    expect(documents.some((document) => document.foreignKeys.some((key) => key.schema !== document.schema))).toBe(true);
    expect(documents.some((document) => document.columns.some((column) => column.enumValues))).toBe(true);
    expect(find('Odd "Things"', '__proto__')?.columns.map((column) => column.name)).toEqual([
      'id',
      'constructor',
      '__proto__',
      'prototype',
    ]);
  });

  it('keeps nothing that hides or reorders, and nothing too long', () => {
    for (const { raw: _, ...document } of documents) {
      expect(JSON.stringify(document)).not.toMatch(hidden);
      for (const text of [document.comment, ...document.columns.map((column) => column.comment)])
        expect(text?.length ?? 0).toBeLessThanOrEqual(2000);
    }
    expect(find('Odd "Things"', 'safe\uFFFDgnp.exe')?.columns.map((column) => column.name)).toEqual([
      'zero\uFFFDwidth',
      '\uFFFDisolated\uFFFD',
    ]);
    expect(find('Odd "Things"', 'line\uFFFDbreak\uFFFDtab')).toBeDefined();
  });

  it('keeps what correct SQL needs for every name', async () => {
    for (const { schema, name, kind, columns, raw, readable } of documents) {
      const real = new Map(raw?.columns);
      const list = columns.map((column) => escapeIdentifier(real.get(column.name) ?? column.name)).join(', ');
      const from = `${escapeIdentifier(raw?.schema ?? schema)}.${escapeIdentifier(raw?.table ?? name)}`;
      // The sample's foreign table leads nowhere.
      if (readable && kind !== 'foreign_table') await server.sql(`SELECT ${list} FROM ${from} LIMIT 0`, sample.database);
    }
    expect(documents.filter((document) => document.raw)).not.toHaveLength(0);
    const odd = { id: reading.id, schema: 'Odd "Things"', table: 'safe\uFFFDgnp.exe' };
    expect(await reading.catalog.getTable(reading.actor, odd)).not.toHaveProperty('raw');
  });

  it('finds nothing different when it reads again, and what a change was when there is one', async () => {
    expect(await reading.again()).toMatchObject({ state: 'succeeded', changes: { appeared: 0, changed: 0, vanished: 0 } });
    await server.sql(
      `ALTER TABLE sales.customer ADD COLUMN nickname varchar(40) DEFAULT 'x' NOT NULL; DROP TABLE "Odd ""Things"""."42"`,
      sample.database,
    );
    expect(await reading.again()).toMatchObject({ changes: { appeared: 0, changed: expect.any(Number), vanished: 1 } });
    const { items } = await reading.catalog.listChanges(reading.actor, { id: reading.id, limit: 1 });
    expect(items[0]?.vanished).toEqual(['Odd "Things".42']);
    expect(items[0]?.changed).toContainEqual({ table: 'sales.customer', what: ['column nickname added (character varying(40))'] });
  });

  it('fails at once, once, on a rejected password', async () => {
    await server.sql(`ALTER ROLE ${sample.reader.username} PASSWORD 'another'`);
    expect(await reading.again()).toMatchObject({ state: 'failed', attempt: 1, error: { code: 'credential.rejected' } });
  });
});
