import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { publishedOf, statementsOf } from '../../../../tests/support/statements.ts';
import type { PublishedCatalog } from '../guard.ts';
import { sqliteGuard } from './guard.ts';
import { hold } from './hold.ts';

const { legit, schema } = statementsOf(import.meta.dirname);
const full = new DatabaseSync(':memory:');
const plain = new DatabaseSync(':memory:');
let published: PublishedCatalog = { tables: [] };

/** Compiles a statement as it was judged in a session that is held to the verdict; the error where it is stopped. */
function held(on: DatabaseSync, sql: string): string | null {
  const result = sqliteGuard.classify({ sql, published, searchPath: ['main'] });
  if (!result.ok) throw new Error(result.refusal.message);
  try {
    hold(on, result, result.sql, (judge) => {
      on.setAuthorizer(judge);
      on.prepare(result.sql);
    });
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    on.setAuthorizer(null);
  }
}

beforeAll(async () => {
  await sqliteGuard.ready();
  for (const one of [full, plain]) one.exec(schema);
  plain.exec('ALTER TABLE riders DROP COLUMN pin; ALTER TABLE staff DROP COLUMN pin');
  const tables = 'SELECT \'main\' AS schema, l.name AS "table", c.name AS "column" FROM pragma_table_list l, pragma_table_info(l.name) c';
  const rows = full.prepare(`${tables} WHERE l.name NOT LIKE 'sqlite%'`).all();
  published = publishedOf(rows as { schema: string; table: string; column: string }[]);
});
afterAll(() => {
  full.close();
  plain.close();
  sqliteGuard.forget(published);
});

describe('a session that is held to its verdict', () => {
  test.each(legit)('compiles $sql', ({ sql }) => {
    expect(held(plain, sql)).toBeNull();
  });

  test.each([
    'SELECT * FROM riders',
    'SELECT r.* FROM riders r',
    'SELECT count(*) FROM riders NATURAL JOIN (SELECT * FROM staff) s WHERE s.name <> riders.city',
    'SELECT (SELECT pin FROM riders LIMIT 1) FROM (SELECT 1 AS pin) q',
    "SELECT 'x' AS pin, count(*) FROM riders WHERE pin = 'x'",
    'SELECT q.city FROM (SELECT * FROM riders) q',
  ])('stops a column that is not published in %s', (sql) => {
    expect(held(full, sql)).toMatch(/prohibited|not authorized|not published/);
    expect(held(plain, sql)).toBeNull();
  });
});

describe('what the file calls alike', () => {
  const file = new DatabaseSync(':memory:');
  const few: PublishedCatalog = {
    tables: [
      { schema: 'main', name: 'outer_view', kind: 'view', columns: ['id'] },
      { schema: 'main', name: 'own', kind: 'table', columns: ['é', 'k', 'key'] },
    ],
  };
  const said = (sql: string): string => {
    const result = sqliteGuard.classify({ sql, published: few, searchPath: ['main'] });
    if (!result.ok) return result.refusal.rule;
    let rows: unknown[] = [];
    try {
      hold(file, result, result.sql, (judge) => {
        file.setAuthorizer(judge);
        rows = file.prepare(result.sql).all();
      });
      return JSON.stringify(rows);
    } catch (error) {
      return String(error);
    } finally {
      file.setAuthorizer(null);
    }
  };
  beforeAll(() => {
    file.exec(`CREATE TABLE own (id INTEGER PRIMARY KEY, "é" TEXT, "É" TEXT, k TEXT, "\u212A" TEXT, key TEXT, pin TEXT);
      INSERT INTO own VALUES (1, 'a', 'secret', 'b', 'secret', 'c', 'secret');
      CREATE VIEW inner_view AS WITH part AS (SELECT * FROM own WHERE pin > '') SELECT id FROM part;
      CREATE VIEW outer_view AS SELECT id FROM inner_view;
      CREATE TABLE json_each (key TEXT, value TEXT, json TEXT); INSERT INTO json_each VALUES ('secret', 'secret', 'secret')`);
  });
  afterAll(() => {
    file.close();
    sqliteGuard.forget(few);
  });

  test('a view is read through other views and through WITH queries of its own', () => {
    expect(said('SELECT id FROM outer_view')).toBe('[{"id":1}]');
    expect(said('SELECT k FROM own WHERE k IN (SELECT k FROM own, outer_view)')).toBe('[{"k":"b"}]');
  });

  test.each([
    'WITH inner_view AS (SELECT * FROM own) SELECT i.* FROM inner_view i, outer_view',
    'WITH "part" AS (SELECT * FROM own) SELECT i.* FROM part i, outer_view',
    'SELECT * FROM own',
    "SELECT key, value FROM json_each('[1]')",
    'SELECT key, value FROM json_each',
    'SELECT e.value FROM main."json_each" e',
    'SELECT 1 FROM own NATURAL JOIN (SELECT key FROM own)',
    'SELECT own.k FROM own JOIN (SELECT 1 AS pin) a JOIN (SELECT 1 AS pin) b USING (pin)',
  ])('nothing that is not published comes of %s', (sql) => expect(said(sql)).toMatch(/^Error/));

  test.each([
    'WITH outer_view AS (SELECT * FROM own) SELECT i.* FROM outer_view i, main.outer_view o',
    "WITH 'own' AS (SELECT id FROM outer_view) SELECT i.* FROM own i, main.own o",
  ])('a WITH query may not be called as a table beside it: %s', (sql) => expect(said(sql)).toBe('relation.unknown'));

  test('USING reads what it names', () => {
    expect(said('SELECT own.k FROM own JOIN (SELECT k FROM own) q USING (k)')).toBe('[{"k":"b"}]');
  });
});
