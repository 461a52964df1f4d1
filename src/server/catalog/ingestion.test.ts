import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { insertConnection, requestReading, type TestCatalog, testCatalog } from '../../../tests/support/catalog.ts';
import { openPaper, type PaperDatabase, type PaperTable, paperTables } from '../../../tests/support/paper-engine.ts';
import { type StoreHouse, storeHouse, storeKinds, type TestStore } from '../../../tests/support/stores.ts';
import type { IngestionRun } from '../../contract/connections.ts';
import { Fault } from '../platform/fault.ts';
import { type CatalogDeps, requestRun } from './catalog.ts';
import { keepSchedule } from './keep-schedule.ts';

const soon = { timeout: 30_000, interval: 20 };
const paperOf = (tables: readonly PaperTable[], pace = 0): PaperDatabase => ({ tables, failures: [], pace, opened: 0 });
const names = ['customer', 'orders', 'product', 'invoice', 'payment', 'region'];
const shop = (): PaperTable[] => names.map((name) => ({ name, refersTo: name === 'orders' ? ['customer'] : [], rows: 1000 }));

describe.each(storeKinds)('reading schemas on the $kind store', ({ kind, skip }) => {
  describe.skipIf(skip)('', () => {
    let house: StoreHouse;
    let on: TestStore;
    const started: TestCatalog[] = [];
    beforeAll(async () => {
      house = await storeHouse(kind);
      on = await house.open();
    }, 60_000);
    afterEach(async () => {
      for (const { jobs, catalog } of started.splice(0)) {
        await catalog.stop();
        await jobs.drain(0);
      }
    });
    afterAll(() => house?.close());

    async function start(paper: PaperDatabase, about: Partial<CatalogDeps> = {}) {
      const made = testCatalog(on, paper, about);
      started.push(made);
      await made.jobs.start();
      const { id, organizationId, actor } = await insertConnection(on.store);
      const { catalog } = made;
      const runOf = (runId: string) => catalog.getIngestion(actor, { id, runId });
      /** Waits until the run has ended or is held. */
      const ended = (runId: string): Promise<IngestionRun> =>
        vi.waitFor(async () => {
          const run = await runOf(runId);
          if (run.finishedAt === null && run.state !== 'held') throw new Error(`still ${run.state} in ${run.phase}`);
          return run;
        }, soon);
      const read = async () => ended((await catalog.startIngestion(actor, { id })).id);
      const tables = async () => (await catalog.listTables(actor, { id, limit: 500 })).items.map((table) => table.name);
      const connection = () => on.store.db.selectFrom('db_connections').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
      return { ...made, id, organizationId, actor, runOf, ended, read, tables, connection };
    }

    it('publishes what was read, with its log, and shows it', async () => {
      const built: string[] = [];
      const buildPassages: CatalogDeps['buildPassages'] = async (connectionId, { progress }) => {
        built.push(connectionId);
        progress(6, 6);
      };
      const { catalog, jobs, actor, id, organizationId, ended, connection } = await start(paperOf(shop()), { buildPassages });
      const runId = await requestReading(on.store, { id, organizationId });
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
      const { read, catalog, actor, id, tables } = await start(paper);
      await read();
      const rows = () =>
        on.store.db.selectFrom('catalog_tables').selectAll().where('connection_id', '=', id).orderBy('table_name').execute();
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
      const { read, catalog, actor, id, tables, ended, connection } = await start(paper);
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

    it('reads one connection once at a time', async () => {
      const { catalog, actor, id, ended } = await start(paperOf(shop(), 50));
      const asked = await Promise.allSettled(Array.from({ length: 8 }, () => catalog.startIngestion(actor, { id })));
      const made = asked.flatMap((result) => (result.status === 'fulfilled' ? [result.value.id] : []));
      expect(made).toHaveLength(1);
      for (const result of asked) if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'run.active' });
      expect(await ended(made[0] ?? '')).toMatchObject({ state: 'succeeded' });
      expect((await catalog.listIngestions(actor, { id, limit: 10 })).items).toHaveLength(1);
    });

    it('tries again what may pass, showing the error meanwhile, and gives up at once on what does not', async () => {
      const paper = paperOf(shop());
      const full = new Fault('server.full', { detail: 'The server has no free connection.', tryThis: ['Wait.'], retryable: true });
      paper.failures.push(full, full);
      const { catalog, actor, id, ended, runOf, read, connection } = await start(paper);
      const { id: runId } = await catalog.startIngestion(actor, { id });
      await vi.waitFor(
        async () =>
          expect((await runOf(runId)).error).toEqual({ code: 'server.full', message: 'The server has no free connection.', hint: 'Wait.' }),
        soon,
      );
      const run = await ended(runId);
      expect(run).toMatchObject({ state: 'succeeded', attempt: 3, error: null });
      expect(run.log.map((line) => line.message)).toContain('Try 2 of 5 failed: The server has no free connection.');

      paper.opened = 0;
      paper.failures.push(new Fault('credential.rejected', { detail: 'Name or password rejected.' }));
      expect(await read()).toMatchObject({ state: 'failed', attempt: 1, error: { code: 'credential.rejected' } });
      expect(paper.opened).toBe(1);
      expect(await connection()).toMatchObject({ snapshot: 1, next_ingestion_at: expect.any(String) });
    });

    it('ends a run that is cancelled while it reads, and publishes nothing', async () => {
      const { catalog, actor, id, ended, connection } = await start(paperOf(shop(), 3000));
      const { id: runId } = await catalog.startIngestion(actor, { id });
      const seen: string[] = [];
      for await (const run of catalog.watchIngestion(actor, { id, runId })) {
        seen.push(run.state);
        if (run.state === 'running' && run.phase === 'tables') await catalog.cancelIngestion(actor, { id, runId });
      }
      expect(seen.at(-1)).toBe('cancelled');
      expect(await ended(runId)).toMatchObject({ state: 'cancelled', snapshot: null, error: null });
      expect(await connection()).toMatchObject({ snapshot: null, table_count: 0 });
      await expect(catalog.cancelIngestion(actor, { id, runId })).rejects.toMatchObject({ code: 'run.finished' });
    });

    it('ends a run whose connection is disabled or deleted meanwhile', async () => {
      const { catalog, actor, id, ended, runOf } = await start(paperOf(shop(), 3000));
      const { id: runId } = await catalog.startIngestion(actor, { id });
      await vi.waitFor(async () => expect((await runOf(runId)).phase).toBe('tables'), soon);
      await on.store.db.updateTable('db_connections').set({ is_active: 0 }).where('id', '=', id).execute();
      expect(await ended(runId)).toMatchObject({ state: 'cancelled', error: { code: 'connection.disabled' } });
      await expect(catalog.startIngestion(actor, { id })).rejects.toMatchObject({ code: 'connection.disabled' });

      await on.store.db.updateTable('db_connections').set({ is_active: 1 }).where('id', '=', id).execute();
      const second = await catalog.startIngestion(actor, { id });
      await vi.waitFor(async () => expect((await runOf(second.id)).phase).toBe('tables'), soon);
      await on.store.db.deleteFrom('db_connections').where('id', '=', id).execute();
      await expect(runOf(second.id)).rejects.toMatchObject({ code: 'connection.unknown' });
      const left = () => on.store.db.selectFrom('catalog_tables').select('id').where('connection_id', '=', id).execute();
      expect(await left()).toEqual([]);
    });

    it('leaves a run to the next start when the server stops, and builds passages that are missing', async () => {
      let stops = true;
      const buildPassages: CatalogDeps['buildPassages'] = (_, { signal }) =>
        stops ? new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))) : Promise.resolve();
      const paper = paperOf(shop());
      const { catalog, jobs, actor, id, runOf } = await start(paper, { buildPassages });
      const { id: runId } = await catalog.startIngestion(actor, { id });
      await vi.waitFor(async () => expect((await runOf(runId)).phase).toBe('embed'), soon);
      await jobs.drain(0);
      expect(await runOf(runId)).toMatchObject({ state: 'queued', snapshot: 1 });
      stops = false;
      const next = testCatalog(on, paper, { buildPassages });
      started.push(next);
      await next.jobs.start();
      await vi.waitFor(async () => expect((await runOf(runId)).state).toBe('succeeded'), soon);
      expect(paper.opened).toBe(1);
    });

    it('publishes nothing of a connection that was changed while it was read', async () => {
      const paper = paperOf(shop());
      // The first opening is of the version before.
      const openSession: CatalogDeps['openSession'] = async () => ({ ...(await openPaper(paper)), version: paper.opened - 1 });
      const { read } = await start(paper, { openSession });
      const run = await read();
      expect(run).toMatchObject({ state: 'succeeded', attempt: 2, snapshot: 1 });
      expect(run.log.map((line) => line.message)).toContain(
        'Try 1 of 5 failed: The connection was changed while its schema was read: it is read anew.',
      );
    });

    it('begins an open run anew when the connection is edited', async () => {
      const paper = paperOf(shop(), 1500);
      const { catalog, deps, jobs, actor, id, organizationId, runOf } = await start(paper);
      const { id: runId } = await catalog.startIngestion(actor, { id });
      await vi.waitFor(async () => expect((await runOf(runId)).phase).toBe('tables'), soon);
      paper.pace = 0;
      paper.tables = [{ name: 'elsewhere' }];
      const request = { connectionId: id, organizationId, cause: 'edited', createdBy: actor.userId } as const;
      expect(await deps.store.db.transaction().execute((trx) => requestRun(trx, request))).toBe(runId);
      jobs.poke();
      await vi.waitFor(async () => expect(await runOf(runId)).toMatchObject({ state: 'succeeded', cause: 'edited' }), soon);
      expect((await catalog.listTables(actor, { id, limit: 9 })).items).toMatchObject([{ name: 'elsewhere' }]);
    });

    it('asks for readings that are due, and again for runs whose job was lost', async () => {
      const { catalog, deps, actor, id, connection, ended } = await start(paperOf(shop()));
      await on.store.db.updateTable('db_connections').set({ next_ingestion_at: '2020-01-01T00:00:00.000Z' }).where('id', '=', id).execute();
      await Promise.all([keepSchedule(deps), keepSchedule(deps)]);
      const { items } = await catalog.listIngestions(actor, { id, limit: 10 });
      expect(items).toMatchObject([{ cause: 'scheduled' }]);
      expect(await ended(items[0]?.id ?? '')).toMatchObject({ state: 'succeeded' });
      expect(Date.parse((await connection()).next_ingestion_at ?? '')).toBeGreaterThan(Date.now() + 20 * 3_600_000);

      // A run whose event never became a job: as after a job was lost.
      const lost = await insertConnection(on.store);
      const runId = await on.store.db.transaction().execute(async (trx) => {
        const made = await requestRun(trx, { connectionId: lost.id, organizationId: lost.organizationId, cause: 'asked', createdBy: null });
        await trx.deleteFrom('events').where('dispatched_at', 'is', null).execute();
        return made;
      });
      await keepSchedule(deps);
      expect(await stateOf(runId)).toBe('queued');
      await keepSchedule(deps, { running: 0, queued: 0 });
      await vi.waitFor(async () => expect(await stateOf(runId)).toBe('succeeded'), soon);
    });

    const stateOf = async (runId: string) =>
      (await on.store.db.selectFrom('ingestion_runs').select('state').where('id', '=', runId).executeTakeFirst())?.state;

    it('stores ten thousand tables', async () => {
      const { read, catalog, actor, id, connection } = await start(paperOf(paperTables(10_000)));
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
