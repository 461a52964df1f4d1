import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from './support/app.ts';
import { type Login, type PostgresServer, startPostgres } from './support/postgres.ts';
import { refusal } from './support/refusal.ts';
import { registrationBody } from './support/registration-body.ts';
import { gate } from './support/require.ts';
import { startProxy, type TcpProxy } from './support/tcp-proxy.ts';

const { skip } = gate('postgres');

/** Whatever is being opened hangs, behind a proxy that lets nothing through: an opening would take half a minute to give up. */
describe.skipIf(skip)('a connection that is changed while it is being opened', () => {
  let app: TestApp;
  let server: PostgresServer;
  let proxy: TcpProxy;
  let reader: Login;
  beforeAll(async () => {
    server = await startPostgres();
    await server.createDatabase('shop');
    await server.sql('create table orders (id int primary key)', 'shop');
    reader = await server.createReadOnlyLogin('shop', 'reader', 'the password of the reader');
    app = await startApp({ env: { PORTCULLIS_PROBE_MINUTES: '0.005' } });
  });
  beforeEach(async () => {
    proxy = await startProxy(server.port);
    await app.server.built.store.db.deleteFrom('attempts').execute();
    return () => proxy.stop();
  });
  afterAll(async () => {
    await app?.stop();
    await server?.stop();
  });

  const hanging = async () => {
    const body = registrationBody(server, 'shop', reader);
    const made = await app.admin.client.createDbConnection({ body: { ...body, address: { ...body.address, port: proxy.port } } });
    const params = { id: made.id };
    await expect.poll(async () => (await app.admin.client.getDbConnection({ params })).status, { timeout: 30_000 }).toBe('ready');
    proxy.hold(true);
    // A look hangs by now; statements and a reading come and wait for it to have ended, or hang themselves.
    const came = proxy.came();
    await expect.poll(() => proxy.came(), { timeout: 30_000 }).toBeGreaterThan(came);
    const ask = () => app.admin.client.runQuery({ params, body: { sql: 'select id from public.orders' } });
    const asked = Promise.all([ask, ask, ask].map((one) => refusal(one())));
    const run = await app.admin.client.startIngestion({ params });
    return { made, params, asked, run };
  };
  const nothingLeft = () => expect.poll(() => proxy.open(), { timeout: 20_000 }).toBe(0);
  const all = (code: string) => Array.from({ length: 3 }, () => expect.objectContaining({ code }));

  test('disabled: everyone is told, and no socket is left', { timeout: 120_000 }, async () => {
    const { params, asked, run } = await hanging();
    await app.admin.client.disableDbConnection({ params, body: { reason: 'a pause' } });
    expect(await asked).toEqual(all('connection.disabled'));
    await nothingLeft();
    const state = async () => (await app.admin.client.getIngestion({ params: { ...params, runId: run.id } })).state;
    await expect.poll(state, { timeout: 20_000 }).toBe('cancelled');
    proxy.hold(false);
    await app.admin.client.enableDbConnection({ params });
    await expect
      .poll(async () => (await app.admin.client.getDbConnection({ params })).ingestion?.state, { timeout: 30_000 })
      .toBe('succeeded');
  });

  test('deleted: everyone is told, and no socket is left', { timeout: 120_000 }, async () => {
    const { made, params, asked } = await hanging();
    await app.admin.client.deleteDbConnection({ params, body: { confirmName: made.name } });
    expect(await asked).toEqual(all('connection.changed'));
    await nothingLeft();
  });

  test('edited: everyone is told, and what hangs on the way to the old place is over', { timeout: 120_000 }, async () => {
    const { params, asked } = await hanging();
    const { address } = registrationBody(server, 'shop', reader);
    await app.admin.client.editDbConnection({ params, body: { address, credentials: { readOnly: reader } } });
    expect(await asked).toEqual(all('connection.changed'));
    await expect
      .poll(async () => (await app.admin.client.runQuery({ params, body: { sql: 'select id from public.orders' } })).rowCount, {
        timeout: 30_000,
      })
      .toBe(0);
    const { name } = await app.admin.client.getDbConnection({ params });
    await app.admin.client.deleteDbConnection({ params, body: { confirmName: name } });
    await nothingLeft();
  });
});
