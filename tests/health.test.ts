import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Connection } from '../src/contract/connections.ts';
import { startApp, type TestApp } from './support/app.ts';
import { type KeyPair, makeAuthority, makeServerCertificate } from './support/certificates.ts';
import { type PostgresServer, startPostgres } from './support/postgres.ts';
import { refusal } from './support/refusal.ts';
import { gate } from './support/require.ts';
import { startProxy, type TcpProxy } from './support/tcp-proxy.ts';

const { skip } = gate('postgres');

/** Connections are looked at by themselves, several times a second here, through a proxy that counts and can be in the way. */
describe.skipIf(skip)('a registered database that is looked at', () => {
  let app: TestApp;
  let server: PostgresServer;
  let proxy: TcpProxy;
  let authority: KeyPair;
  let made = 0;

  const show = async (): Promise<KeyPair> => {
    const pair = await makeServerCertificate(authority);
    writeFileSync(join(server.folder, 'server.crt'), pair.cert);
    writeFileSync(join(server.folder, 'server.key'), pair.key);
    await server.sql('select pg_reload_conf()');
    return pair;
  };
  const createShop = async (name = 'shop'): Promise<void> => {
    await server.createDatabase(name);
    await server.sql('create table orders (id int primary key); insert into orders values (7)', name);
    await server.createReadOnlyLogin(name, 'reader', 'a password');
  };

  beforeAll(async () => {
    authority = await makeAuthority();
    server = await startPostgres({ ssl: { ...(await makeServerCertificate(authority)), ca: authority.cert } });
    await createShop();
    app = await startApp({ env: { PORTCULLIS_PROBE_MINUTES: '0.005' } });
  });
  beforeEach(async () => {
    await app.server.built.store.db.deleteFrom('attempts').execute();
    proxy = await startProxy(server.port);
    return async () => {
      for (const { id, name } of (await app.admin.client.listDbConnections({ query: {} })).items)
        await app.admin.client.deleteDbConnection({ params: { id }, body: { confirmName: name } });
      await proxy.stop();
    };
  });
  afterAll(async () => {
    await app?.stop();
    await server?.stop();
  });

  const register = async (tls: object = { mode: 'verify-full', ca: authority.cert }): Promise<string> => {
    const address = { host: '127.0.0.1', port: proxy.port, database: 'shop', tls: tls as { mode: 'disable' }, ssh: null };
    const credentials = { readOnly: { username: 'reader', password: 'a password' } };
    const body = { dbType: 'postgresql' as const, name: `Looked at ${++made}`, address, credentials };
    const { id } = await app.admin.client.createDbConnection({ body });
    await expect.poll(async () => (await get(id)).status, { timeout: 20_000 }).toBe('ready');
    return id;
  };
  const get = (id: string): Promise<Connection> => app.admin.client.getDbConnection({ params: { id } });
  const health = (id: string) => expect.poll(async () => (await get(id)).health, { timeout: 25_000, interval: 25 });
  const ask = (id: string) => app.admin.client.runQuery({ params: { id }, body: { sql: 'select id from orders' } });
  const records = async (id: string): Promise<string[]> => {
    const { items } = await app.admin.client.listAuditEntries({ query: { connection: id, action: 'connection' } });
    return items.map(({ action, detail }) => `${action} ${typeof detail.code === 'string' ? detail.code : ''}`.trim()).reverse();
  };
  const changedTo = { state: 'changed', since: expect.any(String) };

  test('is unreachable since the server went, and healthy again by itself', async () => {
    const id = await register();
    const before = (await get(id)).health.since;
    proxy.resetNext(1000);
    await health(id).toMatchObject({ state: 'unreachable', fault: 'protocol.mismatched', since: expect.any(String) });
    expect((await get(id)).health.since).not.toBe(before);
    proxy.resetNext(0);
    await health(id).toMatchObject({ state: 'healthy', fault: null });
    expect((await ask(id)).rows).toEqual([[7]]);
  });

  test('is unsteady when it has to be asked twice', async () => {
    const id = await register();
    proxy.resetNext(1);
    await health(id).toMatchObject({ state: 'degraded', fault: 'protocol.mismatched' });
    await health(id).toMatchObject({ state: 'healthy' });
  });

  test('is slow when it takes long, and a use of it does not hide that', async () => {
    const id = await register();
    proxy.delay(400);
    await health(id).toMatchObject({ state: 'degraded', fault: null });
    proxy.delay(0);
    await health(id).toMatchObject({ state: 'healthy' });
  });

  test('is not tried again after a rejected credential, by nobody, until that is replaced', async () => {
    const id = await register();
    await server.sql("alter role reader password 'another'");
    await health(id).toMatchObject({ state: 'authentication_failed', fault: 'credential.rejected' });
    const came = proxy.came();
    for (let times = 0; times < 5; times++) expect(await refusal(ask(id))).toMatchObject({ code: 'credential.rejected', stage: 'auth' });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(proxy.came()).toBe(came);
    const body = { username: 'reader', password: 'another' };
    await app.admin.client.putCredential({ params: { id, slot: 'read_only' }, body });
    await health(id).toMatchObject({ state: 'healthy' });
    expect((await ask(id)).rows).toEqual([[7]]);
    const after = proxy.came();
    await expect.poll(() => proxy.came(), { timeout: 10_000 }).toBeGreaterThan(after);
    await server.sql("alter role reader password 'a password'");
  });

  test('another database in its place is flagged, and answers nothing before a person has confirmed it', { timeout: 120_000 }, async () => {
    const id = await register();
    // Whole before it takes the name: a look at one that may not be entered yet would be the last.
    await createShop('restored');
    await server.sql('drop database shop with (force)');
    await server.sql('alter database restored rename to shop');
    await health(id).toMatchObject({ ...changedTo, fault: 'server.changed' });
    expect((await get(id)).alerts).toMatchObject([{ code: 'server.changed', text: expect.stringContaining('PostgreSQL') }]);
    expect(await refusal(ask(id))).toMatchObject({ code: 'server.changed' });
    expect(await refusal(app.admin.client.startIngestion({ params: { id } }).then(() => ask(id)))).toMatchObject({
      code: 'server.changed',
    });
    const tested = await app.admin.client.testStoredDbConnection({ params: { id } });
    expect(tested.stages.find(({ status }) => status === 'failed')).toMatchObject({ stage: 'version', fault: { code: 'server.changed' } });
    const body = { username: 'reader', password: 'a password' };
    expect(await refusal(app.admin.client.putCredential({ params: { id, slot: 'read_only' }, body }))).toMatchObject({
      code: 'server.changed',
    });
    const confirmed = await app.admin.client.confirmServer({ params: { id }, body: { reason: 'restored from a backup' } });
    expect(confirmed.ok).toBe(true);
    expect(await get(id)).toMatchObject({ alerts: [], health: { state: 'healthy' } });
    // The reading that was asked for in vain may be in hand still: the new one begins when that lets go of it.
    await expect.poll(async () => (await get(id)).ingestion?.state, { timeout: 60_000 }).toBe('succeeded');
    expect((await ask(id)).rows).toEqual([[7]]);
    const said = await records(id);
    expect(said.filter((line) => /alerted|confirmed/.test(line))).toEqual(['connection.alerted server.changed', 'connection.confirmed']);
  });

  test('another certificate that is vouched for is told once, and settled by a test', async () => {
    const id = await register();
    const before = (await get(id)).certificate?.sha256;
    await show();
    await expect
      .poll(async () => (await get(id)).alerts, { timeout: 20_000 })
      .toMatchObject([{ code: 'tls.changed', text: expect.stringContaining(before ?? 'none') }]);
    expect((await get(id)).certificate?.sha256).not.toBe(before);
    expect((await ask(id)).rows).toEqual([[7]]);
    const came = proxy.came();
    await expect.poll(() => proxy.came(), { timeout: 10_000 }).toBeGreaterThan(came + 1);
    expect((await records(id)).filter((line) => line.includes('alerted'))).toEqual(['connection.alerted tls.changed']);
    expect((await app.admin.client.testStoredDbConnection({ params: { id } })).ok).toBe(true);
    expect((await get(id)).alerts).toEqual([]);
  });

  test('another certificate than the pinned one ends every use', async () => {
    const { certificate } = await app.admin.client.getDbConnection({ params: { id: await register() } });
    const id = await register({ mode: 'pinned', sha256: certificate?.sha256 ?? '' });
    await show();
    await health(id).toMatchObject({ ...changedTo, fault: 'tls.changed' });
    expect((await get(id)).alerts).toMatchObject([{ code: 'tls.changed', text: expect.stringContaining('pinned') }]);
    const tested = await app.admin.client.testStoredDbConnection({ params: { id } });
    expect(tested.stages.find(({ status }) => status === 'failed')?.fault?.code).toBe('tls.changed');
    // What it shows now, to compare and to pin.
    expect(tested.certificate?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect((await records(id)).filter((line) => line.includes('alerted'))).toEqual(['connection.alerted tls.changed']);
  });

  test('is looked at no more once it is disabled or deleted', async () => {
    const id = await register();
    await app.admin.client.disableDbConnection({ params: { id }, body: { reason: 'a pause' } });
    await expect.poll(() => proxy.open()).toBe(0);
    const came = proxy.came();
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(proxy.came()).toBe(came);
    await app.admin.client.enableDbConnection({ params: { id } });
    await expect.poll(() => proxy.came(), { timeout: 10_000 }).toBeGreaterThan(came + 2);
  });
});
