import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { insertConnection } from '../../../tests/support/catalog.ts';
import { openPaper } from '../../../tests/support/paper-engine.ts';
import { openReadings, paperOf, shop, soon } from '../../../tests/support/readings.ts';
import { storeKinds } from '../../../tests/support/stores.ts';
import { Fault } from '../platform/fault.ts';
import { type CatalogDeps, requestRun } from './catalog.ts';
import { keepSchedule } from './keep-schedule.ts';

describe.each(storeKinds)('runs on the $kind store', ({ kind, skip }) => {
  describe.skipIf(skip)('', () => {
    let readings: Awaited<ReturnType<typeof openReadings>>;
    beforeAll(async () => {
      readings = await openReadings(kind);
    }, 60_000);
    afterEach(() => readings.stop());
    afterAll(() => readings?.close());
    const stateOf = async (runId: string) =>
      (await readings.store.db.selectFrom('ingestion_runs').select('state').where('id', '=', runId).executeTakeFirst())?.state;

    it('reads one connection once at a time', async () => {
      const { catalog, actor, id, ended } = await readings.start(paperOf(shop(), 50));
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
      const { catalog, actor, id, ended, runOf, read, connection } = await readings.start(paper);
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
      const { catalog, actor, id, ended, connection } = await readings.start(paperOf(shop(), 3000));
      const { id: runId } = await catalog.startIngestion(actor, { id });
      const seen: string[] = [];
      for await (const run of catalog.watchIngestion(actor, { id, runId, callerNow: async () => actor })) {
        seen.push(run.state);
        if (run.state === 'running' && run.phase === 'tables') await catalog.cancelIngestion(actor, { id, runId });
      }
      expect(seen.at(-1)).toBe('cancelled');
      expect(await ended(runId)).toMatchObject({ state: 'cancelled', snapshot: null, error: null });
      expect(await connection()).toMatchObject({ snapshot: null, table_count: 0 });
      await expect(catalog.cancelIngestion(actor, { id, runId })).rejects.toMatchObject({ code: 'run.finished' });
    });

    it('ends a run whose connection is disabled or deleted meanwhile', async () => {
      const { catalog, actor, id, ended, runOf } = await readings.start(paperOf(shop(), 3000));
      const { id: runId } = await catalog.startIngestion(actor, { id });
      await vi.waitFor(async () => expect((await runOf(runId)).phase).toBe('tables'), soon);
      await readings.store.db.updateTable('db_connections').set({ is_active: 0 }).where('id', '=', id).execute();
      expect(await ended(runId)).toMatchObject({ state: 'cancelled', error: { code: 'connection.disabled' } });
      await expect(catalog.startIngestion(actor, { id })).rejects.toMatchObject({ code: 'connection.disabled' });

      await readings.store.db.updateTable('db_connections').set({ is_active: 1 }).where('id', '=', id).execute();
      const second = await catalog.startIngestion(actor, { id });
      await vi.waitFor(async () => expect((await runOf(second.id)).phase).toBe('tables'), soon);
      await readings.store.db.deleteFrom('db_connections').where('id', '=', id).execute();
      await expect(runOf(second.id)).rejects.toMatchObject({ code: 'connection.unknown' });
      const left = () => readings.store.db.selectFrom('catalog_tables').select('id').where('connection_id', '=', id).execute();
      expect(await left()).toEqual([]);
    });

    it('leaves a run to the next start when the server stops, and builds passages that are missing', async () => {
      let stops = true;
      const buildPassages: CatalogDeps['buildPassages'] = (_, { signal }) =>
        stops ? new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))) : Promise.resolve();
      const paper = paperOf(shop());
      const { catalog, jobs, actor, id, runOf } = await readings.start(paper, { buildPassages });
      const { id: runId } = await catalog.startIngestion(actor, { id });
      await vi.waitFor(async () => expect((await runOf(runId)).phase).toBe('embed'), soon);
      await jobs.drain(0);
      expect(await runOf(runId)).toMatchObject({ state: 'queued', snapshot: 1 });
      stops = false;
      await readings.launch(paper, { buildPassages });
      await vi.waitFor(async () => expect((await runOf(runId)).state).toBe('succeeded'), soon);
      expect(paper.opened).toBe(1);
    });

    it('publishes nothing of a connection that was changed while it was read', async () => {
      const paper = paperOf(shop());
      // The first opening is of the version before.
      const openSession: CatalogDeps['openSession'] = async () => ({ ...(await openPaper(paper)), version: paper.opened - 1 });
      const { read } = await readings.start(paper, { openSession });
      const run = await read();
      expect(run).toMatchObject({ state: 'succeeded', attempt: 2, snapshot: 1 });
      expect(run.log.map((line) => line.message)).toContain(
        'Try 1 of 5 failed: The connection was changed while its schema was read: it is read anew.',
      );
    });

    it('begins an open run anew when the connection is edited', async () => {
      const paper = paperOf(shop(), 1500);
      const { catalog, deps, jobs, actor, id, organizationId, runOf } = await readings.start(paper);
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
      const { catalog, deps, actor, id, connection, ended } = await readings.start(paperOf(shop()));
      await readings.store.db
        .updateTable('db_connections')
        .set({ next_ingestion_at: '2020-01-01T00:00:00.000Z' })
        .where('id', '=', id)
        .execute();
      await Promise.all([keepSchedule(deps), keepSchedule(deps)]);
      const { items } = await catalog.listIngestions(actor, { id, limit: 10 });
      expect(items).toMatchObject([{ cause: 'scheduled' }]);
      expect(await ended(items[0]?.id ?? '')).toMatchObject({ state: 'succeeded' });
      expect(Date.parse((await connection()).next_ingestion_at ?? '')).toBeGreaterThan(Date.now() + 20 * 3_600_000);

      // A run whose event never became a job: as after a job was lost.
      const lost = await insertConnection(readings.store);
      const runId = await readings.store.db.transaction().execute(async (trx) => {
        const made = await requestRun(trx, { connectionId: lost.id, organizationId: lost.organizationId, cause: 'asked', createdBy: null });
        await trx.deleteFrom('events').where('dispatched_at', 'is', null).execute();
        return made;
      });
      await keepSchedule(deps);
      expect(await stateOf(runId)).toBe('queued');
      await keepSchedule(deps, { running: 0, queued: 0 });
      await vi.waitFor(async () => expect(await stateOf(runId)).toBe('succeeded'), soon);
    });
  });
});
