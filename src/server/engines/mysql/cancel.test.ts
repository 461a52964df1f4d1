import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Kind } from '../../../../tests/support/mysql-binaries.ts';
import { type MysqlServer, startMysql } from '../../../../tests/support/mysql-server.ts';
import { engineOfKind, open } from '../../../../tests/support/open-mysql.ts';
import { dial } from '../../../../tests/support/open-postgres.ts';
import { gate } from '../../../../tests/support/require.ts';

describe.each<Kind>(['mysql', 'mariadb'])('ending a statement of %s whose name leads to another server by now', (kind) => {
  const { skip } = gate(kind);
  const servers: MysqlServer[] = [];
  beforeAll(async () => {
    if (skip) return;
    for (let count = 0; count < 2; count++) {
      const server = await startMysql(kind);
      servers.push(server);
      await server.sql("CREATE DATABASE shop; CREATE USER reader@'%' IDENTIFIED BY 'secret'; GRANT SELECT ON shop.* TO reader@'%'");
    }
  }, 120_000);
  afterAll(() => Promise.all(servers.map((server) => server.stop())));
  const killed = async (server: MysqlServer): Promise<number> => Number((await server.sql("SHOW GLOBAL STATUS LIKE 'Com_kill'"))[0]?.Value);

  it.skipIf(skip)('ends nobody else there, and does where it is the same', async () => {
    const [first, second] = servers as [MysqlServer, MysqlServer];
    let port = first.port;
    const ports: number[] = [];
    const moving: typeof dial = (to, how) => {
      ports.push(port);
      return dial({ ...to, port }, how);
    };
    for (const now of [first, second]) {
      port = first.port;
      const session = await open({ kind, port }, { dial: moving });
      await engineOfKind[kind].server(session);
      port = now.port;
      const before = await Promise.all(servers.map(killed));
      await session.cancel();
      const after = await Promise.all(servers.map(killed));
      expect([after[0] === before[0], after[1]]).toEqual([now !== first, before[1]]);
      await session.close();
    }
    expect(ports).toEqual([first.port, first.port, first.port, second.port]);
    await vi.waitFor(async () => {
      const [row] = await first.sql("SELECT COUNT(*) AS n FROM information_schema.PROCESSLIST WHERE USER = 'reader'");
      expect(Number(row?.n)).toBe(0);
    });
  });

  it.skipIf(skip)('tells that its own sign-in was rejected, so that nobody goes on with that password', async () => {
    const [server] = servers as [MysqlServer];
    const told: string[] = [];
    const session = await open({ kind, port: server.port }, { refused: ({ code }) => told.push(code) });
    await server.sql("ALTER USER reader@'%' IDENTIFIED BY 'another'");
    await session.cancel();
    expect(told).toEqual(['credential.rejected']);
    await session.close();
    await server.sql("ALTER USER reader@'%' IDENTIFIED BY 'secret'");
  });
});
