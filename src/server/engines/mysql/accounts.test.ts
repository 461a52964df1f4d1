import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KeyPair, makeAuthority, makeServerCertificate } from '../../../../tests/support/certificates.ts';
import type { Kind } from '../../../../tests/support/mysql-binaries.ts';
import { type MysqlServer, startMysql } from '../../../../tests/support/mysql-server.ts';
import { inside, open, type Passed, type Place } from '../../../../tests/support/open-mysql.ts';
import { gate } from '../../../../tests/support/require.ts';
import type { Tls } from '../../../contract/engines.ts';
import { Fault } from '../../platform/fault.ts';

const password = 'correct horse 7 battery';
const faultOf = (promise: Promise<unknown>): Promise<Fault> =>
  promise.then(
    () => Promise.reject(new Error('nothing failed')),
    (error) => (error instanceof Fault ? error : Promise.reject(error)),
  );
const literal = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** A server with a database that accounts made by `sql` may read. */
async function serverWith(kind: Kind, ssl: KeyPair & { ca: string }, sql: readonly string[], settings: readonly string[] = []) {
  const server = await startMysql(kind, { ssl, settings });
  await server.sql('CREATE DATABASE shop CHARACTER SET utf8mb4; CREATE TABLE shop.item (id int); INSERT INTO shop.item VALUES (7)');
  for (const text of sql) await server.sql(text);
  return server;
}
const authOf = async (place: Place): Promise<string | null | undefined> => {
  const passed: Passed = [];
  const rows = await inside(place, (session) => session.run('SELECT id FROM shop.item'), { passed });
  expect(rows).toEqual([['7']]);
  return passed.find(([stage]) => stage === 'auth')?.[1];
};

const mariadb = gate('mariadb');
describe.skipIf(mariadb.skip)('an account of MariaDB with ed25519', () => {
  const passwords: Readonly<Record<string, string>> = {
    plain: password,
    written: "it's a \\ pass:word/with?every#thing@100% ünï 密码 🐎",
    long: `${'long and '.repeat(30)}secret`,
    short: 'x',
  };
  let server: MysqlServer;
  let verified: Tls;
  const place = (username: string, more: Partial<Place> = {}): Place => ({
    kind: 'mariadb',
    port: server.port,
    username,
    password: passwords[username] ?? password,
    tls: verified,
    ...more,
  });
  const open7: Tls = { mode: 'disable' };
  const refusals = async () => Number((await server.sql("SHOW GLOBAL STATUS LIKE 'Access_denied_errors'"))[0]?.Value);

  beforeAll(async () => {
    const authority = await makeAuthority();
    verified = { mode: 'verify-full', ca: authority.cert };
    const made = (name: string, via: string) => `CREATE USER '${name}'@'%' IDENTIFIED VIA ${via}; GRANT SELECT ON shop.* TO '${name}'@'%'`;
    const signed = (text: string) => `ed25519 USING PASSWORD(${literal(text)})`;
    server = await serverWith('mariadb', { ...(await makeServerCertificate(authority)), ca: authority.cert }, [
      "INSTALL SONAME 'auth_ed25519'",
      ...Object.entries(passwords).map(([name, text]) => made(name, signed(text))),
      made('both', `${signed(password)} OR mysql_native_password USING PASSWORD('the older one')`),
      made('none', signed('')),
    ]);
  }, 120_000);
  afterAll(() => server?.stop());

  it.each(Object.keys(passwords))('is signed in to, encrypted and on this machine: %s', async (name) => {
    expect(await authOf(place(name))).toBe('ed25519');
    expect(await authOf(place(name, { tls: open7 }))).toBe('ed25519');
  });

  it('is tried once with a wrong password, and told as any other', async () => {
    for (const [name, wrong] of [
      ['plain', `${password} `],
      ['long', passwords.long?.slice(0, -1) ?? ''],
      ['none', 'any password'],
      ['nobody', password],
    ] as const) {
      const before = await refusals();
      const fault = await faultOf(open(place(name, { password: wrong })));
      expect(fault).toMatchObject({
        code: 'credential.rejected',
        about: { stage: 'auth', technical: expect.stringMatching(/^errno 1045 /) },
      });
      expect(JSON.stringify({ ...fault.about, cause: null })).not.toContain(wrong);
      expect((await refusals()) - before).toBe(1);
    }
  });

  it('is not signed in to without a password', async () => {
    const before = await refusals();
    expect((await faultOf(open(place('none', { password: '' })))).code).toBe('credential.empty');
    expect(await refusals()).toBe(before);
  });

  it('may have another method beside it', async () => {
    expect(await authOf(place('both'))).toBe('ed25519');
    expect(await authOf(place('both', { password: 'the older one' }))).toBe('mysql_native_password');
    const before = await refusals();
    expect((await faultOf(open(place('both', { password: 'neither' })))).code).toBe('credential.rejected');
    expect((await refusals()) - before).toBe(1);
  });
});

describe.each<Kind>(['mysql', 'mariadb'])('an account of %s', (kind) => {
  const { skip } = gate(kind);
  const mysql = kind === 'mysql';
  const pick = <T>(ofMysql: T, ofMariadb: T): T => (mysql ? ofMysql : ofMariadb);
  let server: MysqlServer;
  let verified: Tls;
  let client: KeyPair;
  const place = (username: string, more: Partial<Place> = {}): Place => ({
    kind,
    port: server.port,
    username,
    password,
    tls: verified,
    ...more,
  });

  beforeAll(async () => {
    if (skip) return;
    const authority = await makeAuthority();
    verified = { mode: 'verify-full', ca: authority.cert };
    client = await makeServerCertificate(authority, { commonName: 'reader' });
    const made = (name: string, more = '', how = `IDENTIFIED BY ${literal(password)}`) =>
      `CREATE USER '${name}'@'%' ${how} ${more}; GRANT SELECT ON shop.* TO '${name}'@'%'`;
    server = await serverWith(kind, { ...(await makeServerCertificate(authority)), ca: authority.cert }, [
      made('certified', 'REQUIRE X509'),
      made('subject', "REQUIRE SUBJECT '/CN=reader'"),
      made('hourly', 'WITH MAX_CONNECTIONS_PER_HOUR 1'),
      made('blocked', pick('FAILED_LOGIN_ATTEMPTS 1 PASSWORD_LOCK_TIME 1', '')),
      made('stale', 'PASSWORD EXPIRE'),
      ...pick(
        [
          made('sha256', '', `IDENTIFIED WITH sha256_password BY ${literal(password)}`),
          `${made('unloaded')}; UPDATE mysql.user SET plugin = 'mysql_native_password' WHERE User = 'unloaded'; FLUSH PRIVILEGES`,
        ],
        [
          "INSTALL SONAME 'auth_ed25519'",
          made('unloaded', '', `IDENTIFIED VIA ed25519 USING PASSWORD(${literal(password)})`),
          "UNINSTALL SONAME 'auth_ed25519'; FLUSH PRIVILEGES",
          "INSTALL SONAME 'auth_pam'",
          made('pam', '', "IDENTIFIED VIA pam USING 'mariadb'"),
          'SET GLOBAL disconnect_on_expired_password = ON',
        ],
      ),
    ]);
  }, 120_000);
  afterAll(() => server?.stop());

  it.skipIf(skip).each(['certified', 'subject'])('that wants a certificate beside the password: %s', async (name) => {
    const without = await faultOf(open(place(name)));
    expect(without).toMatchObject({
      code: 'credential.rejected',
      about: { stage: 'auth', technical: expect.stringMatching(/^errno 1045 /) },
    });
    expect(without.about.tryThis?.join()).toContain('REQUIRE X509');
    const shown = place(name, { tls: { ...verified, clientCertificate: client.cert } as Tls, clientKey: client.key });
    expect(await authOf(shown)).toContain(pick('caching_sha2_password', 'mysql_native_password'));
    const wrong = await faultOf(open({ ...shown, password: 'wrong' }));
    expect(wrong.code).toBe('credential.rejected');
    expect(wrong.about.tryThis?.join()).not.toContain('X509');
  });

  it.skipIf(skip)('that was blocked by wrong passwords says so, and not that the right one is wrong', async () => {
    if (!mysql) await server.sql('SET GLOBAL max_password_errors = 1');
    await faultOf(open(place('blocked', { password: 'wrong' })));
    const fault = await faultOf(open(place('blocked')));
    if (!mysql) await server.sql('SET GLOBAL max_password_errors = DEFAULT');
    expect(fault).toMatchObject({
      code: 'login.forbidden',
      about: { stage: 'auth', field: 'credentials.readOnly.username', technical: `errno ${pick(3955, 4150)} (HY000)` },
    });
    expect(fault.about.tryThis?.join()).toContain('ACCOUNT UNLOCK');
  });

  it.skipIf(skip)('whose plugin the server has not loaded names it', async () => {
    const fault = await faultOf(open(place('unloaded')));
    expect(fault).toMatchObject({ code: 'auth.unsupported', about: { stage: 'auth', technical: 'errno 1524 (HY000)' } });
    expect(fault.about.detail).toContain(`the plugin ${pick('mysql_native_password', 'ed25519')}, which the server itself has not loaded`);
    expect(fault.about.tryThis?.join()).toContain(pick('caching_sha2_password', 'IDENTIFIED VIA ed25519'));
  });

  it.skipIf(skip)('that has used up its connections, or whose password has expired', async () => {
    await (await open(place('hourly'))).close();
    expect(await faultOf(open(place('hourly')))).toMatchObject({
      code: 'server.full',
      about: { stage: 'auth', retryable: true, technical: 'errno 1226 (42000)' },
    });
    const stale = await faultOf(open(place('stale')));
    expect(stale).toMatchObject({ code: 'credential.rejected', about: { stage: 'auth', technical: 'errno 1862 (HY000)' } });
    expect(stale.about.detail).toContain('has expired');
  });

  it.skipIf(skip || !mysql)('with sha256_password gives the password inside the encryption, or encrypted on this machine', async () => {
    expect(await authOf(place('sha256'))).toBe('sha256_password, inside the encryption');
    expect(await authOf(place('sha256', { tls: { mode: 'disable' } }))).toBe('sha256_password, encrypted with the server’s key');
    await server.sql('SET GLOBAL offline_mode = ON');
    const offline = await faultOf(open(place('sha256')));
    await server.sql('SET GLOBAL offline_mode = OFF');
    expect(offline).toMatchObject({ code: 'server.starting', about: { technical: 'errno 3032 (HY000)' } });
  });

  it.skipIf(skip || mysql)('of PAM is told by its plugin, and gets no password', async () => {
    const fault = await faultOf(open(place('pam')));
    expect(fault).toMatchObject({ code: 'auth.unsupported', about: { stage: 'auth', technical: 'method_unknown, plugin dialog' } });
    expect(fault.about.tryThis?.join()).toContain('IDENTIFIED VIA ed25519');
  });
});
