import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PostgresServer, startPostgres } from '../../../../tests/support/postgres.ts';
import { gate } from '../../../../tests/support/require.ts';
import { hostileTables, mutate, publishedOf, seeded, statementsOf } from '../../../../tests/support/statements.ts';
import { viewReads } from '../../../../tests/support/view-reads.ts';
import type { PublishedCatalog } from '../guard.ts';
import { postgresGuard } from './guard.ts';

const { skip } = gate('postgres');
const { legit, hostile, schema } = statementsOf(import.meta.dirname);
const searchPath = ['public'];
let server: PostgresServer | undefined;
let client: Client;
/** The same database with what is published alone, and without traps. */
let plain: Client;
let published: PublishedCatalog = { tables: [] };

const judge = (sql: string, catalog = published) => postgresGuard.classify({ sql, published: catalog, searchPath });

/** Rows and names of an answer, in an order that does not depend on the plan. */
async function answer(client: Client, sql: string, parameters: readonly unknown[] = []) {
  await client.query('BEGIN READ ONLY');
  try {
    const { rows, fields } = await client.query({ text: sql, values: [...parameters], rowMode: 'array' });
    return { names: fields.map((field) => field.name), rows: rows.map((row) => JSON.stringify(row)).sort() };
  } finally {
    await client.query('ROLLBACK');
  }
}

beforeAll(async () => {
  await postgresGuard.ready();
  if (skip) return;
  server = await startPostgres();
  for (const database of ['bikes', 'plain']) {
    await server.createDatabase(database);
    await server.sql(schema, database);
  }
  await server.sql('ALTER TABLE riders DROP COLUMN pin; ALTER TABLE staff DROP COLUMN pin', 'plain');
  client = new Client(server.url('bikes'));
  plain = new Client(server.url('plain'));
  await Promise.all([client.connect(), plain.connect()]);
  // Traps for names that are not resolved here as they are there: the same names in a schema that is searched too.
  await client.query(`
    CREATE FUNCTION public.stolen(riders) RETURNS text LANGUAGE sql AS 'SELECT $1.pin';
    CREATE FUNCTION public.lower(riders) RETURNS text LANGUAGE sql AS 'SELECT $1.pin';
    CREATE FUNCTION public.count(integer) RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM public.secrets';
    CREATE FUNCTION public.length(text) RETURNS integer LANGUAGE sql AS 'SELECT 7'`);
  const { rows } = await client.query(
    `SELECT table_schema AS schema, table_name AS table, column_name AS column FROM information_schema.columns
      WHERE table_schema IN ('public', 'ops') ORDER BY table_schema, table_name, ordinal_position`,
  );
  published = publishedOf(rows);
});
afterAll(async () => {
  await Promise.all([client?.end(), plain?.end()]);
  await server?.stop();
});

describe.skipIf(skip)('statements that have to pass', () => {
  test('are many', () => expect(legit.length).toBeGreaterThan(150));

  test.each(legit)('$sql', async ({ sql, parameters = [] }) => {
    const result = judge(sql);
    if (!result.ok) throw new Error(`${result.refusal.rule}: ${result.refusal.message}`);
    expect(result.parameters).toBe(parameters.length);
    // The meaning is the same: the same rows under the same names.
    expect(await answer(client, result.sql, parameters)).toEqual(await answer(plain, sql, parameters));
    if (parameters.length > 0) return;
    const [sent, original] = [await viewReads(client, result.sql), await viewReads(plain, sql.replace(/;\s*$/, ''))];
    const tables = result.tables.map((ref) => `${ref.schema}.${ref.table}`).sort();
    expect(sent?.tables).toEqual(tables);
    expect(original?.tables ?? tables).toEqual(tables);
    const columns = result.columns.map((ref) => `${ref.schema}.${ref.table}.${ref.column}`);
    expect(columns).toEqual(expect.arrayContaining(sent?.columns ?? []));
  });
});

describe('statements that must not pass', () => {
  const catalog = (): PublishedCatalog => ({ ...published, tables: [...published.tables, ...hostileTables('public')] });
  test('are many', () => expect(hostile.length).toBeGreaterThan(100));

  test.skipIf(skip).each(hostile)('$kind: $sql', ({ sql, rule }) => {
    const result = judge(sql, catalog());
    expect(result).toMatchObject({ ok: false, refusal: { rule } });
    if (result.ok || !result.refusal.position) return;
    const { start, end, line, column } = result.refusal.position;
    expect(start).toBeLessThanOrEqual(end);
    expect(sql.split('\n')[line - 1]?.slice(column - 1)).toBe(sql.slice(start).split('\n')[0]);
  });
});

/** Names that a column which is not published would take for itself, were the statement sent as it is written. */
const captures = [
  'SELECT (SELECT pin FROM riders ORDER BY id LIMIT 1) FROM (SELECT 1 AS pin) q',
  'SELECT (SELECT pin FROM riders q ORDER BY id LIMIT 1) FROM (SELECT 1 AS pin) q',
  'SELECT (SELECT max(xmin) FROM riders WHERE id = 1) FROM (SELECT 1 AS xmin) q GROUP BY xmin',
  'SELECT count(*) AS pin FROM riders GROUP BY city, name HAVING count(*) > 0 ORDER BY pin',
  "SELECT 'x' AS pin, count(*) FROM riders GROUP BY pin",
  "SELECT 'x' AS pin, city FROM riders GROUP BY ROLLUP (pin, city)",
  'SELECT pin FROM riders r, stations pin',
  'SELECT pin FROM riders pin',
  'SELECT pin IS NULL FROM riders r JOIN stations pin ON pin.id = r.id',
  'SELECT (SELECT count(pin) FROM riders WHERE id = 1) FROM stations pin',
  'SELECT q.n FROM (SELECT 1 AS pin) o, LATERAL (SELECT count(pin) AS n FROM riders) q',
  'SELECT 1 FROM (SELECT 1 AS pin) o WHERE EXISTS (SELECT 1 FROM riders JOIN staff ON pin = staff.id)',
  'SELECT * FROM riders NATURAL JOIN staff',
  'SELECT a.k FROM riders AS a(b, c, d, e, f, g, h, i, j, k)',
  'SELECT row_to_json(riders), riders FROM riders',
  'SELECT DISTINCT ON (pin) city AS pin FROM riders ORDER BY pin',
  'WITH q AS (SELECT 1 AS pin) SELECT (SELECT sum(pin) FROM staff WHERE id = 1) FROM q',
  // unnest of a tsvector gives three columns, and none of them is called pin.
  ...[
    'SELECT pin FROM riders, #',
    "SELECT id FROM riders, # WHERE pin = 'pin-1'",
    'SELECT riders.id, pin.* FROM riders, # ORDER BY pin',
    'SELECT DISTINCT ON (pin) riders.id, pin.* FROM riders, #',
    'SELECT q.pin FROM (riders CROSS JOIN #) AS q',
    "SELECT pin FROM (riders CROSS JOIN #) JOIN (SELECT 'pin-1' AS pin) q USING (pin)",
    'SELECT pin FROM riders, (SELECT pin.* FROM #) AS q',
    'SELECT (SELECT max(pin) FROM staff) FROM riders, #',
    'WITH q AS (SELECT pin.* FROM #) SELECT pin FROM riders, q',
  ].map((sql) => sql.replace('#', "unnest(to_tsvector('simple', 'a')) AS pin")),
];

describe.skipIf(skip)('a column that is not published', () => {
  test.each(captures)('is not read by %s', async (sql) => {
    const result = judge(sql);
    if (!result.ok) return;
    const reads = await viewReads(client, result.sql);
    // PostgreSQL does not accept some of them: then nothing is read at all.
    if (!reads) return;
    expect(reads.columns.filter((column) => column.endsWith('.pin'))).toEqual([]);
    // Nor as a part of a whole row: what comes out is what comes out where the column does not exist.
    expect((await answer(client, result.sql)).rows.join()).not.toMatch(/pin-\d/);
  });
});

describe.skipIf(skip)('a name that PostgreSQL gives', () => {
  const few: PublishedCatalog = { tables: [{ schema: 'public', name: 'riders', kind: 'table', columns: ['id'] }] };
  test.each([
    "SELECT name FROM riders, (SELECT (SELECT 'x')::name) q",
    "SELECT name FROM riders, (SELECT (VALUES ('x'))::name) q",
    "SELECT name FROM riders, (SELECT (SELECT 'x' UNION SELECT 'y' LIMIT 1)::name) q",
    "WITH q AS (SELECT (SELECT 'x')::name) SELECT name FROM riders, q",
    "SELECT id, (SELECT 'x')::name FROM riders ORDER BY name",
    "SELECT id, (VALUES ('x'))::name FROM riders ORDER BY name",
  ])('finds no column that is not published: %s', async (sql) => {
    const result = judge(sql, few);
    if (!result.ok) return;
    expect((await viewReads(client, result.sql))?.columns ?? []).not.toContain('public.riders.name');
  });
  test.each([
    'SELECT (SELECT 1)::text, (VALUES (1))::text, (SELECT id FROM riders LIMIT 1)::text, (SELECT max(id) FROM riders)::text',
    'SELECT 1 + 1, id::text, (id + 1)::text, (tags)[1], CASE WHEN true THEN 1 END, count(*) OVER () FROM riders',
    "SELECT coalesce(1), nullif(1, 2), greatest(1), ARRAY[1], ROW(1), EXISTS (SELECT 1), current_date, xmlparse(CONTENT 'x')",
  ])('is told as it is: %s', async (sql) => {
    const result = judge(sql);
    expect(result.ok && (await answer(client, result.sql)).names).toEqual((await answer(plain, sql)).names);
  });
});

describe.skipIf(skip)('a statement that is changed at random', () => {
  const rounds = Number(process.env.GUARD_ROUNDS ?? 3000);
  test('is refused or reads what is published alone', async () => {
    const tables = new Set(published.tables.map((table) => `${table.schema}.${table.name}`));
    const columns = new Set(published.tables.flatMap((table) => table.columns.map((column) => `${table.schema}.${table.name}.${column}`)));
    const random = seeded(Number(process.env.GUARD_SEED ?? 20_260_101));
    const all = legit.filter(({ parameters }) => !parameters).map(({ sql }) => sql);
    let [accepted, ran] = [0, 0];
    for (let round = 0; round < rounds; round++) {
      const sql = mutate(all[random(all.length)] ?? '', all, random);
      const result = judge(sql);
      if (!result.ok) continue;
      accepted++;
      const reads = result.parameters > 0 ? null : await viewReads(client, result.sql);
      if (!reads) continue;
      ran++;
      const said = result.tables.map((ref) => `${ref.schema}.${ref.table}`).sort();
      const noted = new Set(result.columns.map((ref) => `${ref.schema}.${ref.table}.${ref.column}`));
      expect({ sql, reads: reads.tables }).toEqual({ sql, reads: said });
      expect({ sql, stray: reads.tables.filter((table) => !tables.has(table)) }).toEqual({ sql, stray: [] });
      expect({ sql, stray: reads.columns.filter((column) => !columns.has(column) || !noted.has(column)) }).toEqual({ sql, stray: [] });
      expect({ sql, functions: reads.functions }).toEqual({ sql, functions: [] });
    }
    expect(accepted).toBeGreaterThan(rounds / 50);
    expect(ran).toBeGreaterThan(rounds / 100);
  }, 300_000);
});

describe('what a verdict says', () => {
  const shop: PublishedCatalog = {
    tables: [
      { schema: 'public', name: 'riders', kind: 'table', columns: ['id', 'name', 'née'] },
      { schema: 'public', name: 'rides', kind: 'table', columns: ['id', 'rider_id'] },
    ],
  };
  const refusal = (sql: string) => {
    const result = judge(sql, shop);
    return result.ok ? null : result.refusal;
  };

  test('a place is counted in UTF-16 units of the text that was written', () => {
    const text = "SELECT '🚲é',\n  née, nmae FROM riders";
    const position = refusal(text)?.position;
    expect(position).toMatchObject({ line: 2, column: 8 });
    expect(text.slice(position?.start, position?.end)).toBe('nmae');
    const broken = "SELECT '🚲é' FORM riders";
    const at = refusal(broken)?.position;
    expect(broken.slice(at?.start, at?.end)).toBe('riders');
  });

  test('the nearest names are offered', () => {
    expect(refusal('SELECT nmae FROM riders')?.allowed).toContain('name');
    expect(refusal('SELECT id FROM rider')?.allowed).toContain('riders');
    expect(refusal('SELECT lowwer(name) FROM riders')?.allowed).toContain('lower');
  });

  test('functions and tables are sent with their schemas, stars as names', () => {
    const sent = (sql: string) => {
      const result = judge(sql, shop);
      return result.ok ? result.sql.replace(/\s+/g, ' ') : result.refusal.rule;
    };
    expect(sent('SELECT lower(name) FROM riders')).toBe('SELECT pg_catalog.lower(riders.name) AS lower FROM public.riders');
    expect(sent('SELECT * FROM riders')).toBe('SELECT riders.id, riders.name, riders."née" FROM public.riders');
    expect(sent('SELECT row_to_json(r) FROM riders r')).toMatch(
      /FROM \( ?SELECT r\.id, r\.name, r\."née" FROM public\.riders AS r ?\) AS r/i,
    );
    expect(sent('SELECT 1 FROM riders NATURAL JOIN rides')).toMatch(
      /\( ?SELECT rides\.id, rides\.rider_id FROM public\.rides AS rides ?\)/i,
    );
  });

  test('a published column lends its type to casts, unless that looks names up', () => {
    const types = ['public.mood', 'oid', 'regclass', 'regrole', 'pg_catalog.regproc', 'aclitem'];
    const ruleOf = (type: string) => {
      const result = judge(`SELECT CAST(id AS ${type}) FROM riders`, { ...shop, types });
      return result.ok ? 'allowed' : result.refusal.rule;
    };
    expect(types.map(ruleOf)).toEqual(['allowed', 'allowed', ...Array(4).fill('type.unlisted')]);
    expect(ruleOf('pg_catalog.regclass')).toBe('type.unlisted');
  });

  test('the fingerprint is the same for statements that differ in constants, case and spacing alone', () => {
    const prints = [
      "SELECT name FROM riders WHERE id = 1 AND name = 'x'",
      "select  NAME\nfrom riders where id=2 and name='it''s' -- y",
      'SELECT name FROM riders WHERE id IN (1)',
      'SELECT name FROM riders WHERE id IN (1, 2, 3)',
    ].map((sql) => judge(sql, shop).fingerprint);
    expect(prints[0]).toBe(prints[1]);
    expect(prints[2]).toBe(prints[3]);
    expect(prints[0]).not.toBe(prints[2]);
    expect(judge('SELECT name FROM nowhere WHERE id = 1', shop).fingerprint).toBe(
      judge('SELECT name FROM nowhere WHERE id = 2', shop).fingerprint,
    );
  });
});
