import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildSlowly, insertConnection, requestReading, testCatalog } from '../../../tests/support/catalog.ts';
import { paperTables } from '../../../tests/support/paper-engine.ts';
import { gate } from '../../../tests/support/require.ts';
import { type StoreHouse, storeHouse, storeKinds } from '../../../tests/support/stores.ts';
import { openStore, type StorePlace } from '../platform/database.ts';
import { migrate } from '../platform/migrate.ts';
import { reveal } from '../platform/secret.ts';

const TABLES = 1200;
/** A few here; thirty where there is time for tests of minutes. */
const ROUNDS = gate('slow').skip ? 4 : 30;
const victimFile = fileURLToPath(new URL('../../../tests/support/ingestion-victim.ts', import.meta.url));

describe.each(storeKinds)('readings that are killed, on the $kind store', ({ kind, skip }) => {
  describe.skipIf(skip)('', () => {
    let house: StoreHouse;
    let victim: ChildProcess | undefined;
    beforeAll(async () => {
      house = await storeHouse(kind);
    }, 60_000);
    afterAll(async () => {
      victim?.kill('SIGKILL');
      await house?.close();
    });

    it(
      'are finished by the next start, with nothing doubled and no half run left',
      async () => {
        const folder = await mkdtemp(join(tmpdir(), 'portcullis-kill-'));
        const place: StorePlace = kind === 'server' ? (await house.open()).place : { folder };
        const before = await openStore(place);
        await migrate(before);
        const runs: { id: string; runId: string }[] = [];
        for (let i = 0; i < 3; i++) {
          const connection = await insertConnection(before);
          runs.push({ id: connection.id, runId: await requestReading(before, connection) });
        }
        await before.close();

        for (let round = 0; round < ROUNDS; round++) {
          const url = 'url' in place ? reveal(place.url) : '';
          victim = spawn(process.execPath, [victimFile, folder, url, String(TABLES)], {
            stdio: ['ignore', 'pipe', 'inherit'],
          });
          if (victim.stdout) await once(victim.stdout, 'data');
          await setTimeout(Math.random() * 350);
          victim.kill('SIGKILL');
          await once(victim, 'exit');
        }

        const store = await openStore(place);
        const paper = { tables: paperTables(TABLES), failures: [], pace: 0, opened: 0 };
        const { jobs, catalog } = testCatalog({ store, place }, paper, { buildPassages: buildSlowly(store) });
        await jobs.start();
        catalog.start();
        const rows = () => store.db.selectFrom('ingestion_runs').select(['state', 'open', 'holder', 'snapshot']).execute();
        const finished = { state: 'succeeded', open: null, holder: null, snapshot: 1 };
        await vi.waitFor(async () => expect(await rows()).toEqual([finished, finished, finished]), { timeout: 100_000, interval: 100 });
        for (const { id } of runs) {
          const of = { snapshots: 'snapshots', catalog_tables: 'catalog_tables', passages: 'passages' } as const;
          const count = async (table: keyof typeof of) =>
            (await store.db.selectFrom(table).select('connection_id').where('connection_id', '=', id).execute()).length;
          expect([await count('snapshots'), await count('catalog_tables'), await count('passages')]).toEqual([1, TABLES, TABLES]);
        }
        const records = await store.db.selectFrom('records').select('action').where('action', '=', 'ingestion.finished').execute();
        expect(records).toHaveLength(3);
        await catalog.stop();
        await jobs.drain(1000);
        await store.close();
        await rm(folder, { recursive: true, force: true });
        // A safety limit: a round starts a process, and the machine may be busy.
      },
      150_000 + ROUNDS * 10_000,
    );
  });
});
