import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from './support/app.ts';
import { type MysqlServer, startMysql } from './support/mysql-server.ts';
import { refusal } from './support/refusal.ts';
import { gate } from './support/require.ts';

const { skip } = gate('mariadb');

/** This server does not notice by itself that nobody waits for an answer: it is told over a connection of its own, with the same login. */
describe.skipIf(skip)('a statement whose connection is switched off', () => {
  let app: TestApp;
  let server: MysqlServer;
  beforeAll(async () => {
    server = await startMysql('mariadb');
    await server.sql(
      'CREATE DATABASE shop; CREATE TABLE shop.orders (id int primary key); INSERT INTO shop.orders SELECT seq FROM shop.seq_1_to_3000',
    );
    await server.sql("CREATE USER reader@'%' IDENTIFIED BY 'secret'; GRANT SELECT ON shop.* TO reader@'%'");
    app = await startApp({ env: { PORTCULLIS_PROBE_MINUTES: '0' } });
  });
  afterAll(async () => {
    await app?.stop();
    await server?.stop();
  });
  const count = async (sql: string): Promise<number> => Number(Object.values((await server.sql(sql))[0] ?? {}).at(-1));
  const running = () =>
    count("SELECT COUNT(*) AS n FROM information_schema.PROCESSLIST WHERE USER = 'reader' AND COMMAND IN ('Query', 'Execute')");
  const denied = () => count("SHOW GLOBAL STATUS LIKE 'Access_denied_errors'");
  const registered = async (name: string) => {
    const address = { host: '127.0.0.1', port: server.port, database: 'shop', tls: { mode: 'disable' as const }, ssh: null };
    const credentials = { readOnly: { username: 'reader', password: 'secret' } };
    const made = await app.admin.client.createDbConnection({ body: { dbType: 'mariadb', name, address, credentials } });
    const params = { id: made.id };
    await expect.poll(async () => (await app.admin.client.getDbConnection({ params })).status, { timeout: 60_000 }).toBe('ready');
    const sql = 'select count(*) from shop.orders a, shop.orders b, shop.orders c where a.id + b.id + c.id < 0';
    return { params, slow: () => refusal(app.admin.client.runQuery({ params, body: { sql } })) };
  };
  const until = (most: () => Promise<number>) => expect.poll(most, { timeout: 20_000 });

  test('is ended in the database', { timeout: 120_000 }, async () => {
    const { params, slow } = await registered('switched off');
    const asked = slow();
    await until(running).toBe(1);
    await app.admin.client.disableDbConnection({ params, body: { reason: 'a pause' } });
    expect(await asked).toMatchObject({ code: 'connection.disabled' });
    await until(running).toBe(0);
  });

  test('with a login that is not taken any more is not ended by trying it again and again', { timeout: 120_000 }, async () => {
    const { params, slow } = await registered('rotated');
    const asked = [slow(), slow(), slow()];
    await until(running).toBe(3);
    await server.sql("ALTER USER reader@'%' IDENTIFIED BY 'another'");
    const before = await denied();
    // A person finds out first: from then on nobody else tries.
    expect((await app.admin.client.testStoredDbConnection({ params })).ok).toBe(false);
    await app.admin.client.disableDbConnection({ params, body: { reason: 'rotated' } });
    for (const one of asked) expect(await one).toMatchObject({ code: 'connection.disabled' });
    // What was told to nobody is ended by whoever runs the server.
    for (const { ID } of await server.sql("SELECT ID FROM information_schema.PROCESSLIST WHERE USER = 'reader'"))
      await server.sql(`KILL ${ID}`).catch(() => []);
    await until(running).toBe(0);
    expect((await denied()) - before).toBe(1);
  });
});
