import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Connection, StageResult, TestResult } from '../src/contract/connections.ts';
import { startApp, type TestApp } from './support/app.ts';
import { type Login, type PostgresServer, startPostgres } from './support/postgres.ts';
import { refusal } from './support/refusal.ts';
import { gate } from './support/require.ts';
import { makeSshKeys } from './support/ssh-keys.ts';
import { startSshServer, type TestSshServer } from './support/ssh-server.ts';

const { skip } = gate('postgres');
const keys = makeSshKeys('ed25519', 'the passphrase');

/** A real PostgreSQL behind a real SSH server (that of the ssh2 library), through the whole application. */
describe.skipIf(skip)('a database behind an SSH server', () => {
  let app: TestApp;
  let database: PostgresServer;
  let ssh: TestSshServer;
  let reader: Login;
  let made = 0;

  beforeAll(async () => {
    database = await startPostgres();
    await database.createDatabase('shop');
    await database.sql('create table orders (id int primary key, total numeric); insert into orders values (1, 9.5)', 'shop');
    reader = await database.createReadOnlyLogin('shop', 'reader', 'the reader’s own password');
    app = await startApp();
  });
  beforeEach(async () => {
    ssh = await startSshServer({ password: 'tunnel password', authorized: keys.publicKey });
    await clearLimits();
    return () => ssh.stop();
  });
  afterAll(async () => {
    await app?.stop();
    await database?.stop();
  });

  const place = (hostKeySha256: string | null = ssh.hostKeySha256) => ({ host: ssh.host, port: ssh.port, user: ssh.user, hostKeySha256 });
  const body = (over: object = {}, tunnel: object = { password: 'tunnel password' }) => ({
    dbType: 'postgresql' as const,
    name: `Behind ${++made}`,
    address: {
      host: database.host,
      port: database.port,
      database: 'shop',
      tls: { mode: 'disable' as const },
      ssh: place() as ReturnType<typeof place> | null,
    },
    credentials: { readOnly: reader, tunnel: tunnel as { password: string } },
    ...over,
  });
  const clearLimits = () => app.server.built.store.db.deleteFrom('attempts').execute();
  const failed = (result: TestResult): StageResult | undefined => result.stages.find(({ status }) => status === 'failed');
  const stage = (result: TestResult, name: string) => result.stages.find((one) => one.stage === name);
  const register = async (over: object = {}, tunnel?: object): Promise<Connection> =>
    app.admin.client.createDbConnection({ body: body(over, tunnel) });
  const ready = async (id: string): Promise<void> => {
    await expect.poll(async () => (await app.admin.client.getDbConnection({ params: { id } })).status, { timeout: 20_000 }).toBe('ready');
  };
  const ask = (id: string) => app.admin.client.runQuery({ params: { id }, body: { sql: 'select total from orders' } });

  test('the key of the SSH server is shown and has to be confirmed; then every stage passes, and no socket is left', async () => {
    const first = await app.admin.client.testDbConnection({
      body: body({ address: { ...body().address, ssh: place(null) } }),
    });
    expect(failed(first)).toMatchObject({ stage: 'tunnel', fault: { code: 'tunnel.unconfirmed', field: 'address.ssh.hostKeySha256' } });
    expect([first.hostKey, ssh.tried]).toEqual([{ type: 'ssh-ed25519', sha256: ssh.hostKeySha256 }, []]);
    const second = await app.admin.client.testDbConnection({ body: body() });
    expect(failed(second)).toBeUndefined();
    expect(stage(second, 'parse')?.evidence).toContain(`through tunnel@${ssh.host}:${ssh.port}`);
    expect(stage(second, 'tcp')?.evidence).toBe(`connected to 127.0.0.1:${ssh.port}`);
    expect(stage(second, 'tunnel')).toMatchObject({ status: 'passed', evidence: expect.stringContaining(ssh.hostKeySha256) });
    expect(second.hostKey?.sha256).toBe(ssh.hostKeySha256);
    expect(ssh.asked.every((to) => to === `${database.host}:${database.port}`)).toBe(true);
    await expect.poll(() => ssh.open()).toBe(0);
  });

  test('registers with a receipt, reads, answers, shares one session, and opens another when it is lost', async () => {
    const mine = body();
    const { receipt = '' } = await app.admin.client.testDbConnection({ body: mine });
    const other = { ...mine.credentials, tunnel: { password: 'another' } };
    expect(await refusal(app.admin.client.createDbConnection({ body: { ...mine, receipt, credentials: other } }))).toMatchObject({
      code: 'receipt.invalid',
    });
    const { id, usernames } = await app.admin.client.createDbConnection({ body: { ...mine, receipt } });
    expect(usernames).toEqual({ readOnly: 'reader', write: null, tunnel: 'tunnel' });
    await ready(id);
    const before = ssh.opened();
    expect((await ask(id)).rows).toEqual([['9.5']]);
    await Promise.all([ask(id), ask(id), ask(id)]);
    expect(ssh.open()).toBe(1);
    expect(ssh.opened() - before).toBeLessThanOrEqual(1);
    ssh.drop();
    await expect.poll(() => ssh.open()).toBe(0);
    expect((await ask(id)).rows).toEqual([['9.5']]);
    await app.admin.client.disableDbConnection({ params: { id }, body: { reason: 'a pause' } });
    await expect.poll(() => ssh.open()).toBe(0);
    await app.admin.client.enableDbConnection({ params: { id } });
    expect((await ask(id)).rowCount).toBe(1);
    const { name } = await app.admin.client.getDbConnection({ params: { id } });
    await app.admin.client.deleteDbConnection({ params: { id }, body: { confirmName: name } });
    await expect.poll(() => ssh.open()).toBe(0);
  });

  test('its login is replaced only by one that passes, and destroyed at once', async () => {
    const { id } = await register();
    const put = (given: object) => app.admin.client.putCredential({ params: { id, slot: 'tunnel' }, body: given });
    expect(await refusal(put({ password: 'wrong' }))).toMatchObject({
      code: 'tunnel.rejected',
      field: 'credentials.tunnel.password',
      stage: 'tunnel',
    });
    expect(await refusal(put({ privateKey: keys.privateKey }))).toMatchObject({
      code: 'key.unusable',
      field: 'credentials.tunnel.passphrase',
    });
    expect(await refusal(put({ password: 'a', privateKey: 'b' }))).toMatchObject({ code: 'request.invalid' });
    expect(await refusal(put({ username: 'u', password: 'p' }))).toMatchObject({ code: 'request.invalid', field: 'username' });
    expect((await app.admin.client.testStoredDbConnection({ params: { id } })).ok).toBe(true);
    expect((await put({ privateKey: keys.privateKey, passphrase: 'the passphrase' })).usernames.tunnel).toBe('tunnel');
    expect((await app.admin.client.testStoredDbConnection({ params: { id } })).ok).toBe(true);
    expect(ssh.tried.at(-1)).toBe('publickey');
    await clearLimits();
    await app.admin.client.putCredential({ params: { id, slot: 'read_only' }, body: reader });
    expect((await app.admin.client.deleteCredential({ params: { id, slot: 'tunnel' } })).usernames).toEqual({
      readOnly: 'reader',
      write: null,
      tunnel: null,
    });
    expect(await refusal(app.admin.client.testStoredDbConnection({ params: { id } }))).toMatchObject({ code: 'credential.required' });
    expect((await put({ password: 'tunnel password' })).usernames.tunnel).toBe('tunnel');
  });

  test('a change of where it is needs both logins again; without an SSH server its login is destroyed', async () => {
    const { id, address } = await register();
    const edit = (ssh: object | null, credentials: object) =>
      app.admin.client.editDbConnection({ params: { id }, body: { address: { ...address, ssh: ssh as null }, credentials } });
    expect(await refusal(edit(place(), { readOnly: reader }))).toMatchObject({
      code: 'credential.required',
      field: 'credentials.tunnel.password',
    });
    const again = await edit(place(), { readOnly: reader, tunnel: { password: 'tunnel password' } });
    expect(again.address.ssh).toEqual(place());
    const straight = await edit(null, { readOnly: reader });
    expect([straight.address.ssh, straight.usernames.tunnel]).toEqual([null, null]);
    const { db } = app.server.built.store;
    expect(await db.selectFrom('db_credentials').select('slot').where('connection_id', '=', id).execute()).toEqual([{ slot: 'read_only' }]);
    expect(await refusal(app.admin.client.putCredential({ params: { id, slot: 'tunnel' }, body: { password: 'x' } }))).toMatchObject({
      code: 'slot.unavailable',
    });
  });

  test('an SSH server changed behind our back gets nothing of it', async () => {
    const { id, address } = await register();
    const thief = await startSshServer({ password: 'tunnel password' });
    const store = app.server.built.store.db;
    const to = { ...(address.ssh as object), port: thief.port, hostKeySha256: thief.hostKeySha256 };
    await store
      .updateTable('db_connections')
      .set({ address: JSON.stringify({ ...address, ssh: to }) })
      .where('id', '=', id)
      .execute();
    expect(await refusal(app.admin.client.testStoredDbConnection({ params: { id } }))).toMatchObject({ code: 'credential.unreadable' });
    expect(thief.opened()).toBe(0);
    await thief.stop();
  });

  test('another key on the SSH server stops every use', async () => {
    const { id } = await register();
    await ready(id);
    const { port } = ssh;
    await ssh.stop();
    const other = await startSshServer({ password: 'tunnel password', port });
    expect(await refusal(ask(id))).toMatchObject({ code: 'tunnel.changed', stage: 'tunnel' });
    expect(other.tried).toEqual([]);
    await other.stop();
  });

  test.each([
    ['a wrong password', {}, { password: 'wrong' }, 'tunnel.rejected', 'credentials.tunnel.password', 'tunnel'],
    ['no login for it', {}, null, 'credential.empty', 'credentials.tunnel.password', 'parse'],
    ['text that is no key', {}, { privateKey: 'nonsense' }, 'key.unusable', 'credentials.tunnel.privateKey', 'parse'],
    ['a host that is none', { host: 'no-such-host.invalid' }, undefined, 'host.unresolved', 'address.ssh.host', 'dns'],
    ['cloud metadata as SSH server', { host: '169.254.169.254' }, undefined, 'network.forbidden', 'address.ssh.host', 'network'],
    ['a port on which nothing listens', { port: 1 }, undefined, 'port.refused', 'address.ssh.port', 'tcp'],
  ])('%s is told with its field', async (_, over, tunnel, code, field, name) => {
    const given = body(
      { address: { ...body().address, ssh: { ...place(), ...over } } },
      tunnel === undefined ? undefined : (tunnel as object),
    );
    expect(failed(await app.admin.client.testDbConnection({ body: given }))).toMatchObject({ stage: name, fault: { code, field } });
  });

  test('the target is judged as it was typed', async () => {
    const to = (host: string) => ({ ...body().address, host });
    const metadata = await app.admin.client.testDbConnection({
      body: body({ address: { ...to('2852039166'), tls: { mode: 'verify-full' } } }),
    });
    expect(failed(metadata)).toMatchObject({ stage: 'network', fault: { code: 'network.forbidden', field: 'address.host' } });
    expect(ssh.opened()).toBe(0);
  });
});
