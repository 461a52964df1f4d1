import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Audit, type NewAttempt, openAudit } from '../src/server/audit/audit.ts';
import { newId } from '../src/server/platform/clock.ts';
import { openStore, type Store } from '../src/server/platform/database.ts';
import { migrate } from '../src/server/platform/migrate.ts';
import { Secret } from '../src/server/platform/secret.ts';
import { heardLog } from './support/audit-forgeries.ts';
import { auditKey } from './support/audit-key.ts';
import { actorOf } from './support/catalog.ts';
import { type PostgresServer, startPostgres } from './support/postgres.ts';
import { gate } from './support/require.ts';
import { type StoreHouse, storeHouse } from './support/stores.ts';

const organizationId = newId();
const actor = actorOf(organizationId);
const about = { organizationId, actor: { id: actor.userId, name: actor.name, via: 'web' } } as const;
const attempt: NewAttempt = {
  ...about,
  action: 'query.run',
  connection: { id: newId(), name: 'shop' },
  sql: 'select 1',
  parameters: [],
  fingerprint: 'f',
  verdict: 'allowed',
  rule: null,
  slot: 'read_only',
  reason: null,
};
const done = { outcome: 'done', fault: null, rows: 1, bytes: 8, ms: 1 } as const;
const refused = { status: 'rejected', reason: { code: 'store.unavailable' } };

const run = (store: Store, text: string) => {
  const query = { kind: 'RawNode', sqlFragments: [text], parameters: [] } as const;
  return store.db.executeQuery({ sql: text, parameters: [], query, queryId: { queryId: '' } });
};
const begin = async (audit: Audit) => {
  const open = audit.begin(attempt);
  await open.recorded;
  return open;
};
/** How each attempt stands, by id. */
const outcomes = async (audit: Audit) =>
  Object.fromEntries((await audit.list(actor, { limit: 500 })).items.map(({ id, outcome }) => [id, outcome]));
const settled = (audit: Audit, id: string) => expect.poll(async () => (await outcomes(audit))[id], { timeout: 30_000 });

describe('attempts that could not be answered since the store failed', () => {
  let house: StoreHouse;
  beforeAll(async () => {
    house = await storeHouse('embedded');
  });
  afterAll(() => house?.close());

  test('end unknown once it takes records again, and those under way are left alone', async () => {
    const { store } = await house.open();
    const { log, heard } = heardLog();
    const audit = await openAudit({ store, log, key: auditKey(undefined, true) });
    const [one, two, underWay] = [await begin(audit), await begin(audit), await begin(audit)];
    await run(store, "create trigger broken before insert on records begin select raise(abort, 'the disk is full'); end");
    const ends = await Promise.allSettled([one.settle(done), two.settle({ ...done, outcome: 'failed' })]);
    expect(ends).toMatchObject([refused, refused]);
    // Nothing of this one comes to be on record.
    const never = audit.begin(attempt);
    expect(await Promise.allSettled([never.recorded, never.settle(done)])).toMatchObject([refused, refused]);
    expect(await outcomes(audit)).toEqual({ [one.id]: 'pending', [two.id]: 'pending', [underWay.id]: 'pending' });

    await run(store, 'drop trigger broken');
    await settled(audit, one.id).toBe('unknown');
    await settled(audit, two.id).toBe('unknown');
    expect((await outcomes(audit))[underWay.id]).toBe('pending');
    // Too late: it was said already that nobody knows.
    expect(await Promise.allSettled([one.settle(done)])).toMatchObject([refused]);
    await underWay.settle(done);
    expect(await outcomes(audit)).toEqual({ [one.id]: 'unknown', [two.id]: 'unknown', [underWay.id]: 'done' });
    expect(heard()).toContain('settled as unknown');
    expect(await audit.verify()).toMatchObject({ ok: true });
    await audit.close();
  }, 60_000);

  test('end unknown when the server stops before it has looked again', async () => {
    const { store } = await house.open();
    const key = auditKey(undefined, true);
    const audit = await openAudit({ store, log: heardLog().log, key });
    const open = await begin(audit);
    await run(store, "create trigger broken before insert on records begin select raise(abort, 'the disk is full'); end");
    expect(await Promise.allSettled([open.settle(done)])).toMatchObject([refused]);
    await run(store, 'drop trigger broken');
    await audit.close();
    const row = await store.db.selectFrom('records').select('outcome').where('attempt', '=', open.id).executeTakeFirst();
    expect(row?.outcome).toBe('unknown');
  });
});

describe.skipIf(gate('postgres').skip)('attempts that could not be answered since the store’s server was gone', () => {
  let server: PostgresServer;
  let store: Store;
  beforeAll(async () => {
    server = await startPostgres();
    await server.createDatabase('store');
    store = await openStore({ url: new Secret(server.url('store')) });
    await migrate(store);
  }, 120_000);
  afterAll(async () => {
    await store?.close();
    await server?.stop();
  });

  test('end unknown once it is back', async () => {
    const audit = await openAudit({ store, log: heardLog().log, key: auditKey(undefined, true) });
    const [amid, open, underWay] = [await begin(audit), await begin(audit), await begin(audit)];
    const { pid } = server;
    let ending: Promise<unknown> = Promise.resolve();
    // A deed has the chain, the end of an attempt waits for it, and the server goes away under both.
    const deed = store.db.transaction().execute(async (trx) => {
      await audit.record(trx, { ...about, action: 'key.created', subject: 'key', subjectId: null, outcome: 'done', detail: {} });
      ending = Promise.allSettled([amid.settle(done)]);
      const waiting = async () => (await server.sql('select 1 from pg_locks where not granted', 'store')).length;
      await expect.poll(waiting, { timeout: 30_000 }).toBe(1);
      process.kill(pid, 'SIGINT');
      await expect.poll(() => lives(pid), { timeout: 30_000 }).toBe(false);
    });
    await expect(deed).rejects.toThrow();
    expect(await ending).toMatchObject([refused]);
    expect(await Promise.allSettled([open.settle(done)])).toMatchObject([refused]);
    await server.restart();
    await settled(audit, amid.id).toBe('unknown');
    await settled(audit, open.id).toBe('unknown');
    await underWay.settle(done);
    expect(await outcomes(audit)).toEqual({ [amid.id]: 'unknown', [open.id]: 'unknown', [underWay.id]: 'done' });
    expect(await audit.verify()).toMatchObject({ ok: true });
    await audit.close();
  }, 120_000);
});

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
