import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PostgresServer, startPostgres } from '../../../../tests/support/postgres.ts';
import { embeddedBinaries } from '../../../../tests/support/postgres-embedded.ts';
import { gate } from '../../../../tests/support/require.ts';
import { publishedOf, statementsOf } from '../../../../tests/support/statements.ts';
import { viewReads } from '../../../../tests/support/view-reads.ts';
import type { PublishedCatalog } from '../guard.ts';
import { postgresGuard } from './guard.ts';

const tsvector = "unnest(to_tsvector('simple', 'a')) AS pin";

/** Statements in which the server looks for a name in other places than its writer says, or gives another name than it seems. */
const lookups = [
  'SELECT q.* FROM riders r, LATERAL (SELECT r.* FROM CAST((SELECT r.* FROM (SELECT 1 AS z) r) AS text)) AS q',
  'SELECT q.* FROM riders r, LATERAL (SELECT r.* FROM COALESCE((SELECT r.* FROM (SELECT 1 AS z) r), 2)) AS q',
  `SELECT pin FROM (unnest(to_tsvector('simple', 'a')) AS pin NATURAL JOIN (SELECT * FROM ${tsvector}) q) AS j, riders`,
  `SELECT pin FROM (SELECT * FROM ${tsvector} NATURAL JOIN (SELECT * FROM ${tsvector}) q) AS j, riders`,
  `SELECT EXISTS (SELECT pin.* FROM stations GROUP BY pin) FROM ${tsvector}, riders`,
  `SELECT EXISTS (SELECT pin.* FROM stations ORDER BY pin) FROM ${tsvector}, riders`,
  `SELECT EXISTS (SELECT DISTINCT ON (pin) pin.* FROM stations) FROM ${tsvector}, riders`,
  "SELECT pin FROM riders, unnest(to_tsvector('simple', 'a'), ARRAY[1]) AS pin",
  'SELECT column1 FROM counted, (SELECT FROM staff) z, LATERAL (VALUES (z.*)) v',
  'SELECT pin FROM CAST(NULL AS public.nothing) AS pin, riders',
  'SELECT (SELECT public.riders.name FROM ops.depots AS riders LIMIT 1), row_to_json(riders) FROM riders',
  'SELECT name FROM riders, staff',
  "SELECT 'x' AS pin, count(*) FROM riders GROUP BY (pin, city)",
  "SELECT 'x' AS pin, count(*) FROM riders GROUP BY GROUPING SETS ((pin, city), ROLLUP (plan, pin))",
  'SELECT j FROM riders JOIN staff USING (id) AS j',
];

/** A text or a number beside a regtype would be read as the name, or the number, of any type: each table has one. */
const types = [
  'SELECT CASE WHEN false THEN pg_typeof(1) ELSE $1 END',
  'SELECT x FROM (VALUES (pg_typeof(1)), ($1)) AS v(x)',
  'SELECT unnest(ARRAY[pg_typeof(name), $1]) FROM riders',
  'SELECT pg_typeof(1) UNION SELECT $1',
  "SELECT array_to_string(array_append(array_agg(pg_typeof(1)), $1), ',')",
];

describe.each(['postgres', 'postgres-of-npm'] as const)('on a server of %s', (kind) => {
  const { skip } = gate(kind);
  let server: PostgresServer | undefined;
  let client: Client;
  let published: PublishedCatalog = { tables: [] };
  const judge = (sql: string) => postgresGuard.classify({ sql, published, searchPath: ['public'] });

  beforeAll(async () => {
    await postgresGuard.ready();
    if (skip) return;
    server = await startPostgres(kind === 'postgres' ? {} : { bin: embeddedBinaries() });
    await server.sql(statementsOf(import.meta.dirname).schema);
    await server.sql(`CREATE TYPE nothing AS (); CREATE TABLE counted (id int, column1 text); INSERT INTO counted VALUES (1, 'pin-1');
      CREATE TYPE mood AS ENUM ('good', 'bad')`);
    client = new Client(server.url('postgres'));
    await client.connect();
    await client.query('SET search_path = pg_catalog, pg_temp');
    const { rows } = await client.query(
      `SELECT table_schema AS schema, table_name AS table, column_name AS column FROM information_schema.columns
        WHERE table_schema IN ('public', 'ops') AND column_name <> 'column1' AND (table_name, column_name) <> ('depots', 'name')`,
    );
    published = { ...publishedOf(rows), types: ['public.nothing', 'public.mood', 'public.pay_status'] };
  });
  afterAll(async () => {
    await client?.end();
    await server?.stop();
  });

  test.skipIf(skip).each(lookups)('only what was judged is read: %s', async (sql) => {
    const result = judge(sql);
    if (!result.ok) return;
    const noted = result.columns.map((ref) => `${ref.schema}.${ref.table}.${ref.column}`);
    expect(noted).toEqual(expect.arrayContaining((await viewReads(client, result.sql))?.columns ?? []));
    expect(noted.filter((column) => /\.(pin|column1)$/.test(column))).toEqual([]);
    const { rows } = await client.query(result.sql).catch(() => ({ rows: [] }));
    expect(JSON.stringify(rows)).not.toMatch(/pin-\d/);
  });

  test.skipIf(skip).each(types)('no name of the catalogue is told: %s', async (sql) => {
    const result = judge(sql);
    if (!result.ok) throw new Error(result.refusal.message);
    const [known] = (await client.query("SELECT 'public.secrets'::regtype::oid::text AS oid, pg_typeof(1) AS same")).rows;
    const { rows } = await client.query({ text: result.sql, values: [known.oid], rowMode: 'array' });
    expect(JSON.stringify(rows)).toContain(known.oid);
    expect(JSON.stringify(rows)).not.toContain('secrets');
  });

  test.skipIf(skip)('a type of a published column is found in the schemas that are searched', async () => {
    const result = judge(
      "SELECT status = 'paid'::pay_status, enum_range(NULL::mood), '{good}'::mood[] FROM payments ORDER BY payments.id LIMIT 1",
    );
    if (!result.ok) throw new Error(result.refusal.message);
    expect((await client.query({ text: result.sql, rowMode: 'array' })).rows).toEqual([[true, '{good,bad}', '{good}']]);
    expect(judge("SELECT 'x'::secrets")).toMatchObject({ ok: false, refusal: { rule: 'type.unlisted' } });
  });

  test.skipIf(skip)('a name that two tables have is refused by the server only where both publish it', async () => {
    const few: PublishedCatalog = {
      tables: [
        { schema: 'public', name: 'riders', kind: 'table', columns: ['id', 'name'] },
        { schema: 'public', name: 'staff', kind: 'table', columns: ['id'] },
      ],
    };
    const result = postgresGuard.classify({
      sql: 'SELECT name FROM riders JOIN staff ON riders.id = staff.id ORDER BY 1 LIMIT 1',
      published: few,
      searchPath: ['public'],
    });
    if (!result.ok) throw new Error(result.refusal.message);
    expect((await client.query(result.sql)).rows).toEqual([{ name: 'Anna6' }]);
  });
});
