import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { StageResult, TestResult } from '../src/contract/connections.ts';
import { startApp, type TestApp } from './support/app.ts';
import { type KeyPair, makeAuthority, makeServerCertificate } from './support/certificates.ts';
import { type PostgresServer, startPostgres } from './support/postgres.ts';
import { refusal } from './support/refusal.ts';
import { gate } from './support/require.ts';

const { skip } = gate('postgres');

/** A real PostgreSQL that wants client certificates, through the whole application. */
describe.skipIf(skip)('client certificates', () => {
  let app: TestApp;
  let server: PostgresServer;
  let authority: KeyPair;
  let stranger: KeyPair;
  const own = {} as Record<'certified' | 'both' | 'other' | 'foreign', KeyPair>;
  let made = 0;

  beforeAll(async () => {
    authority = await makeAuthority();
    stranger = await makeAuthority('Another authority');
    const pair = await makeServerCertificate(authority);
    for (const name of ['certified', 'both', 'other'] as const) own[name] = await makeServerCertificate(authority, { commonName: name });
    own.foreign = await makeServerCertificate(stranger, { commonName: 'certified' });
    server = await startPostgres({
      ssl: { ...pair, ca: authority.cert },
      hba: [
        'hostssl all certified 127.0.0.1/32 cert clientcert=verify-full',
        'hostssl all both 127.0.0.1/32 scram-sha-256 clientcert=verify-full',
        'hostssl all all 127.0.0.1/32 scram-sha-256',
      ],
    });
    await server.createDatabase('shop');
    await server.sql('create table orders (id int primary key); insert into orders values (7)', 'shop');
    for (const name of ['certified', 'both', 'plain']) await server.createReadOnlyLogin('shop', name, 'a password');
    app = await startApp();
  });
  beforeEach(() => app.server.built.store.db.deleteFrom('attempts').execute());
  afterAll(async () => {
    await app?.stop();
    await server?.stop();
  });

  const body = (username: string, cert: string | null, login: { password?: string; clientKey?: string }) => ({
    dbType: 'postgresql' as const,
    name: `Certified ${++made}`,
    address: {
      host: server.host,
      port: server.port,
      database: 'shop',
      tls: { mode: 'verify-full' as const, ca: authority.cert, ...(cert === null ? {} : { clientCertificate: cert }) },
      ssh: null,
    },
    credentials: { readOnly: { username, ...login } },
  });
  const failed = async (given: ReturnType<typeof body>): Promise<StageResult | undefined> => {
    const result: TestResult = await app.admin.client.testDbConnection({ body: given });
    return result.stages.find(({ status }) => status === 'failed');
  };
  const ready = async (id: string): Promise<void> => {
    await expect.poll(async () => (await app.admin.client.getDbConnection({ params: { id } })).status, { timeout: 20_000 }).toBe('ready');
  };

  test('one with its key gets in without a password', async () => {
    const given = body('certified', own.certified.cert, { clientKey: own.certified.key });
    const tested = await app.admin.client.testDbConnection({ body: given });
    expect(tested.stages.find(({ stage }) => stage === 'auth')).toMatchObject({
      status: 'passed',
      evidence: 'Client certificate, and no password',
    });
    const { id, address } = await app.admin.client.createDbConnection({
      body: { ...given, ...(tested.receipt ? { receipt: tested.receipt } : {}) },
    });
    expect(address.tls).toMatchObject({ clientCertificate: own.certified.cert });
    await ready(id);
    expect((await app.admin.client.runQuery({ params: { id }, body: { sql: 'select id from orders' } })).rows).toEqual([[7]]);
    expect((await app.admin.client.testStoredDbConnection({ params: { id } })).ok).toBe(true);
    // Another certificate in its place: the sealed key does not open for it.
    await app.server.built.store.db
      .updateTable('db_connections')
      .set({ address: JSON.stringify({ ...address, tls: { ...(address.tls as object), clientCertificate: own.both.cert } }) })
      .where('id', '=', id)
      .execute();
    expect(await refusal(app.admin.client.testStoredDbConnection({ params: { id } }))).toMatchObject({ code: 'credential.unreadable' });
  });

  test('one beside a password, and replacing both', async () => {
    const given = body('both', own.both.cert, { password: 'a password', clientKey: own.both.key });
    const { id } = await app.admin.client.createDbConnection({ body: given });
    const put = (login: object) => app.admin.client.putCredential({ params: { id, slot: 'read_only' }, body: login });
    expect(await refusal(put({ username: 'both', password: 'a password' }))).toMatchObject({
      code: 'credential.empty',
      field: 'credentials.readOnly.clientKey',
    });
    expect((await put({ username: 'both', password: 'a password', clientKey: own.both.key })).usernames.readOnly).toBe('both');
    const without = await failed(body('both', own.both.cert, { clientKey: own.both.key }));
    expect(without).toMatchObject({ stage: 'auth', fault: { code: 'credential.empty', field: 'credentials.readOnly.password' } });
  });

  test.each<[string, () => ReturnType<typeof body>, string, string, string]>([
    [
      'a key of another pair',
      () => body('certified', own.certified.cert, { clientKey: own.both.key }),
      'parse',
      'key.unusable',
      'credentials.readOnly.clientKey',
    ],
    [
      'no key',
      () => body('certified', own.certified.cert, { password: 'a password' }),
      'parse',
      'credential.empty',
      'credentials.readOnly.clientKey',
    ],
    [
      'a key without a certificate',
      () => body('plain', null, { password: 'a password', clientKey: own.both.key }),
      'parse',
      'key.unusable',
      'credentials.readOnly.clientKey',
    ],
    [
      'text that is no key',
      () => body('certified', own.certified.cert, { clientKey: 'nonsense' }),
      'parse',
      'key.unusable',
      'credentials.readOnly.clientKey',
    ],
    ['neither password nor key', () => body('plain', null, {}), 'parse', 'credential.empty', 'credentials.readOnly.password'],
    [
      'a certificate of another name',
      () => body('certified', own.other.cert, { clientKey: own.other.key }),
      'auth',
      'tls.rejected',
      'address.tls.clientCertificate',
    ],
    [
      'a certificate of another authority',
      () => body('certified', own.foreign.cert, { clientKey: own.foreign.key }),
      'tls',
      'tls.rejected',
      'address.tls.clientCertificate',
    ],
    [
      'no certificate where one is wanted',
      () => body('both', null, { password: 'a password' }),
      'auth',
      'tls.rejected',
      'address.tls.clientCertificate',
    ],
  ])('%s is told with its field', async (_, given, stage, code, field) => {
    expect(await failed(given())).toMatchObject({ stage, fault: { code, field } });
  });

  test('an encrypted key is refused with what to do', async () => {
    const encrypted = execFileSync('openssl', ['pkcs8', '-topk8', '-passout', 'pass:secret'], {
      input: own.certified.key,
      encoding: 'utf8',
    });
    const stage = await failed(body('certified', own.certified.cert, { clientKey: encrypted }));
    expect(stage?.fault).toMatchObject({ code: 'key.unusable', tryThis: [expect.stringContaining('openssl pkey')] });
  });

  test('a key in the place of the certificate never gets into the address', async () => {
    const given = body('certified', `${own.certified.cert}\n${own.certified.key}`, { clientKey: own.certified.key });
    expect(await refusal(app.admin.client.testDbConnection({ body: given }))).toEqual({
      code: 'request.invalid',
      field: 'address.tls.clientCertificate',
    });
  });
});
