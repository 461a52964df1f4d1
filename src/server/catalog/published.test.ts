import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { requestReading } from '../../../tests/support/catalog.ts';
import { paperTables } from '../../../tests/support/paper-engine.ts';
import { openReadings, paperOf, shop, soon } from '../../../tests/support/readings.ts';
import { storeKinds } from '../../../tests/support/stores.ts';
import type { CatalogDeps } from './catalog.ts';

describe.each(storeKinds)('what readings publish on the $kind store', ({ kind, skip }) => {
  describe.skipIf(skip)('', () => {
    let readings: Awaited<ReturnType<typeof openReadings>>;
    beforeAll(async () => {
      readings = await openReadings(kind);
    }, 60_000);
    afterEach(() => readings.stop());
    afterAll(() => readings?.close());

    it('publishes what was read, with its log, and shows it', async () => {
      const built: string[] = [];
      const buildPassages: CatalogDeps['buildPassages'] = async (connectionId, { progress }) => {
        built.push(connectionId);
        progress(6, 6);
      };
      const { catalog, jobs, actor, id, organizationId, ended, connection } = await readings.start(paperOf(shop()), { buildPassages });
      const runId = await requestReading(readings.store, { id, organizationId });
      jobs.poke();
      const run = await ended(runId);
      expect(run).toMatchObject({ cause: 'registered', state: 'succeeded', phase: 'ready', attempt: 1, snapshot: 1, error: null });
      expect(run.changes).toEqual({ appeared: 6, changed: 0, vanished: 0 });
      expect(run.log.map((line) => line.message.replace(/ in [\d.]+ s$/, ''))).toEqual([
        'Connected',
        'Read 6 tables in 1 schema',
        'Read 6 columns',
        'Read 6 keys, 1 foreign key and 0 indexes',
        'Read 0 comments',
        'Published snapshot 1: 6 appeared, 0 changed, 0 vanished',
        'Prepared for search',
      ]);
      expect(built).toEqual([id]);
      const first = await catalog.listTables(actor, { id, limit: 4 });
      expect(first.items.map((table) => table.name)).toEqual(['customer', 'invoice', 'orders', 'payment']);
      const second = await catalog.listTables(actor, { id, limit: 4, cursor: first.nextCursor ?? '' });
      expect(second).toMatchObject({ items: [{ name: 'product' }, { name: 'region' }], nextCursor: null });
      expect((await catalog.listTables(actor, { id, limit: 9, q: 'C.CUS' })).items).toHaveLength(1);
      expect((await catalog.listTables(actor, { id, limit: 9, q: 'c_st' })).items).toHaveLength(0);
      expect((await catalog.listTables(actor, { id, limit: 9, schema: 'other' })).items).toHaveLength(0);
      const customer = await catalog.getTable(actor, { id, schema: 'public', table: 'customer' });
      expect(customer).toMatchObject({
        snapshot: 1,
        estimatedRows: 1000,
        referencedBy: [{ table: 'orders', name: 'to_0', columns: ['id'] }],
      });
      await expect(catalog.getTable(actor, { id, schema: 'public', table: 'nowhere' })).rejects.toMatchObject({ code: 'table.unknown' });
      expect(await connection()).toMatchObject({ snapshot: 1, table_count: 6, column_count: 6, next_ingestion_at: expect.any(String) });
    });

    it('keeps what is unchanged and tells what appeared, changed and vanished', async () => {
      const paper = paperOf(shop());
      const { read, catalog, actor, id, tables } = await readings.start(paper);
      await read();
      const rows = () =>
        readings.store.db.selectFrom('catalog_tables').selectAll().where('connection_id', '=', id).orderBy('table_name').execute();
      const before = await rows();
      expect(await read()).toMatchObject({ state: 'succeeded', snapshot: 2, changes: { appeared: 0, changed: 0, vanished: 0 } });
      expect(await rows()).toEqual(before);
      paper.tables = [...shop().filter((table) => table.name !== 'region'), { name: 'refund' }].map((table) =>
        table.name === 'product' ? { ...table, columns: ['id', 'price'] } : table.name === 'orders' ? { ...table, rows: 5000 } : table,
      );
      expect(await read()).toMatchObject({ snapshot: 3, changes: { appeared: 1, changed: 1, vanished: 1 } });
      expect(await tables()).toEqual(['customer', 'invoice', 'orders', 'payment', 'product', 'refund']);
      const { items } = await catalog.listChanges(actor, { id, limit: 10 });
      expect(items).toMatchObject([
        {
          snapshot: 3,
          appeared: ['public.refund'],
          vanished: ['public.region'],
          changed: [{ table: 'public.product', what: ['column price added (integer)'] }],
        },
        { snapshot: 1, appeared: [], changed: [], vanished: [] },
      ]);
      const after = await rows();
      expect(
        after
          .filter((row) => row.table_name === 'product')
          .map(({ added_in, removed_in }) => [added_in, removed_in])
          .sort(),
      ).toEqual([
        [1, 3],
        [3, null],
      ]);
      expect(after.find((row) => row.table_name === 'region')).toMatchObject({ added_in: 1, removed_in: 3 });
      expect(after.find((row) => row.table_name === 'orders')).toMatchObject({ added_in: 1, removed_in: null, estimated_rows: 5000 });
    });

    it('holds a run that would lose too much until a person decides', async () => {
      const paper = paperOf(shop());
      const { read, catalog, actor, id, tables, ended, connection } = await readings.start(paper);
      await read();
      paper.tables = shop().slice(0, 4);
      const held = await read();
      expect(held).toMatchObject({
        state: 'held',
        held: { before: 6, after: 4, vanished: ['public.payment', 'public.region'] },
        finishedAt: null,
      });
      expect(await tables()).toHaveLength(6);
      await expect(catalog.startIngestion(actor, { id })).rejects.toMatchObject({ code: 'run.active' });
      expect(await catalog.cancelIngestion(actor, { id, runId: held.id })).toMatchObject({ state: 'cancelled' });
      await expect(catalog.acceptIngestion(actor, { id, runId: held.id })).rejects.toMatchObject({ code: 'run.finished' });

      const again = await read();
      // More vanished than was accepted: it asks once more.
      paper.tables = shop().slice(0, 3);
      await catalog.acceptIngestion(actor, { id, runId: again.id });
      await vi.waitFor(async () => expect((await catalog.getIngestion(actor, { id, runId: again.id })).held?.after).toBe(3), soon);
      expect(await connection()).toMatchObject({ snapshot: 1, table_count: 6 });
      await catalog.acceptIngestion(actor, { id, runId: again.id });
      await vi.waitFor(async () => expect((await ended(again.id)).state).toBe('succeeded'), soon);
      expect(await tables()).toEqual(['customer', 'orders', 'product']);
    });

    it('stores ten thousand tables', async () => {
      const { read, catalog, actor, id, connection } = await readings.start(paperOf(paperTables(10_000)));
      const delay = monitorEventLoopDelay({ resolution: 5 });
      delay.enable();
      const began = performance.now();
      expect(await read()).toMatchObject({ state: 'succeeded', changes: { appeared: 10_000 } });
      const first = performance.now();
      expect(await read()).toMatchObject({ state: 'succeeded', changes: { appeared: 0, changed: 0, vanished: 0 } });
      const [stored, again] = [first - began, performance.now() - first].map(Math.round);
      const pause = Math.round(delay.max / 1e6);
      process.stdout.write(`10,000 tables on the ${kind} store: first ${stored} ms, again ${again} ms, longest pause ${pause} ms\n`);
      expect(await connection()).toMatchObject({ table_count: 10_000, column_count: 80_000 });
      expect((await catalog.listTables(actor, { id, limit: 500 })).items).toHaveLength(500);
    }, 120_000);
  });
});
