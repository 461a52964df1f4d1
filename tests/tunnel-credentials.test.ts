import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from './support/app.ts';
import { type Login, type PostgresServer, startPostgres } from './support/postgres.ts';
import { refusal } from './support/refusal.ts';
import { registrationBody } from './support/registration-body.ts';
import { gate } from './support/require.ts';
import { makeSshKeys } from './support/ssh-keys.ts';
import { startSshServer, type TestSshServer } from './support/ssh-server.ts';

const { skip } = gate('postgres');
const hostKey = makeSshKeys();

describe.skipIf(skip)('the two logins of a database behind an SSH server', () => {
  let app: TestApp;
  let database: PostgresServer;
  let ssh: TestSshServer;
  let reader: Login;
  beforeAll(async () => {
    database = await startPostgres();
    await database.createDatabase('shop');
    await database.sql('create table orders (id int primary key); insert into orders values (7)', 'shop');
    reader = await database.createReadOnlyLogin('shop', 'reader', 'the password of the reader');
    app = await startApp({ env: { PORTCULLIS_PROBE_MINUTES: '0' } });
  });
  beforeEach(async () => {
    ssh = await startSshServer({ password: 'first', hostKey });
    await app.server.built.store.db.deleteFrom('attempts').execute();
    return () => ssh.stop();
  });
  afterAll(async () => {
    await app?.stop();
    await database?.stop();
  });

  const registered = async () => {
    const { host, port, user, hostKeySha256 } = ssh;
    const body = registrationBody(database, 'shop', reader);
    const address = { ...body.address, ssh: { host, port, user, hostKeySha256 } };
    const credentials = { ...body.credentials, tunnel: { password: 'first' } };
    const { id } = await app.admin.client.createDbConnection({ body: { ...body, address, credentials } });
    const get = () => app.admin.client.getDbConnection({ params: { id } });
    await expect.poll(async () => (await get()).status, { timeout: 30_000 }).toBe('ready');
    return {
      get,
      ask: () => app.admin.client.runQuery({ params: { id }, body: { sql: 'select id from public.orders' } }),
      put: (slot: 'read_only' | 'tunnel', body: object) => app.admin.client.putCredential({ params: { id, slot }, body }),
      drop: (slot: 'read_only' | 'tunnel') => app.admin.client.deleteCredential({ params: { id, slot } }),
    };
  };
  /** The same SSH server, with another password. */
  const another = async (password: string): Promise<void> => {
    const { port } = ssh;
    await ssh.stop();
    ssh = await startSshServer({ password, hostKey, port });
  };

  test('both deleted are given again one after the other, each tested as far as it goes', { timeout: 120_000 }, async () => {
    const { get, ask, put, drop } = await registered();
    await drop('read_only');
    await drop('tunnel');
    expect((await get()).usernames).toEqual({ readOnly: null, write: null, tunnel: null });
    expect(await refusal(put('read_only', reader))).toMatchObject({ code: 'credential.required', field: 'credentials.tunnel' });
    expect(await refusal(put('tunnel', { password: 'wrong' }))).toMatchObject({ code: 'tunnel.rejected', stage: 'tunnel' });
    expect((await put('tunnel', { password: 'first' })).usernames).toEqual({ readOnly: null, write: null, tunnel: 'tunnel' });
    expect(ssh.asked.at(-1)).toBe(`${database.host}:${database.port}`);
    await expect.poll(() => ssh.open(), { timeout: 20_000 }).toBe(0);
    expect(await refusal(ask())).toMatchObject({ code: 'credential.required' });
    expect((await put('read_only', reader)).usernames).toEqual({ readOnly: 'reader', write: null, tunnel: 'tunnel' });
    expect((await ask()).rows).toEqual([[7]]);
  });

  test('a login that the SSH server rejects is tried once, by statements that come together', { timeout: 120_000 }, async () => {
    const { get, ask, put } = await registered();
    await another('second');
    const asked = await Promise.all([ask, ask, ask, ask].map((one) => refusal(one())));
    expect(asked).toEqual(Array.from({ length: 4 }, () => expect.objectContaining({ code: 'tunnel.rejected' })));
    expect(ssh.tried).toEqual(['password']);
    expect((await get()).health).toMatchObject({ state: 'authentication_failed', fault: 'tunnel.rejected' });
    await put('tunnel', { password: 'second' });
    expect((await ask()).rows).toEqual([[7]]);
  });

  test('that a stored login is rejected is learned from the test of the other, too', { timeout: 120_000 }, async () => {
    const { get, ask, put, drop } = await registered();
    await another('second');
    expect(await refusal(put('read_only', reader))).toMatchObject({ code: 'tunnel.rejected' });
    expect(await refusal(ask())).toMatchObject({ code: 'tunnel.rejected' });
    expect([(await get()).health.state, ssh.tried]).toEqual(['authentication_failed', ['password']]);
    await drop('tunnel');
    expect(await refusal(ask())).toMatchObject({ code: 'credential.required' });
    await put('tunnel', { password: 'second' });
    await database.sql("alter role reader password 'another'");
    expect(await refusal(put('tunnel', { password: 'second' }))).toMatchObject({ code: 'credential.rejected' });
    const tried = ssh.tried.length;
    expect(await refusal(ask())).toMatchObject({ code: 'credential.rejected' });
    expect(ssh.tried).toHaveLength(tried);
    await database.sql(`alter role reader password '${reader.password}'`);
  });
});
