import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Kind } from '../../../../tests/support/mysql-binaries.ts';
import { type MysqlServer, startMysql } from '../../../../tests/support/mysql-server.ts';
import { engineOfKind, inside } from '../../../../tests/support/open-mysql.ts';
import { gate } from '../../../../tests/support/require.ts';
import { loadGuard } from '../guards.ts';

/** Functions of the guard's list that a server of this kind lacks: of one of them the owner of the database has made a function of their own. */
const lacking = { mysql: 'md5', mariadb: 'any_value' } as const;

describe.each<Kind>(['mysql', 'mariadb'])('a name without a database on %s', (kind) => {
  const { skip } = gate(kind);
  const engine = engineOfKind[kind];
  const signal = new AbortController().signal;
  const reading = { parameters: [], maxRows: 10, maxBytes: 100_000, timeoutMs: 5000, signal };
  let server: MysqlServer;

  beforeAll(async () => {
    if (skip) return;
    server = await startMysql(kind);
    await server.sql("CREATE DATABASE shop; CREATE USER reader@'%' IDENTIFIED BY 'secret'; GRANT SELECT, EXECUTE ON shop.* TO reader@'%'");
    await server.sql('CREATE TABLE item (id int); INSERT INTO item VALUES (1)', 'shop');
    await server.sql(`CREATE FUNCTION ${lacking[kind]}(a text) RETURNS text DETERMINISTIC RETURN 'theirs'`, 'shop');
  }, 120_000);
  afterAll(() => server?.stop());

  it.skipIf(skip)('is no function that somebody made, and no table', async () => {
    const guard = await loadGuard(kind);
    const published = { tables: [{ schema: 'shop', name: 'item', kind: 'table' as const, columns: ['id'] }] };
    await inside({ kind, port: server.port }, async (session) => {
      const judged = guard.classify({ sql: `SELECT ${lacking[kind]}('a') AS a FROM item`, published, searchPath: [] });
      if (!judged.ok) throw new Error(judged.refusal.message);
      for (let again = 0; again < 2; again++) {
        await expect(engine.run(session, { ...reading, sql: judged.sql })).rejects.toMatchObject({
          code: 'statement.failed',
          about: { detail: 'The statement calls a function that this version of the server lacks.' },
        });
        expect((await engine.run(session, { ...reading, sql: 'SELECT id FROM `shop`.`item`' })).rows).toEqual([[1]]);
        await expect(engine.run(session, { ...reading, sql: 'SELECT id FROM item' })).rejects.toMatchObject({ code: 'statement.failed' });
      }
      expect(await engine.read(session)).toMatch(/1792/);
    });
  });
});
