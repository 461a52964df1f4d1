import { createConnection } from 'node:net';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type KeyPair, makeAuthority, makeServerCertificate } from '../../../../tests/support/certificates.ts';
import type { Kind } from '../../../../tests/support/mysql-binaries.ts';
import { type MysqlServer, startMysql } from '../../../../tests/support/mysql-server.ts';
import { engineOfKind, inside, open, type Passed, type Place } from '../../../../tests/support/open-mysql.ts';
import { gate } from '../../../../tests/support/require.ts';
import type { Tls } from '../../../contract/engines.ts';
import { Fault } from '../../platform/fault.ts';
import type { Reading } from '../engine.ts';
import type { MysqlSession } from './session.ts';

const password = "it's a \\ pass:word/with?every#thing@100% ü";
const faultOf = (promise: Promise<unknown>): Promise<Fault> =>
  promise.then(
    () => Promise.reject(new Error('nothing failed')),
    (error) => (error instanceof Fault ? error : Promise.reject(error)),
  );

describe.each<Kind>(['mysql', 'mariadb'])('an address of %s', (kind) => {
  const engine = engineOfKind[kind];
  const good = { host: 'DB.example.com', port: 3306, database: 'sales', tls: { mode: 'verify-full' }, ssh: null };
  it.each([
    ['host', 'mysql://db'],
    ['host', '/run/mysqld/mysqld.sock'],
    ['host', 'a,b'],
    ['port', 0],
    ['port', '3306'],
    ['database', ''],
    ['database', 'ü'.repeat(129)],
    ['database', 'a\nb'],
    ['tls', { mode: 'prefer' }],
    ['socketPath', '/run/mysqld/mysqld.sock'],
    ['flags', 'LOCAL_FILES'],
    ['multipleStatements', true],
  ])('refuses %s = %j', (name, value) => {
    expect(engine.address.safeParse({ ...good, [name]: value }).success).toBe(false);
  });
  it('binds a credential to every part that says where it goes', () => {
    const bound = (more: object, user = 'reader') => JSON.stringify(engine.binding(engine.address.parse({ ...good, ...more }), user));
    const all = [
      bound({}),
      bound({ host: 'other' }),
      bound({ port: 1 }),
      bound({ database: 'x' }),
      bound({}, 'x'),
      bound({ tls: { mode: 'disable' } }),
    ];
    expect(new Set(all).size).toBe(all.length);
    expect(bound({ host: 'db.EXAMPLE.com' })).toBe(bound({}));
  });
});

describe.each<Kind>(['mysql', 'mariadb'])('a session of %s', (kind) => {
  const { skip } = gate(kind);
  let authority: KeyPair;
  let server: MysqlServer;
  let verified: Tls;
  const engine = engineOfKind[kind];
  const place = (more: Partial<Place> = {}): Place => ({ kind, port: server.port, username: 'reader', password, tls: verified, ...more });
  const others = async () =>
    Number((await server.sql("SELECT COUNT(*) AS n FROM information_schema.PROCESSLIST WHERE USER IN ('reader', 'own')"))[0]?.n);
  const never = new AbortController().signal;
  const run = (session: MysqlSession, sql: string, about: Partial<Reading> = {}) =>
    engine.run(session, { sql, parameters: [], maxRows: 10, maxBytes: 1_000_000, timeoutMs: 5000, signal: never, ...about });

  beforeAll(async () => {
    if (skip) return;
    authority = await makeAuthority();
    verified = { mode: 'verify-full', ca: authority.cert };
    server = await startMysql(kind, { ssl: await makeServerCertificate(authority) });
    const literal = password.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
    await server.sql(
      `CREATE DATABASE shop CHARACTER SET utf8mb4; CREATE USER reader@'%' IDENTIFIED BY '${literal}'; GRANT SELECT ON shop.* TO reader@'%'`,
    );
    await server.sql("CREATE TABLE item (id int PRIMARY KEY, name varchar(20)); INSERT INTO item VALUES (1, 'x')", 'shop');
  }, 120_000);
  afterAll(() => server?.stop());

  it.skipIf(skip)('is opened stage by stage, verified, read-only and limited', async () => {
    const passed: Passed = [];
    const session = await open(place(), { passed });
    expect(passed).toEqual([
      ['dns', expect.any(String), 'passed'],
      ['network', expect.any(String), 'passed'],
      ['tcp', expect.any(String), 'passed'],
      ['tls', expect.stringMatching(/^TLSv1\.3, TLS_\w+, certificate of 127\.0\.0\.1, valid until 20/), 'passed'],
      ['auth', kind === 'mysql' ? 'caching_sha2_password, inside the encryption' : 'mysql_native_password', 'passed'],
      ['database', 'shop', 'passed'],
    ]);
    expect(session.certificate).toMatchObject({ subject: 'CN=localhost', names: ['127.0.0.1', 'localhost'] });
    const facts = await engine.server(session);
    expect(facts).toMatchObject({ dialect: kind, replica: false, encryption: expect.stringMatching(/^TLSv1\.3, TLS_/) });
    expect(facts.identity).toMatch(/\/73686f70$/);
    expect(await engine.read(session)).toMatch(/1792/);
    await session.close();
    await session.close();
    await expect.poll(others).toBe(0);
  });

  it.skipIf(skip)('takes a pinned certificate whoever signed it, and no other', async () => {
    const untrusted = await faultOf(open(place({ tls: { mode: 'verify-full' } })));
    expect(untrusted.code).toBe('tls.untrusted');
    const sha256 = /[0-9a-f]{64}/.exec((untrusted.about.tryThis ?? []).join('\n'))?.[0] ?? '';
    const passed: Passed = [];
    await (await open(place({ tls: { mode: 'pinned', sha256 } }), { passed })).close();
    expect(passed).toContainEqual(['tls', expect.stringContaining('the pinned certificate'), 'passed']);
    expect((await faultOf(open(place({ tls: { mode: 'pinned', sha256: '0'.repeat(64) } })))).code).toBe('tls.changed');
    const stranger = await makeAuthority('somebody else');
    expect((await faultOf(open(place({ tls: { mode: 'verify-full', ca: stranger.cert } })))).code).toBe('tls.untrusted');
  });

  it.skipIf(skip)('does not give the password over an open wire, but on this machine', async () => {
    const passed: Passed = [];
    if (kind === 'mysql') await server.sql('FLUSH PRIVILEGES');
    await (await open(place({ tls: { mode: 'disable' } }), { passed })).close();
    expect(passed.find(([stage]) => stage === 'auth')?.[1]).toBe(
      kind === 'mysql' ? 'caching_sha2_password, encrypted with the server’s key' : 'mysql_native_password',
    );
    if (kind === 'mysql') await server.sql('FLUSH PRIVILEGES');
    const dial = async () => createConnection(server.port, '127.0.0.1');
    const fault = await faultOf(open(place({ host: 'db.example', tls: { mode: 'disable' } }), { dial }));
    expect(fault).toMatchObject({ code: 'auth.unsupported', about: { stage: 'auth', field: 'address.tls' } });
  });

  it.skipIf(skip)('keeps no password and shows none', async () => {
    await inside(place(), async (session) => {
      expect(inspect(session, { depth: 20, showHidden: true })).not.toContain('every#thing');
      await run(session, 'SELECT 1');
    });
    for (const wrong of [place({ password: 'wrong-but-hidden' }), place({ database: 'wrong-but-hidden' })])
      expect(JSON.stringify((await faultOf(open(wrong))).about.detail)).not.toContain('hidden');
    for (const login of [{ password: '' }, { username: '' }]) expect((await faultOf(open(place(login)))).code).toBe('credential.empty');
  });

  it.skipIf(skip)('ends at once when it is cancelled, at any moment', async () => {
    const reason = new Fault('stage.expired', { detail: 'enough' });
    for (const stage of ['tcp', 'tls', 'auth', 'database']) {
      const cancel = new AbortController();
      const passed = Object.assign([] as Passed, { push: (entry: Passed[number]) => entry[0] === stage && cancel.abort(reason) });
      const opened = open(place(), { passed, signal: cancel.signal });
      if (stage === 'database') await expect((await opened).run('SELECT 1')).rejects.toBe(reason);
      else expect((await faultOf(opened)).code).toBe('stage.expired');
    }
    await expect.poll(others, { timeout: 10_000 }).toBe(0);
  });

  it.skipIf(skip)('speaks the wrong dialect to its sister, and says so', async () => {
    const other = kind === 'mysql' ? 'mariadb' : 'mysql';
    expect(await faultOf(open({ ...place(), kind: other }))).toMatchObject({ code: 'server.unsupported', about: { field: 'dbType' } });
  });

  const stateSql = `SELECT @@sql_mode, @@time_zone, @@sql_select_limit, @@character_set_client, DATABASE(), @loot, IS_USED_LOCK('loot'), @@autocommit`;
  it
    .skipIf(skip)
    .each([
      ['SET SESSION TRANSACTION READ WRITE'],
      ["SET SESSION sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'"],
      ["SET NAMES 'gbk'"],
      ["SELECT @loot := 7, GET_LOCK('loot', 0)"],
      ['SET @loot = 7'],
      ['SET autocommit = 0'],
      ['COMMIT'],
      ['START TRANSACTION READ WRITE'],
      ['SELECT 1; SELECT 2'],
      ['SELECT nonesuch'],
      [''],
    ])('leaves nothing in it: %s', async (sql) => {
    await inside(place(), async (session) => {
      await run(session, 'SELECT 1');
      const before = (await run(session, stateSql)).rows;
      await run(session, sql).catch(() => undefined);
      expect((await run(session, 'SELECT name FROM shop.item')).rows).toEqual([['x']]);
      expect((await run(session, stateSql)).rows).toEqual(before);
      expect(session.usable).toBe(true);
      expect(await engine.read(session)).toMatch(/1792/);
    });
  });

  it.skipIf(skip)('ends what leaves the database that it is for', async () => {
    await server.sql("GRANT SELECT ON mysql.* TO reader@'%'");
    const session = await open(place());
    await run(session, 'USE mysql').catch(() => undefined);
    const again = await run(session, 'SELECT DATABASE()').catch((error: Fault) => error);
    expect(again instanceof Fault ? again.code : again.rows).toEqual(
      again instanceof Fault ? 'session.writable' : [['information_schema']],
    );
    await session.close();
    await server.sql("REVOKE SELECT ON mysql.* FROM reader@'%'");
  });

  it.skipIf(skip)('has a statement ended in the database over the same encryption', async () => {
    const session = await open(place());
    const hangUp = new AbortController();
    const asked = run(session, 'SELECT SLEEP(60)', { timeoutMs: 100_000, signal: hangUp.signal }).catch((error: Error) => error);
    const sleeping = async () =>
      Number((await server.sql("SELECT COUNT(*) AS n FROM information_schema.PROCESSLIST WHERE INFO LIKE 'SELECT SLEEP(60)%'"))[0]?.n);
    await vi.waitFor(async () => expect(await sleeping()).toBe(1), { timeout: 10_000 });
    hangUp.abort();
    expect(await asked).toMatchObject({ code: 'statement.cancelled' });
    expect(session.usable).toBe(false);
    await vi.waitFor(async () => expect(await sleeping()).toBe(0), { timeout: 10_000 });
    await session.close();
    const expired = await inside(place(), (other) => run(other, 'SELECT SLEEP(60)', { timeoutMs: 300 }).catch((error: Fault) => error));
    expect(expired).toMatchObject({ code: 'statement.expired' });
  });

  it.skipIf(skip)('counts what a point query costs: two ways there and back', async () => {
    await inside(place(), async (session) => {
      const { rows } = await run(session, 'SELECT name FROM shop.item WHERE id = ?', { parameters: [1] });
      expect(rows).toEqual([['x']]);
      expect((await run(session, 'SELECT id FROM shop.item LIMIT ?', { parameters: [1] })).rows).toEqual([[1]]);
      expect(session).toMatchObject({ limits: { timeoutMs: 5000, maxRows: 10 } });
      const more = await run(session, 'SELECT a.id FROM shop.item a', { maxRows: 0 });
      expect(more).toMatchObject({ rows: [], truncated: true, limit: 'rows' });
    });
  });

  const four = '(SELECT 1 AS i UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4)';
  it.skipIf(skip).each([
    [`SELECT COUNT(*) AS n FROM ${four} x`, ['4']],
    [`WITH x AS ${four} SELECT SUM(i) AS n FROM x`, ['10']],
    [`SELECT (SELECT COUNT(*) FROM ${four} x) AS n`, ['4']],
    [`SELECT GROUP_CONCAT(i ORDER BY i) AS n FROM ${four} x`, ['1,2,3,4']],
    [`SELECT MAX(i) AS n FROM ${four} x WHERE i IN (SELECT i FROM ${four} y)`, ['4']],
    ['WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < 3000) SELECT COUNT(*) AS n FROM r', ['3000']],
    [`SELECT i FROM ${four} x`, ['1']],
    ['SELECT 1 AS i UNION ALL SELECT 2 UNION ALL SELECT 3', ['1']],
    [`SELECT i FROM ${four} x ORDER BY i DESC LIMIT 3`, ['4']],
  ])('limits what is answered, and nothing that it is made of: %s', async (sql, expected) => {
    await inside(place(), async (session) => {
      const { rows } = await run(session, sql, { maxRows: 1 });
      expect(rows.flat().map(String)).toEqual(expected);
      expect((await run(session, `SELECT COUNT(*) FROM ${four} x`, { maxRows: 5 })).rows.flat().map(Number)).toEqual([4]);
    });
  });

  it.skipIf(skip)('ends with the session that was ended from outside', async () => {
    await inside(place(), async (session) => {
      const asked = run(session, 'SELECT SLEEP(60)', { timeoutMs: 100_000 }).catch((error: Error) => error);
      await vi.waitFor(
        async () => {
          const [row] = await server.sql("SELECT ID FROM information_schema.PROCESSLIST WHERE INFO LIKE 'SELECT SLEEP(60)%'");
          expect(row).toBeDefined();
          await server.sql(`KILL ${String(row?.ID)}`);
        },
        { timeout: 10_000 },
      );
      expect(await asked).toMatchObject({ code: expect.stringMatching(/server\.lost|statement\.expired/) });
    });
  });
});
