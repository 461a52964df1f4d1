import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { publishedOf, statementsOf } from '../../../../tests/support/statements.ts';
import type { PublishedCatalog } from '../guard.ts';
import { sqliteGuard } from './guard.ts';
import { holdReads } from './hold-reads.ts';

const { legit, schema } = statementsOf(import.meta.dirname);
const full = new DatabaseSync(':memory:');
const plain = new DatabaseSync(':memory:');
let published: PublishedCatalog = { tables: [] };

/** Compiles a statement as it was judged in a session that is held to the verdict; the error where it is stopped. */
function held(on: DatabaseSync, sql: string): string | null {
  const result = sqliteGuard.classify({ sql, published, searchPath: ['main'] });
  if (!result.ok) throw new Error(result.refusal.message);
  on.setAuthorizer(holdReads(result));
  try {
    on.prepare(result.sql);
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
    expect(held(full, sql)).toMatch(/prohibited|not authorized/);
    expect(held(plain, sql)).toBeNull();
  });
});
