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
