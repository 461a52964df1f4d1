import { type Connection, createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MysqlServer, startMysql } from '../../../../tests/support/mysql-server.ts';
import { gate } from '../../../../tests/support/require.ts';
import { mutate, publishedOf, seeded, statementsOf } from '../../../../tests/support/statements.ts';
import type { Guard, PublishedCatalog } from '../guard.ts';
import { loadGuard } from '../guards.ts';

const { legit, schema } = statementsOf(import.meta.dirname);

/** Statements in which an unpublished column could take a name for itself, or come along, were they sent as they are written. */
const captures = [
  'SELECT (SELECT pin FROM riders ORDER BY id LIMIT 1) AS p FROM (SELECT 1 AS pin) q',
  'SELECT (SELECT pin FROM riders q ORDER BY id LIMIT 1) AS p FROM (SELECT 1 AS pin) q',
  'SELECT COUNT(*) AS pin FROM riders GROUP BY city HAVING COUNT(*) > 0 ORDER BY pin',
  "SELECT 'x' AS pin, COUNT(*) AS n FROM riders GROUP BY pin",
  "SELECT 'x' AS pin, city FROM riders GROUP BY pin, city WITH ROLLUP",
  "SELECT CONCAT('a', city) AS pin FROM riders HAVING pin LIKE '%-1%'",
  'SELECT name AS pin FROM riders ORDER BY CONCAT(pin, 1)',
  'SELECT 1 AS one FROM (SELECT 1 AS pin) o WHERE EXISTS (SELECT 1 FROM riders JOIN staff ON pin = staff.id)',
  'SELECT * FROM riders NATURAL JOIN staff',
  'SELECT * FROM riders LEFT JOIN staff USING (id)',
  'SELECT a.* FROM riders a, staff b WHERE a.id = b.id',
  'SELECT * FROM (SELECT * FROM riders) a',
  'WITH q AS (SELECT 1 AS pin) SELECT (SELECT SUM(pin) FROM staff WHERE id = 1) AS s FROM q',
  'SELECT x.name FROM riders x WHERE x.id IN (SELECT id FROM staff WHERE (SELECT MAX(pin) FROM (SELECT 1 AS pin) z) = 1)',
  'WITH riders AS (SELECT * FROM riders) SELECT * FROM riders',
  'SELECT * FROM Riders',
  'SELECT name FROM riders WHERE (id, name) IN (SELECT * FROM (SELECT id, name FROM staff) s)',
  "(SELECT id, name AS pin FROM riders WHERE id < 4) ORDER BY pin LIKE 'pin-1002' DESC",
  'SELECT (SELECT Q.pin FROM (SELECT 1 AS pin) q) AS v FROM riders Q',
  'SELECT (SELECT MAX(d.v) FROM (SELECT 1 AS pin) q RIGHT JOIN LATERAL (SELECT q.pin AS v) d ON 1 = 1) AS v FROM riders q',
  "SELECT (SELECT MAX(j.v) FROM (SELECT 'a' AS pin) q RIGHT JOIN JSON_TABLE(JSON_QUOTE(q.pin), '$' COLUMNS (v TEXT PATH '$')) j ON 1) AS v FROM riders q",
  'WITH b AS (SELECT 1 AS pin) SELECT * FROM (WITH RECURSIVE a AS (SELECT pin FROM b, riders r), b AS (SELECT 2 AS z) SELECT * FROM a) q',
  'WITH q AS (SELECT 1 AS pin) SELECT * FROM (WITH Q AS (SELECT 2 AS z) SELECT pin FROM q, riders r) x',
  "SELECT j.v FROM (SELECT 'a' AS pin) q RIGHT JOIN (riders r JOIN JSON_TABLE(JSON_QUOTE(pin), '$' COLUMNS (v TEXT PATH '$')) j) ON 1 = 1 LIMIT 2",
  "WITH secrets AS (SELECT 1 AS id, 'ok' AS value) SELECT * FROM (WITH b AS (SELECT * FROM secrets) SELECT * FROM b) q",
  "WITH secrets AS (SELECT 1 AS id, 'ok' AS value) SELECT * FROM (WITH b AS (SELECT 1 AS x) SELECT secrets.* FROM b, secrets) q",
  "WITH secrets AS (SELECT 1 AS id, 'ok' AS value), b AS (SELECT * FROM secrets) SELECT * FROM b UNION SELECT * FROM secrets ORDER BY (SELECT value FROM secrets)",
  'WITH stations AS (SELECT 1 AS pin) SELECT * FROM (WITH a AS (SELECT pin FROM stations, riders r), stations AS (SELECT 2 AS z) SELECT * FROM a) q',
  'WITH İ AS (SELECT 1 AS pin) SELECT * FROM (WITH i AS (SELECT 2 AS z) SELECT pin FROM İ, riders r) w',
  'SELECT riders.* FROM riders, (SELECT 1 AS x) riders',
  'SELECT (SELECT `r?`.pin FROM riders `r🚲` LIMIT 1) AS v FROM (SELECT 1 AS pin) `r?`',
  'SELECT `r🚲`.* FROM riders `r?`, (SELECT 1 AS x) `r🚲`',
  'WITH riders AS (SELECT 1 AS x) SELECT riders.* FROM fleet.riders, riders',
  'SELECT (SELECT COUNT(*) FROM (SELECT 1 AS pin) q JOIN stations s JOIN bikes b ON q.pin = 1) AS n FROM riders q',
  'SELECT d.* FROM (SELECT 1 AS pin) q, LATERAL (SELECT r.id, q.pin FROM riders r ORDER BY pin DESC LIMIT 1) d',
];

describe.each(['mariadb', 'mysql'] as const)('%s', (engine) => {
  const { skip } = gate(engine);
  const own = legit.filter(({ only }) => only === undefined || only === engine);
  let server: MysqlServer | undefined;
  /** The database of the statements, the same without unpublished columns, and the same without anything unpublished. */
  const open: Partial<Record<'fleet' | 'plain' | 'bare', Connection>> = {};
  let guard: Guard;
  let published: PublishedCatalog = { tables: [] };
  const judge = (sql: string) => guard.classify({ sql, published, searchPath: ['fleet'] });

  /** Rows and names of an answer, by the protocol that the session uses too. */
  async function answer(database: keyof typeof open, sql: string, parameters: readonly (string | number)[] = []) {
    const connection = open[database];
    if (!connection) throw new Error('the server is not there');
    const [found, fields] = await connection.execute({ sql, rowsAsArray: true }, [...parameters]);
    const rows = found as unknown[];
    return { names: fields.map((field) => field.name), rows: rows.map((row) => JSON.stringify(row)).sort() };
  }

  beforeAll(async () => {
    if (skip) return;
    guard = await loadGuard(engine);
    server = await startMysql(engine);
    for (const database of ['fleet', 'plain', 'bare'] as const) {
      await server.sql(`CREATE DATABASE ${database} CHARACTER SET utf8mb4`);
      await server.sql(schema, database);
      const way = { socketPath: `${server.folder}/s.sock`, user: server.root.username, password: server.root.password };
      open[database] = await createConnection({ ...way, database, charset: 'utf8mb4', dateStrings: true, multipleStatements: false });
      await open[database]?.query("SET SESSION sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES'");
    }
    const drop = 'ALTER TABLE riders DROP COLUMN pin; ALTER TABLE staff DROP COLUMN pin';
    await server.sql(drop, 'plain');
    await server.sql(`${drop}; DROP TABLE secrets`, 'bare');
    const rows = await server.sql(
      `SELECT table_schema AS 'schema', table_name AS 'table', column_name AS 'column' FROM information_schema.columns
        WHERE table_schema IN ('fleet', 'ops') ORDER BY table_schema, table_name, ordinal_position`,
    );
    published = publishedOf(rows as unknown as { schema: string; table: string; column: string }[]);
  }, 120_000);
  afterAll(async () => {
    await Promise.all(Object.values(open).map((one) => one.end()));
    await server?.stop();
  });

  test.skipIf(skip).each(own)('runs $sql', async ({ sql, parameters = [] }) => {
    const result = judge(sql);
    if (!result.ok) throw new Error(`${result.refusal.rule}: ${result.refusal.message}`);
    // The meaning is the same: the same rows under the same names.
    expect(await answer('fleet', result.sql, parameters)).toEqual(await answer('plain', sql, parameters));
  });

  test.skipIf(skip).each(captures)('reads no unpublished column for %s', async (sql) => {
    const result = judge(sql);
    if (!result.ok) return;
    const sent = await answer('fleet', result.sql).catch((error: Error) => error.message);
    const elsewhere = await answer('bare', result.sql.replaceAll('`fleet`.', '`bare`.')).catch((error: Error) => error.message);
    expect(JSON.stringify(sent)).not.toMatch(/pin-\d/);
    if (typeof sent !== 'string') expect(sent).toEqual(elsewhere);
  });

  const rounds = Number(process.env.GUARD_ROUNDS ?? 2500);
  test.skipIf(skip)(
    'a statement that is changed at random is refused, or runs where nothing but what is published exists',
    async () => {
      const random = seeded(Number(process.env.GUARD_SEED ?? 20_260_103));
      const all = own.filter(({ parameters }) => !parameters).map(({ sql }) => sql);
      let [accepted, ran] = [0, 0];
      for (let round = 0; round < rounds; round++) {
        const sql = mutate(all[random(all.length)] ?? '', all, random);
        const result = judge(sql);
        if (!result.ok || result.parameters > 0) continue;
        accepted++;
        const sent = await answer('fleet', result.sql).catch(() => null);
        if (!sent) continue;
        ran++;
        expect({ sql, leaked: /pin-\d|secret \d/.test(JSON.stringify(sent)) }).toEqual({ sql, leaked: false });
        const elsewhere = await answer('bare', result.sql.replaceAll('`fleet`.', '`bare`.')).catch((error: Error) => error.message);
        expect({ sql, names: sent.names, rows: sent.rows.length }).toEqual({
          sql,
          ...(typeof elsewhere === 'string' ? { elsewhere } : { names: elsewhere.names, rows: elsewhere.rows.length }),
        });
      }
      expect(accepted).toBeGreaterThan(rounds / 50);
      expect(ran).toBeGreaterThan(rounds / 100);
    },
    300_000,
  );
});
