import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type StoreHouse, storeHouse, storeKinds, type TestStore } from '../../../tests/support/stores.ts';
import { openStore, type StorePlace } from './database.ts';
import { type JobHandler, type Jobs, openJobs, type QueueSettings } from './jobs.ts';
import { createLog } from './log.ts';
import { migrate } from './migrate.ts';
import { emit } from './outbox.ts';
import { reveal } from './secret.ts';

const log = createLog('silent');
const quick = { retries: 3, backoffSeconds: 1, backoffMaxSeconds: 1 };
const soon = { timeout: 30_000, interval: 20 };

const victimFile = fileURLToPath(new URL('../../../tests/support/jobs-victim.ts', import.meta.url));

/** The jobs of any store must pass this. */
describe.each(storeKinds)('jobs on the $kind store', ({ kind, skip }) => {
  describe.skipIf(skip)('', () => {
    let house: StoreHouse;
    const started: Jobs[] = [];
    beforeAll(async () => {
      house = await storeHouse(kind);
    }, 60_000);
    afterEach(async () => {
      for (const jobs of started.splice(0)) await jobs.drain(0);
    });
    afterAll(() => house?.close());

    async function start(on: TestStore, handler: JobHandler, settings: Partial<QueueSettings> = {}): Promise<Jobs> {
      const jobs = openJobs({ ...on, log });
      jobs.work('queue', handler, { ...quick, ...settings });
      jobs.subscribe('INGESTION_REQUESTED', 'queue');
      started.push(jobs);
      await jobs.start();
      return jobs;
    }
    const request = (on: TestStore, id: string) => on.store.db.transaction().execute((trx) => emit(trx, 'INGESTION_REQUESTED', { id }));
    const stored = async (on: TestStore) => {
      const table = kind === 'server' ? 'pgboss.job' : 'jobs';
      return JSON.stringify((await sql`select * from ${sql.raw(table)}`.execute(on.store.db)).rows);
    };
    const recorder = (seen: string[]): JobHandler => {
      return async ({ id }) => void seen.push(id ?? '');
    };

    it('runs each event once, in order, also those written before the start', async () => {
      const on = await house.open();
      const seen: string[] = [];
      const ids = Array.from({ length: 12 }, (_, i) => `job ${i}`);
      for (const id of ids.slice(0, 6)) await request(on, id);
      const jobs = await start(on, recorder(seen));
      for (const id of ids.slice(6)) await request(on, id);
      jobs.poke();
      await vi.waitFor(() => expect(seen).toEqual(ids), soon);
      expect(jobs.healthy()).toBe(true);
    });

    it('makes no job of a change that was rolled back, and none of an event nobody subscribed to', async () => {
      const on = await house.open();
      const seen: string[] = [];
      const jobs = await start(on, recorder(seen));
      const undone = on.store.db.transaction().execute(async (trx) => {
        await emit(trx, 'INGESTION_REQUESTED', { id: 'undone' });
        throw new Error('undo');
      });
      await expect(undone).rejects.toThrow('undo');
      await on.store.db.transaction().execute((trx) => emit(trx, 'DB_CONNECTION_CREATED', { id: 'unheard' }));
      await request(on, 'kept');
      jobs.poke();
      await vi.waitFor(() => expect(seen).toEqual(['kept']), soon);
    });

    it('makes one job of an event that is handed over twice', async () => {
      const on = await house.open();
      const seen: string[] = [];
      const jobs = await start(on, recorder(seen));
      await request(on, 'first');
      jobs.poke();
      await vi.waitFor(() => expect(seen).toEqual(['first']), soon);
      await on.store.db.updateTable('events').set({ dispatched_at: null }).execute();
      await request(on, 'second');
      jobs.poke();
      await vi.waitFor(() => expect(seen).toEqual(['first', 'second']), soon);
    });

    it('tries a failing job again, counting, and gives up after its retries', async () => {
      const on = await house.open();
      const tries: string[] = [];
      const jobs = await start(on, async ({ id }, { attempt }) => {
        tries.push(`${id} ${attempt}`);
        if (id === 'bad' || attempt < 3) throw new Error('not yet');
      });
      await request(on, 'good');
      await request(on, 'bad');
      jobs.poke();
      await vi.waitFor(() => expect(tries).toHaveLength(7), soon);
      expect(tries.filter((text) => text.startsWith('good'))).toEqual(['good 1', 'good 2', 'good 3']);
      expect(tries.filter((text) => text.startsWith('bad'))).toEqual(['bad 1', 'bad 2', 'bad 3', 'bad 4']);
    });

    it('runs no more at once than it may', async () => {
      const on = await house.open();
      let now = 0;
      let most = 0;
      let ended = 0;
      const jobs = await start(
        on,
        async () => {
          most = Math.max(most, ++now);
          await new Promise((resolve) => setTimeout(resolve, 50));
          now--;
          ended++;
        },
        { concurrency: 2 },
      );
      for (const id of 'abcdef') await request(on, id);
      jobs.poke();
      await vi.waitFor(() => expect(ended).toBe(6), soon);
      expect(most).toBe(2);
    });

    it('waits for what runs when it drains, and takes nothing more', async () => {
      const on = await house.open();
      const seen: string[] = [];
      const jobs = await start(on, async ({ id }) => {
        seen.push(`${id} begun`);
        await new Promise((resolve) => setTimeout(resolve, 300));
        seen.push(`${id} ended`);
      });
      await request(on, 'a');
      await request(on, 'b');
      jobs.poke();
      await vi.waitFor(() => expect(seen).toEqual(['a begun']), soon);
      await jobs.drain(10_000);
      expect(seen).toEqual(['a begun', 'a ended']);
      expect(jobs.healthy()).toBe(false);
      await start(on, async ({ id }) => void seen.push(`${id} later`));
      await vi.waitFor(() => expect(seen).toContain('b later'), soon);
      expect(seen).not.toContain('a later');
    });

    it('aborts what does not end in time; the next start takes it again', async () => {
      const on = await house.open();
      const seen: string[] = [];
      const jobs = await start(on, async (_, { signal }) => {
        seen.push('begun');
        await once(signal, 'abort');
        seen.push('aborted');
        throw new Error('aborted');
      });
      await request(on, 'a');
      jobs.poke();
      await vi.waitFor(() => expect(seen).toEqual(['begun']), soon);
      await jobs.drain(100);
      expect(seen).toEqual(['begun', 'aborted']);
      await start(on, async (_, { attempt }) => void seen.push(`try ${attempt}`));
      await vi.waitFor(() => expect(seen).toEqual(['begun', 'aborted', 'try 2']), soon);
    });

    it('takes a job again whose process was killed', async () => {
      // On the embedded store the folder belongs to the process that has it open, so this one is opened by turns.
      const folder = await mkdtemp(join(tmpdir(), 'portcullis-jobs-'));
      const place: StorePlace = kind === 'server' ? (await house.open()).place : { folder };
      const before = await openStore(place);
      await migrate(before);
      await request({ store: before, place, folder }, 'a');
      await before.close();

      const url = 'url' in place ? [reveal(place.url)] : [];
      const victim = spawn(process.execPath, [victimFile, folder, ...url], { stdio: ['ignore', 'pipe', 'inherit'] });
      const [said] = await once(victim.stdout, 'data');
      expect(String(said)).toBe('taken a\n');
      victim.kill('SIGKILL');
      await once(victim, 'exit');

      const store = await openStore(place);
      const seen: string[] = [];
      const jobs = openJobs({ store, place, log });
      jobs.work('slow', async ({ id }, { attempt }) => void seen.push(`${id} ${attempt}`), quick);
      await jobs.start();
      await vi.waitFor(() => expect(seen).toEqual(['a 2']), { timeout: 50_000, interval: 50 });
      await jobs.drain(1000);
      await store.close();
      await rm(folder, { recursive: true, force: true });
    }, 90_000);

    it('keeps nothing of an error but its code', async () => {
      const on = await house.open();
      let tries = 0;
      const jobs = await start(
        on,
        async () => {
          tries++;
          throw Object.assign(new Error('password hunter2-canary'), { input: 'hunter2-canary', cause: new Error('hunter2-canary') });
        },
        { retries: 0 },
      );
      await request(on, 'a');
      jobs.poke();
      await vi.waitFor(() => expect(tries).toBe(1), soon);
      await jobs.drain(5000);
      expect(await stored(on)).toContain('internal.failed');
      expect(await stored(on)).not.toContain('hunter2');
    });

    it('forgets what ended long ago and keeps what waits', async () => {
      const on = await house.open();
      const seen: string[] = [];
      const jobs = await start(on, recorder(seen));
      await request(on, 'a');
      jobs.poke();
      await vi.waitFor(() => expect(seen).toEqual(['a']), soon);
      await jobs.drain(5000);
      await request(on, 'b');
      await jobs.sweep();
      const count = async () => (await on.store.db.selectFrom('events').select('payload').execute()).map((row) => row.payload);
      expect(await count()).toEqual(['{"id":"a"}', '{"id":"b"}']);
      await jobs.sweep(-1000);
      expect(await count()).toEqual(['{"id":"b"}']);
      if (kind === 'embedded') expect(await stored(on)).toBe('[]');
    });
  });
});
