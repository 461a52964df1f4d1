import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { bikesCatalog } from '../../../../tests/support/bikes.ts';
import { hostileTables, mutate, seeded, statementsOf } from '../../../../tests/support/statements.ts';
import type { Guard, PublishedCatalog } from '../guard.ts';
import { loadGuard } from '../guards.ts';

const dialects = [
  { engine: 'mysql', folder: 'mysql', schema: 'bikes', upperCase: false },
  { engine: 'mariadb', folder: 'mysql', schema: 'bikes', upperCase: false },
  { engine: 'sqlserver', folder: 'sqlserver', schema: 'dbo', upperCase: false },
  { engine: 'oracle', folder: 'oracle', schema: 'APP', upperCase: true },
] as const;

describe.each(dialects)('$engine', ({ engine, folder, schema, upperCase }) => {
  const { legit, hostile } = statementsOf(join(import.meta.dirname, '..', folder));
  const fold = (name: string) => (upperCase ? name.toUpperCase() : name);
  const published = bikesCatalog(schema, upperCase);
  const lured: PublishedCatalog = {
    tables: [
      ...published.tables,
      ...hostileTables(schema).map((table) => ({ ...table, name: fold(table.name), columns: table.columns.map(fold) })),
    ],
  };
  const own = legit.filter(({ only }) => only === undefined || only === engine);
  const against = hostile.filter(({ only }) => only === undefined || only === engine);
  let guard: Guard;
  beforeAll(async () => {
    guard = await loadGuard(engine);
  });
  const judge = (sql: string, catalog = published) => guard.classify({ sql, published: catalog, searchPath: [schema] });

  test('there are many statements of either kind', () => {
    expect(own.length).toBeGreaterThan(150);
    expect(hostile.length).toBeGreaterThan(100);
  });

  test.each(own)('passes: $sql', ({ sql, parameters = [] }) => {
    const result = judge(sql);
    if (!result.ok) throw new Error(`${result.refusal.rule}: ${result.refusal.message}`);
    const names = new Set<unknown>(sql.match(/@p\d+/g) ?? parameters.map((_, at) => at));
    expect(result.parameters).toBe(names.size);
    expect(result.sql.replace(/'(?:[^']|'')*'/g, '')).not.toMatch(/\/\*|--/);
    // What is sent is sent as it is when it is judged again.
    expect(judge(result.sql)).toMatchObject({ ok: true, sql: result.sql, tables: result.tables });
  });

  test.each(against)('refuses $kind: $sql', ({ sql, rule }) => {
    const result = judge(sql, lured);
    expect(result).toMatchObject({ ok: false, refusal: { rule } });
    if (result.ok || !result.refusal.position) return;
    const { start, end, line, column } = result.refusal.position;
    expect(start).toBeLessThanOrEqual(end);
    expect(sql.split('\n')[line - 1]?.slice(column - 1)).toBe(sql.slice(start).split('\n')[0]);
  });

  const rounds = Number(process.env.GUARD_ROUNDS ?? 1500);
  test('gives a verdict on a statement that is changed at random, and lets it read what is published alone', () => {
    const random = seeded(Number(process.env.GUARD_SEED ?? 20_260_102));
    const all = own.map(({ sql }) => sql);
    const columns = new Set(published.tables.flatMap((table) => table.columns.map((column) => `${table.schema}.${table.name}.${column}`)));
    let accepted = 0;
    for (let round = 0; round < rounds; round++) {
      const sql = mutate(all[random(all.length)] ?? '', all, random);
      const result = judge(sql);
      if (!result.ok) continue;
      accepted++;
      const stray = result.columns.filter((one) => !columns.has(`${one.schema}.${one.table}.${one.column}`));
      expect({ sql, stray }).toEqual({ sql, stray: [] });
      expect({ sql, sent: judge(result.sql) }).toMatchObject({ sql, sent: { ok: true, sql: result.sql } });
    }
    expect(accepted).toBeGreaterThan(rounds / 50);
  }, 120_000);
});
