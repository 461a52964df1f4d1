import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Connection } from '../src/contract/connections.ts';
import { startApp, type TestApp } from './support/app.ts';
import { type Login, type PostgresServer, startPostgres } from './support/postgres.ts';
import { refusal } from './support/refusal.ts';
import { registrationBody } from './support/registration-body.ts';
import { gate } from './support/require.ts';

const { skip } = gate('postgres');

describe.skipIf(skip)('what is found anew of a registered database', () => {
  let app: TestApp;
  let server: PostgresServer;
  let reader: Login;
  let strong: Login;

  beforeAll(async () => {
    server = await startPostgres();
    await server.createDatabase('shop');
    await server.sql('create table orders (id int primary key)', 'shop');
    reader = await server.createReadOnlyLogin('shop', 'reader', 'the password of the reader');
    strong = await server.createReadOnlyLogin('shop', 'strong', 'the password of the strong');
    await server.sql('alter role strong createdb');
    app = await startApp();
  });
  beforeEach(() => app.server.built.store.db.deleteFrom('attempts').execute());
  afterAll(async () => {
    await app?.stop();
    await server?.stop();
  });

  const reason = 'known, and meant';
  const excess = { code: 'privilege.excess' as const, reason };
  const codes = ({ acknowledged }: Connection): string[] => acknowledged.map(({ code }) => code).sort();
  const put = (id: string, body: object): Promise<Connection> =>
    app.admin.client.putCredential({ params: { id, slot: 'read_only' }, body: body as Login });

  test('what an Admin acknowledged of one credential does not stand for a stronger one', async () => {
    const made = await app.admin.client.createDbConnection({ body: registrationBody(server, 'shop', strong, { acknowledge: [excess] }) });
    expect([made.privileges?.excess.length, codes(made)]).toEqual([1, ['privilege.excess']]);
    expect(codes(await put(made.id, strong))).toEqual(['privilege.excess']);
    expect(codes(await put(made.id, server.superuser))).toEqual([]);
    const again = await put(made.id, { ...server.superuser, acknowledge: [{ ...excess, reason: 'anew' }] });
    expect(again.acknowledged).toMatchObject([{ ...excess, reason: 'anew', at: expect.any(String) }]);
    const { address } = again;
    const credentials = { readOnly: server.superuser };
    await app.admin.client.editDbConnection({ params: { id: made.id }, body: { address, credentials, acknowledge: [excess] } });
    const { items } = await app.admin.client.listAuditEntries({ query: { connection: made.id } });
    const told = items.filter(({ action }) => /edited|credential/.test(action)).map(({ detail }) => detail.acknowledged ?? null);
    expect(told.reverse()).toEqual([null, null, 'privilege.excess: anew', `privilege.excess: ${reason}`]);
  });

  test('nor for what the same one may do since', async () => {
    const { id } = await app.admin.client.createDbConnection({ body: registrationBody(server, 'shop', strong, { acknowledge: [excess] }) });
    await server.sql('alter role strong createrole');
    await app.admin.client.testStoredDbConnection({ params: { id } });
    expect(codes(await app.admin.client.getDbConnection({ params: { id } }))).toEqual([]);
  });

  const ask = (id: string) => app.admin.client.runQuery({ params: { id }, body: { sql: 'select id from public.orders' } });
  const identities = async (id: string) => {
    const { db } = app.server.built.store;
    const { server_identity } = await db
      .selectFrom('db_connections')
      .select('server_identity')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    return { kept: server_identity, told: (await app.admin.client.getDbConnection({ params: { id } })).server?.identity };
  };
  const registered = async (): Promise<string> => {
    const { id } = await app.admin.client.createDbConnection({ body: registrationBody(server, 'shop', reader) });
    await expect.poll(async () => (await app.admin.client.getDbConnection({ params: { id } })).status, { timeout: 20_000 }).toBe('ready');
    return id;
  };

  test('a server that told who it is and keeps it to itself now is asked nothing before a person has confirmed it', {
    timeout: 120_000,
  }, async () => {
    const id = await registered();
    const { told } = await identities(id);
    expect(told).toEqual(expect.any(String));
    // A session of its own, which does not know yet: the pool may have one of before.
    await server.restart();
    await server.sql('revoke execute on function pg_control_system() from public', 'shop');
    expect(await refusal(ask(id))).toMatchObject({ code: 'server.changed' });
    const tested = await app.admin.client.testStoredDbConnection({ params: { id } });
    expect(tested.stages.find(({ status }) => status === 'failed')).toMatchObject({ stage: 'version', fault: { code: 'server.changed' } });
    const { alerts, health } = await app.admin.client.getDbConnection({ params: { id } });
    expect([alerts, health.state]).toMatchObject([
      [{ code: 'server.changed', text: expect.stringContaining('does not say any more') }],
      'changed',
    ]);
    expect(await identities(id)).toEqual({ kept: told, told });
    expect((await app.admin.client.confirmServer({ params: { id }, body: { reason: 'a right was taken away' } })).ok).toBe(true);
    expect(await identities(id)).toEqual({ kept: null, told: null });
    expect((await app.admin.client.testStoredDbConnection({ params: { id } })).ok).toBe(true);
    await expect.poll(async () => (await ask(id)).rowCount, { timeout: 20_000 }).toBe(0);
    await server.sql('grant execute on function pg_control_system() to public', 'shop');
    // It tells again: from now on it is held to it.
    expect((await app.admin.client.testStoredDbConnection({ params: { id } })).ok).toBe(true);
    expect(await identities(id)).toEqual({ kept: told, told });
  });

  test('a login that cannot see who the server is may take the place of one that could; a server that never told is not closed', {
    timeout: 120_000,
  }, async () => {
    const id = await registered();
    const { told } = await identities(id);
    await server.sql('revoke execute on function pg_control_system() from public', 'shop');
    await put(id, reader);
    expect(await identities(id)).toEqual({ kept: told, told: null });
    expect((await ask(id)).rowCount).toBe(0);
    expect((await app.admin.client.testStoredDbConnection({ params: { id } })).ok).toBe(true);
    const silent = await registered();
    await server.restart();
    expect((await ask(silent)).rowCount).toBe(0);
    expect((await app.admin.client.getDbConnection({ params: { id: silent } })).alerts).toEqual([]);
    await server.sql('grant execute on function pg_control_system() to public', 'shop');
  });
});
