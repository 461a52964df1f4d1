import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addConnectionRow } from '../../../tests/support/connection-row.ts';
import { type StoreHouse, storeHouse, storeKinds } from '../../../tests/support/stores.ts';
import type { Store } from '../platform/database.ts';
import { Fault } from '../platform/fault.ts';
import { findConnectionById, keepLearned } from './connection-store.ts';
import { keepHealth, seenIn, wellSeen } from './health.ts';
import { learnFromFailed } from './learn-from-failed.ts';
import { createSignIns } from './sign-ins.ts';

const forEver = new AbortController().signal;
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: Fault) => error.code,
  );

describe.each(storeKinds)('signing in with what is stored, on the $kind store', ({ kind, skip }) => {
  let house: StoreHouse;
  let store: Store;
  beforeAll(async () => {
    if (skip) return;
    house = await storeHouse(kind);
    ({ store } = await house.open());
  });
  afterAll(() => house?.close());
  const made = async () => {
    const id = await addConnectionRow(store.db, 'an organisation');
    const row = async () => {
      const found = await findConnectionById(store.db, id);
      if (!found) throw new Error('it was made just now');
      return found;
    };
    return { id, row };
  };
  const record = async () => undefined;
  const rejected = new Fault('credential.rejected', { stage: 'auth' });

  test.skipIf(skip)('goes one after another; after one was rejected the others do not begin', async () => {
    const { id } = await made();
    const { inTurn, noteRejection } = createSignIns(store);
    const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const order: string[] = [];
    const one = codeOf(inTurn(id, forEver, () => first.promise.then(() => order.push('one'))));
    const two = codeOf(
      inTurn(id, forEver, async (row) => {
        order.push('two');
        await second.promise;
        await noteRejection(row, rejected);
        throw rejected;
      }),
    );
    const three = codeOf(inTurn(id, forEver, async () => order.push('three')));
    const leaving = new AbortController();
    const four = codeOf(inTurn(id, leaving.signal, async () => order.push('four')));
    // Another connection does not wait for it.
    const { id: other } = await made();
    expect(await codeOf(inTurn(other, forEver, async () => order.push('other')))).toBe('done');
    leaving.abort(new Fault('run.cancelled'));
    expect(await four).toBe('run.cancelled');
    first.resolve();
    await one;
    second.resolve();
    expect([await two, await three, order]).toEqual(['credential.rejected', 'credential.rejected', ['other', 'one', 'two']]);
    expect(await codeOf(createSignIns(store).inTurn(id, forEver, async () => null))).toBe('credential.rejected');
  });

  test.skipIf(skip)('what else fails, passes or is slow does not make a rejection forgotten; what a person proved does', async () => {
    const { row } = await made();
    const { noteRejection } = createSignIns(store);
    const before = await row();
    await noteRejection(before, rejected);
    const { health_since: since } = await row();
    const deps = { store, record, probeMs: 1000 };
    // Those who began before it was rejected end after it.
    for (const code of ['host.unanswering', 'port.refused', 'server.lost', 'server.full', 'tunnel.lost', 'stage.expired'] as const) {
      const seen = seenIn(new Fault(code));
      if (seen) await keepHealth(deps, before, seen);
    }
    await keepHealth(deps, before, wellSeen);
    await keepHealth(deps, before, { state: 'degraded', fault: null });
    const stands = { health: 'authentication_failed', health_fault: 'credential.rejected', health_since: since, next_probe_at: null };
    expect(await row()).toMatchObject({ ...stands, rejected: expect.stringContaining('credential.rejected') });
    const stages = (status: 'passed' | 'skipped') => [{ stage: 'auth' as const, status, ms: 1, evidence: 'SCRAM', fault: null }];
    await learnFromFailed(deps, await row(), { fault: new Fault('host.unanswering'), stages: stages('skipped') });
    expect(await row()).toMatchObject({ ...stands, rejected: expect.any(String) });
    await learnFromFailed(deps, await row(), { fault: new Fault('read.forbidden'), stages: stages('passed') });
    expect(await row()).toMatchObject({ rejected: null, health: 'unreachable', health_fault: 'read.forbidden' });
  });

  test.skipIf(skip)('a rejection of what was replaced meanwhile is not held against the new credential', async () => {
    const { id, row } = await made();
    const { inTurn, noteRejection } = createSignIns(store);
    const old = await row();
    await keepLearned(store.db, old, { version: old.version + 1 });
    await noteRejection(old, rejected);
    expect([(await row()).rejected, await codeOf(inTurn(id, forEver, async () => null))]).toEqual([null, 'done']);
  });
});
