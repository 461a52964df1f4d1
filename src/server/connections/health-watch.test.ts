import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addConnectionRow } from '../../../tests/support/connection-row.ts';
import { type StoreHouse, storeHouse, storeKinds } from '../../../tests/support/stores.ts';
import { after as inMs, newId, now } from '../platform/clock.ts';
import type { Store } from '../platform/database.ts';
import { createLog } from '../platform/log.ts';
import type { ConnectionRow } from './connection-store.ts';
import { createHealthWatch } from './health-watch.ts';
import { nextProbe } from './probe-pace.ts';
import { scheduleProbe } from './probe-store.ts';

const watchOver = (store: Store, probe: (row: ConnectionRow, signal: AbortSignal) => Promise<void>) =>
  createHealthWatch({ store, log: createLog('silent'), probe, spacingMs: 0 });

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
    return { seen, twice: () => twice, watch: () => watchOver(store, probe) };
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
    await expect.poll(() => watches.filter((one) => !one.resting).length, { timeout: 10_000 }).toBeGreaterThan(0);
    await Promise.all(watches.map((one) => one.stop()));
    expect([seen.sort(), twice()]).toEqual([wanted.sort(), 0]);
    const rows = await store.db.selectFrom('db_connections').select('probe_failures').where('id', 'in', wanted).execute();
    expect(rows.every((row) => Number(row.probe_failures) === 1)).toBe(true);
  });

  test.skipIf(skip)(
    'databases that hang keep no others waiting, and those whose last look failed only each other',
    { timeout: 120_000 },
    async () => {
      const { store } = await house.open();
      const hanging = await Promise.all(Array.from({ length: 7 }, () => due(store)));
      await store.db.updateTable('db_connections').set({ probe_failures: 3 }).where('id', 'in', hanging).execute();
      // One that hangs for the first time: it has a place of the others, of which there are more.
      const first = await due(store);
      const well = await Promise.all(Array.from({ length: 20 }, () => due(store)));
      const underWay = new Set<string>();
      const looks = new Map<string, number>();
      let most = 0;
      const one = watchOver(store, async (row, signal) => {
        underWay.add(row.id);
        most = Math.max(most, underWay.size);
        looks.set(row.id, (looks.get(row.id) ?? 0) + 1);
        if (!well.includes(row.id)) await new Promise((resolve) => signal.addEventListener('abort', resolve));
        underWay.delete(row.id);
        await scheduleProbe(store.db, row, { at: now(), failures: 0 });
      });
      one.start();
      // Each of the others again and again, while those hang.
      await expect.poll(() => well.every((id) => (looks.get(id) ?? 0) >= 3), { timeout: 60_000 }).toBe(true);
      expect([...underWay].filter((id) => !well.includes(id))).toHaveLength(5);
      expect([looks.get(first), most <= 12]).toEqual([1, true]);
      one.retire(first);
      await expect.poll(() => underWay.has(first), { timeout: 10_000 }).toBe(false);
      await one.stop();
      expect([underWay.size, one.resting]).toEqual([0, true]);
    },
  );

  test.skipIf(skip)('without a connection there is no timer; one that comes wakes it', async () => {
    const { store } = await house.open();
    const { seen, watch } = looker(store);
    const one = watch();
    expect(one.resting).toBe(true);
    one.poke();
    expect(one.resting).toBe(true);
    one.start();
    await expect.poll(() => one.resting, { timeout: 10_000 }).toBe(true);
    const id = await due(store);
    one.poke();
    await expect.poll(() => seen, { timeout: 10_000 }).toEqual([id]);
    await store.db.deleteFrom('db_connections').execute();
    await one.stop();
    expect(one.resting).toBe(true);
  });
});

test('a thousand that are due at a start are looked at once each, a few at a time, and spread from then on', {
  timeout: 120_000,
}, async () => {
  const house = await storeHouse('embedded');
  const { store } = await house.open();
  const pattern = await addConnectionRow(store.db, 'an organisation');
  const { id: _, ...row } = await store.db.selectFrom('db_connections').selectAll().where('id', '=', pattern).executeTakeFirstOrThrow();
  const wanted = Array.from({ length: 1000 }, () => newId());
  for (let from = 0; from < wanted.length; from += 100) {
    const rows = wanted.slice(from, from + 100).map((id) => ({ ...row, id, name: id, name_key: id, next_probe_at: now() }));
    await store.db.insertInto('db_connections').values(rows).execute();
  }
  const seen: string[] = [];
  let [running, most] = [0, 0];
  const one = watchOver(store, async (mine) => {
    most = Math.max(most, ++running);
    seen.push(mine.id);
    await scheduleProbe(store.db, mine, { at: nextProbe(300_000, 0), failures: 0 });
    running--;
  });
  one.start();
  await expect.poll(() => seen.length, { timeout: 90_000 }).toBe(1000);
  await one.stop();
  expect([new Set(seen).size, most <= 8]).toEqual([1000, true]);
  const next = await store.db.selectFrom('db_connections').select('next_probe_at').where('id', 'in', wanted).execute();
  const parts = next.map(({ next_probe_at: at }) => Math.floor((Date.parse(at ?? '') - Date.parse(next[0]?.next_probe_at ?? '')) / 10_000));
  // Over two minutes, and no ten seconds of them have a fifth of all.
  const crowd = Math.max(...[...Map.groupBy(parts, (part) => part).values()].map(({ length }) => length));
  expect(crowd).toBeLessThan(200);
  await house.close();
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
