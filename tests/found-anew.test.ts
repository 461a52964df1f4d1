import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Connection } from '../src/contract/connections.ts';
import { startApp, type TestApp } from './support/app.ts';
import { type Login, type PostgresServer, startPostgres } from './support/postgres.ts';
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

  test('a server that keeps to itself who it is does not make that forgotten', async () => {
    const { id } = await app.admin.client.createDbConnection({ body: registrationBody(server, 'shop', reader) });
    const identity = async () => (await app.admin.client.getDbConnection({ params: { id } })).server?.identity;
    const before = await identity();
    expect(before).toEqual(expect.any(String));
    await server.sql('revoke execute on function pg_control_system() from public', 'shop');
    expect((await app.admin.client.testStoredDbConnection({ params: { id } })).server?.identity).toBeNull();
    expect(await identity()).toBe(before);
    await put(id, reader);
    expect(await identity()).toBe(before);
  });
});
