import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { type KeyPair, makeAuthority, makeServerCertificate } from '../../../tests/support/certificates.ts';
import type { Kind } from '../../../tests/support/mysql-binaries.ts';
import { type MysqlServer, startMysql } from '../../../tests/support/mysql-server.ts';
import { engineOfKind, open as openMysql } from '../../../tests/support/open-mysql.ts';
import { openOracle } from '../../../tests/support/open-oracle.ts';
import { openSqlServer } from '../../../tests/support/open-sqlserver.ts';
import { startOracleDouble } from '../../../tests/support/oracle-double.ts';
import { paperAnswer, samplePaper } from '../../../tests/support/oracle-paper.ts';
import { gate } from '../../../tests/support/require.ts';
import { startSshServer, type TestSshServer } from '../../../tests/support/ssh-server.ts';
import { startStandIn } from '../../../tests/support/tds-stand-in.ts';
import { byPassword, tunnelOver } from '../../../tests/support/tunnel.ts';
import type { Tls } from '../../contract/engines.ts';
import type { Fault } from '../platform/fault.ts';
import type { Tunnel } from '../platform/ssh-tunnel.ts';

/*
 * What every driver makes of a connection that is no socket of the operating system: PostgreSQL is tried through the whole application in
 * tests/tunnel.test.ts, the others here, real servers where there are some.
 */
let authority: KeyPair;
let pair: KeyPair;
let ssh: TestSshServer;
let tunnel: Tunnel;
const ways = (): readonly Tls[] => [{ mode: 'disable' }, { mode: 'verify-full', ca: authority.cert }];

beforeAll(async () => {
  authority = await makeAuthority();
  pair = await makeServerCertificate(authority);
  ssh = await startSshServer({ password: 'secret' });
  tunnel = tunnelOver(ssh, byPassword('secret'));
});
afterEach(() => {
  ssh.asked.length = 0;
});
afterAll(async () => {
  await tunnel?.close();
  await vi.waitFor(() => expect(ssh.open()).toBe(0));
  await ssh?.stop();
});

describe.each(['mysql', 'mariadb'] as const)('%s through a tunnel', (kind: Kind) => {
  const skip = gate(kind).skip;
  const engine = engineOfKind[kind];
  let server: MysqlServer;
  beforeAll(async () => {
    if (skip) return;
    server = await startMysql(kind, { ssl: pair });
    await server.sql(
      "create database shop; create table shop.t (id int); insert into shop.t values (7); create user reader@'%' identified by 'secret'; grant select on shop.* to reader@'%'",
    );
  });
  afterAll(() => server?.stop());
  const reading = (sql: string, signal: AbortSignal) => ({
    sql,
    parameters: [],
    maxRows: 10,
    maxBytes: 100_000,
    timeoutMs: 20_000,
    signal,
  });
  const running = async (): Promise<number> =>
    Number(
      (
        await server.sql(
          "select count(*) as n from information_schema.processlist where info like '%sleep(30)%' and info not like '%processlist%'",
        )
      )[0]?.n,
    );

  test.skipIf(skip)('reads, encrypted or not, and what ends a statement goes through it too', async () => {
    for (const tls of ways()) {
      const session = await openMysql({ kind, port: server.port, tls }, { dial: tunnel.dial });
      expect((await engine.run(session, reading('select `t`.`id` from `shop`.`t`', AbortSignal.timeout(20_000)))).rows).toEqual([[7]]);
      const ended = new AbortController();
      const long = engine.run(session, reading('select sleep(30) from `shop`.`t`', ended.signal)).catch((error: Fault) => error.code);
      await expect.poll(running, { timeout: 10_000 }).toBe(1);
      ended.abort();
      expect(await long).toBe('statement.cancelled');
      await expect.poll(running, { timeout: 10_000 }).toBe(0);
      await session.close();
    }
    expect(ssh.asked.length).toBeGreaterThanOrEqual(4);
    expect(new Set(ssh.asked)).toEqual(new Set([`127.0.0.1:${server.port}`]));
  });

  test.skipIf(skip)(
    'a tunnel that breaks ends what runs with a clear fault',
    async () => {
      for (const tls of ways()) {
        const session = await openMysql({ kind, port: server.port, tls }, { dial: tunnel.dial });
        const long = engine
          .run(session, reading('select sleep(30) from `shop`.`t`', AbortSignal.timeout(25_000)))
          .catch((error: Fault) => error.code);
        await expect.poll(running, { timeout: 10_000 }).toBe(1);
        ssh.drop();
        expect(['tunnel.lost', 'server.lost']).toContain(await long);
        expect(session.usable).toBe(false);
        await session.close();
        await server.sql('select 1');
        await expect.poll(running, { timeout: 40_000 }).toBe(0);
      }
    },
    90_000,
  );
});

describe('stand-ins through a tunnel', () => {
  test('of SQL Server', async () => {
    for (const tls of ways()) {
      const standIn = await startStandIn(tls.mode === 'disable' ? {} : { pair });
      const session = await openSqlServer({ port: standIn.port, tls, dial: tunnel.dial });
      expect([session.usable, standIn.signIns.length, ssh.asked.at(-1)]).toEqual([true, 1, `127.0.0.1:${standIn.port}`]);
      await session.close();
      await expect.poll(() => standIn.open()).toBe(0);
      await standIn.close();
    }
  });

  test('of Oracle', async () => {
    for (const tls of ways()) {
      const double = await startOracleDouble({
        users: { SCOTT: 'tiger' },
        answer: paperAnswer(samplePaper),
        ...(tls.mode === 'disable' ? {} : { tls: pair }),
      });
      const session = await openOracle({ port: double.port, tls }, [], AbortSignal.timeout(20_000), 10_000, tunnel.dial);
      expect([session.usable, ssh.asked.at(-1)]).toEqual([true, `127.0.0.1:${double.port}`]);
      await session.close();
      await expect.poll(() => double.open()).toBe(0);
      await double.close();
    }
  });
});
