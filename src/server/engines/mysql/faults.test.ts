import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deadPort } from '../../../../tests/support/bad-listener.ts';
import { type KeyPair, makeAuthority, makeServerCertificate } from '../../../../tests/support/certificates.ts';
import type { Kind } from '../../../../tests/support/mysql-binaries.ts';
import { type MysqlServer, startMysql } from '../../../../tests/support/mysql-server.ts';
import { addressOf, engineOfKind, inside, open, type Place } from '../../../../tests/support/open-mysql.ts';
import { gate } from '../../../../tests/support/require.ts';
import { Fault } from '../../platform/fault.ts';
import { ServerError } from './server-error.ts';

const password = 'correct horse 7 battery';
const user = 'credentials.readOnly.username';
const secret = 'credentials.readOnly.password';

/** What a person is told: code, stage, field, and what stands in the technical detail. */
type Told = readonly [code: string, stage: string, field: string | null, technical: RegExp];

describe.each<Kind>(['mysql', 'mariadb'])('every way of failing that a %s here can be made to show', (kind) => {
  const { skip } = gate(kind);
  const servers: MysqlServer[] = [];
  let plain: MysqlServer;
  let secure: MysqlServer;
  let authority: KeyPair;

  beforeAll(async () => {
    if (skip) return;
    authority = await makeAuthority();
    const pair = await makeServerCertificate(authority);
    const without = kind === 'mysql' ? ['--tls-version='] : [];
    for (const [options, name] of [
      [{ settings: [...without, '--max-connections=15'] }, 'plain'],
      [{ ssl: pair, settings: ['--skip-name-resolve'] }, 'secure'],
    ] as const) {
      const server = await startMysql(kind, options);
      servers.push(server);
      if (name === 'plain') plain = server;
      else secure = server;
      await server.sql('CREATE DATABASE shop; CREATE DATABASE closed');
      await server.sql('CREATE TABLE open (id int); CREATE TABLE secret (id int); INSERT INTO open VALUES (1)', 'shop');
      const account = (name: string, more = '') =>
        `CREATE USER ${name}@'%' IDENTIFIED BY '${password}' ${more}; GRANT SELECT ON shop.open TO ${name}@'%';`;
      await server.sql(
        `${account('reader')} ${account('locked', 'ACCOUNT LOCK')} ${account('stale', 'PASSWORD EXPIRE')} ${account('single', 'WITH MAX_USER_CONNECTIONS 1')} ${account('sealed', 'REQUIRE SSL')}
        CREATE USER everywhere@'%' IDENTIFIED BY '${password}'; GRANT SELECT ON *.* TO everywhere@'%'`,
      );
    }
  }, 120_000);
  afterAll(() => Promise.all(servers.map((server) => server.stop())));

  const from = (server: MysqlServer, more: Partial<Place> = {}): Place => ({
    kind,
    port: server.port,
    username: 'reader',
    password,
    ...more,
  });
  const statement =
    (sql: string, timeoutMs = 5000) =>
    () =>
      inside(from(plain), (session) =>
        engineOfKind[kind].run(session, {
          sql,
          parameters: [],
          maxRows: 10,
          maxBytes: 100_000,
          timeoutMs,
          signal: new AbortController().signal,
        }),
      );
  const pinned = { mode: 'verify-full' } as const;
  const full = async () => {
    const sockets: Socket[] = Array.from({ length: 20 }, () => connect(plain.port, '127.0.0.1').on('error', () => undefined));
    try {
      await new Promise((resolve) => setTimeout(resolve, 300));
      return await open(from(plain));
    } finally {
      for (const socket of sockets) socket.destroy();
    }
  };
  const secured = async (setting: string, work: () => Promise<unknown>) => {
    await secure.sql(`SET GLOBAL require_secure_transport = ${setting}`);
    try {
      return await work();
    } finally {
      await secure.sql('SET GLOBAL require_secure_transport = OFF');
    }
  };
  const errno = (number: number) => new RegExp(`^errno ${number} `);

  const rows: Record<string, readonly [provoke: () => Promise<unknown>, told: Told]> = {
    'nothing listens': [async () => open({ kind, port: await deadPort() }), ['port.refused', 'tcp', 'address.port', /ECONNREFUSED/]],
    'no encryption': [() => open(from(plain, { tls: pinned })), ['tls.unsupported', 'tls', 'address.tls', /tls_refused/]],
    'an unknown authority': [() => open(from(secure, { tls: pinned })), ['tls.untrusted', 'tls', 'address.tls', /SHA-256/]],
    'a wrong password': [() => open(from(plain, { password: 'wrong' })), ['credential.rejected', 'auth', secret, errno(1045)]],
    'an unknown account': [() => open(from(plain, { username: 'nobody' })), ['credential.rejected', 'auth', secret, errno(1045)]],
    'an account that has to come encrypted': [
      () => open(from(secure, { username: 'sealed' })),
      ['credential.rejected', 'auth', secret, errno(1045)],
    ],
    'a server that wants encryption': [
      () => secured('ON', () => open(from(secure))),
      kind === 'mysql' ? ['tls.required', 'auth', 'address.tls', errno(3159)] : ['credential.rejected', 'auth', secret, errno(1045)],
    ],
    'an account that is locked': [
      () => open(from(plain, { username: 'locked' })),
      ['login.forbidden', 'auth', user, errno(kind === 'mysql' ? 3118 : 4151)],
    ],
    'an expired password': [() => open(from(plain, { username: 'stale' })), ['credential.rejected', 'auth', secret, /^errno (1820|1862) /]],
    "an account's connections used up": [
      () => inside(from(plain, { username: 'single' }), () => open(from(plain, { username: 'single' }))),
      ['server.full', 'auth', null, errno(1226)],
    ],
    'no free connection': [full, ['server.full', 'auth', null, /^errno 1040/]],
    'a database without right': [
      () => open(from(plain, { database: 'closed' })),
      ['database.forbidden', 'database', 'address.database', errno(1044)],
    ],
    'an unknown database, and no right to know': [
      () => open(from(plain, { database: 'nowhere' })),
      ['database.forbidden', 'database', 'address.database', errno(1044)],
    ],
    'an unknown database': [
      () => open(from(plain, { database: 'nowhere', username: 'everywhere' })),
      ['database.unknown', 'database', 'address.database', errno(1049)],
    ],
    'a table without right': [statement('SELECT * FROM shop.secret'), ['read.forbidden', '', null, errno(1142)]],
    'a write': [statement('DROP TABLE shop.open'), ['statement.failed', '', null, errno(1792)]],
    'a statement that is too slow': [statement('SELECT SLEEP(20) FROM shop.open', 300), ['statement.expired', '', null, /.*/]],
  };

  it.skipIf(skip).each(Object.keys(rows))('%s', async (id) => {
    const [provoke, [code, stage, field, technical]] = rows[id] ?? [() => Promise.resolve(), ['', '', null, /$^/]];
    const fault: unknown = await provoke().then(
      () => 'nothing failed',
      (error) => error,
    );
    expect(fault).toBeInstanceOf(Fault);
    if (!(fault instanceof Fault)) return;
    const { about } = fault;
    expect([fault.code, about.stage ?? '', about.field ?? null, about.technical ?? '']).toEqual([
      code,
      stage,
      field,
      expect.stringMatching(technical),
    ]);
    expect(JSON.stringify({ ...about, cause: null })).not.toContain(password);
    expect(JSON.stringify({ ...about, cause: null })).not.toMatch(/reader|127\.0\.0\.1'/);
  });

  it.skipIf(skip)('tells a wrong password and an unknown account in the same words', async () => {
    const told = await Promise.all(
      ['a wrong password', 'an unknown account'].map((id) =>
        rows[id]
          ?.[0]()
          .catch((fault: Fault) => JSON.stringify([fault.code, fault.about.detail, fault.about.tryThis, fault.about.technical])),
      ),
    );
    expect(new Set(told).size).toBe(1);
  });

  it('tells what cannot be brought about here by its number', () => {
    const at = addressOf({ kind, port: 3306 });
    const told = (number: number, stage: Parameters<typeof explain>[1] = 'auth') => {
      const { code, about } = explain(new ServerError(number, 'HY000', 'words of the server'), stage, at);
      expect(JSON.stringify({ ...about, cause: null })).not.toContain('words of the server');
      return `${code} ${about.stage}${about.retryable ? ', again' : ''}`;
    };
    const { explain } = engineOfKind[kind];
    expect([1129, 1130, 1203, 1053, 2059, 1251, 1862, 1820].map((number) => told(number))).toEqual([
      'client.forbidden auth',
      'client.forbidden auth',
      'server.full auth, again',
      'server.starting auth, again',
      'auth.unsupported auth',
      'auth.unsupported auth',
      'credential.rejected auth',
      'credential.rejected auth',
    ]);
    expect([1142, 1143, 1227, 1152, 1290, 9999].map((number) => told(number, 'read'))).toEqual([
      'read.forbidden read',
      'read.forbidden read',
      'read.forbidden read',
      'server.lost read, again',
      'database.failed read',
      'database.failed read',
    ]);
  });
});
