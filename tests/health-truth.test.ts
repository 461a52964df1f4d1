import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from './support/app.ts';
import { type PostgresServer, startPostgres } from './support/postgres.ts';
import { refusal } from './support/refusal.ts';
import { registrationBody } from './support/registration-body.ts';
import { gate } from './support/require.ts';
import { startProxy, type TcpProxy } from './support/tcp-proxy.ts';

const { skip } = gate('postgres');

/** What the card says of a database is so: over tests, restarts, and where our own use takes the last connection. */
describe.skipIf(skip)('the health that is told', () => {
  let app: TestApp;
  let server: PostgresServer;
  let proxy: TcpProxy;
  beforeAll(async () => {
    server = await startPostgres();
    await server.createDatabase('shop');
    await server.sql('create table orders (id int primary key); insert into orders values (7)', 'shop');
    proxy = await startProxy(server.port);
    app = await startApp({ env: { PORTCULLIS_PROBE_MINUTES: '0.005' } });
  });
  afterAll(async () => {
    await app?.stop();
    await proxy?.stop();
    await server?.stop();
  });

  const registered = async (username: string): Promise<string> => {
    const body = registrationBody(server, 'shop', await server.createReadOnlyLogin('shop', username, 'a password'));
    const { id } = await app.admin.client.createDbConnection({ body: { ...body, address: { ...body.address, port: proxy.port } } });
    await expect.poll(async () => (await get(id)).status, { timeout: 30_000 }).toBe('ready');
    return id;
  };
  const get = (id: string) => app.admin.client.getDbConnection({ params: { id } });
  const health = (id: string) => expect.poll(async () => (await get(id)).health, { timeout: 30_000, interval: 25 });
  const looks = async (): Promise<void> => {
    const before = proxy.came();
    await expect.poll(() => proxy.came(), { timeout: 30_000 }).toBeGreaterThan(before + 2);
  };

  test('with all connections of the account in use by our own statements it is degraded, and never unreachable', {
    timeout: 120_000,
  }, async () => {
    const id = await registered('narrow');
    const ask = () => app.admin.client.runQuery({ params: { id }, body: { sql: 'select id from public.orders' } });
    expect((await ask()).rows).toEqual([[7]]);
    // The session of that statement rests in the pool: for a look there is none left.
    await server.sql('alter role narrow connection limit 1');
    await health(id).toMatchObject({ state: 'degraded', fault: 'server.full' });
    for (let times = 0; times < 4; times++) {
      await looks();
      expect([(await ask()).rows, (await get(id)).health.state]).toEqual([[[7]], 'degraded']);
    }
    await server.sql('alter role narrow connection limit -1');
    await health(id).toMatchObject({ state: 'healthy', fault: null });
  });

  test('says since when it is so: neither a test that passes nor a restart begins it anew', { timeout: 120_000 }, async () => {
    // Nobody looks by itself here: on a machine that is busy a look could find it slow.
    await app.stop();
    app = await startApp({ env: { PORTCULLIS_PROBE_MINUTES: '0' } });
    const id = await registered('steady');
    const ask = () => app.admin.client.runQuery({ params: { id }, body: { sql: 'select id from public.orders' } });
    const { since } = (await get(id)).health;
    expect((await app.admin.client.testStoredDbConnection({ params: { id } })).ok).toBe(true);
    await app.admin.client.putCredential({ params: { id, slot: 'read_only' }, body: { username: 'steady', password: 'a password' } });
    expect((await get(id)).health).toEqual({ state: 'healthy', since, fault: null });
    proxy.resetNext(2);
    expect(await refusal(ask())).toMatchObject({ code: 'protocol.mismatched' });
    const down = (await get(id)).health;
    expect(down).toMatchObject({ state: 'unreachable', fault: 'protocol.mismatched' });
    const { apiKey } = app.admin;
    const next = await app.restart();
    app = { ...next, admin: { ...next.admin, apiKey, client: next.client({ authorization: `Bearer ${apiKey}` }) } };
    expect(await refusal(ask())).toMatchObject({ code: 'protocol.mismatched' });
    expect((await get(id)).health).toEqual(down);
    expect((await ask()).rows).toEqual([[7]]);
    const { health: up } = await get(id);
    expect([up.state, [since, down.since, up.since].toSorted()]).toEqual(['healthy', [since, down.since, up.since]]);
    expect(new Set([since, down.since, up.since]).size).toBe(3);
  });
});
