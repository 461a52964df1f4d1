import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addConnectionRow } from '../../../tests/support/connection-row.ts';
import { type StoreHouse, storeHouse, storeKinds } from '../../../tests/support/stores.ts';
import { after as inMs, now } from '../platform/clock.ts';
import type { Store } from '../platform/database.ts';
import { createLog } from '../platform/log.ts';
import type { ConnectionRow } from './connection-store.ts';
import { createHealthWatch } from './health-watch.ts';
import { nextProbe } from './probe-pace.ts';
import { scheduleProbe } from './probe-store.ts';

describe.each(storeKinds)('looking at connections, on the $kind store', ({ kind, skip }) => {
  let house: StoreHouse;
  beforeAll(async () => {
    if (!skip) house = await storeHouse(kind);
  });
  afterAll(() => house?.close());

  const due = async (store: Store, at: string | null = now()): Promise<string> => {
    const id = await addConnectionRow(store.db, 'an organisation');
    await store.db.updateTable('db_connections').set({ next_probe_at: at }).where('id', '=', id).execute();
    return id;
  };
  /** Looks that take a moment, and what they found of each other. */
  const looker = (store: Store) => {
    const running = new Set<string>();
    const seen: string[] = [];
    let twice = 0;
    const probe = async (row: ConnectionRow): Promise<void> => {
      if (running.has(row.id)) twice++;
      running.add(row.id);
      seen.push(row.id);
      await new Promise((resolve) => setTimeout(resolve, 30));
      running.delete(row.id);
      await scheduleProbe(store.db, row, { at: inMs(3_600_000), failures: row.probe_failures + 1 });
    };
    return { seen, twice: () => twice, watch: () => createHealthWatch({ store, log: createLog('silent'), probe }) };
  };

  test.skipIf(skip)('each that is due is looked at once, however many processes look, and others are not', async () => {
    const { store } = await house.open();
    const wanted = await Promise.all(Array.from({ length: 12 }, () => due(store)));
    await due(store, inMs(3_600_000));
    await due(store, null);
    const off = await due(store);
    await store.db.updateTable('db_connections').set({ is_active: 0 }).where('id', '=', off).execute();
    const { seen, twice, watch } = looker(store);
    const watches = [watch(), watch(), watch()];
    for (const one of watches) one.start();
    await expect.poll(() => seen.length, { timeout: 10_000 }).toBe(12);
    await expect.poll(() => watches.filter((one) => !one.resting).length).toBeGreaterThan(0);
    await Promise.all(watches.map((one) => one.stop()));
    expect([seen.sort(), twice()]).toEqual([wanted.sort(), 0]);
    const rows = await store.db.selectFrom('db_connections').select('probe_failures').where('id', 'in', wanted).execute();
    expect(rows.every((row) => Number(row.probe_failures) === 1)).toBe(true);
  });

  test.skipIf(skip)('without a connection there is no timer; one that comes wakes it', async () => {
    const { store } = await house.open();
    const { seen, watch } = looker(store);
    const one = watch();
    expect(one.resting).toBe(true);
    one.poke();
    expect(one.resting).toBe(true);
    one.start();
    await expect.poll(() => one.resting).toBe(true);
    const id = await due(store);
    one.poke();
    await expect.poll(() => seen).toEqual([id]);
    await store.db.deleteFrom('db_connections').execute();
    await one.stop();
    expect(one.resting).toBe(true);
  });
});

test('the pace is jittered, grows with each failure, and has an end', () => {
  const minutes = (failures: number, pace = 300_000): number => (Date.parse(nextProbe(pace, failures)) - Date.now()) / 60_000;
  const first = Array.from({ length: 200 }, () => minutes(0));
  expect(Math.min(...first)).toBeGreaterThan(3.9);
  expect(Math.max(...first)).toBeLessThan(6.1);
  expect(new Set(first.map((one) => Math.round(one * 10))).size).toBeGreaterThan(5);
  for (const [failures, about] of [
    [1, 10],
    [2, 20],
    [3, 40],
    [4, 60],
    [40, 60],
  ] as const)
    expect(Math.abs(minutes(failures) / about - 1)).toBeLessThan(0.22);
});
