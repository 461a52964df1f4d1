import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Lab, Strength } from '../../../tests/support/engine-lab.ts';
import { type LabName, labs, startLabs } from '../../../tests/support/labs.ts';
import { Fault } from '../platform/fault.ts';
import type { Answer, Fact, Reading, Session } from './engine.ts';
import { engines } from './registry.ts';

/*
 * One suite that every engine passes against a real database. The guard is not asked: what is held here is what the session does alone.
 */
test('every engine has its lab', () => {
  expect([...new Set(labs.map(({ id }) => id))]).toEqual(engines.map(({ id }) => id));
});

let running: Partial<Record<LabName, Lab>> = {};
let cases = 0;
beforeAll(async () => {
  running = await startLabs();
}, 240_000);
afterAll(async () => {
  console.log(`conformance: ${cases} cases on ${Object.keys(running).join(', ')}`);
  await Promise.all(Object.values(running).map((lab) => lab.stop()));
});

const endless = new AbortController().signal;
const read = (lab: Lab, session: Session, sql: string, about: Partial<Reading> = {}): Promise<Answer> =>
  lab.engine.run(session, { sql, parameters: [], maxRows: 100, maxBytes: 10_000_000, timeoutMs: 10_000, signal: endless, ...about });
const faultOf = (promise: Promise<unknown>): Promise<Fault> =>
  promise.then(
    () => Promise.reject(new Error('nothing failed')),
    (error) => (error instanceof Fault ? error : Promise.reject(error)),
  );

describe.each(labs)('$name', ({ name, id, skip }) => {
  afterEach(({ task }) => {
    if (task.result?.state === 'pass') cases++;
  });
  const lab = (): Lab => {
    const found = running[name];
    if (!found) throw new Error('the lab did not start');
    return found;
  };
  /** Does something in a session of its own. */
  async function inside<T>(work: (session: Session, lab: Lab) => Promise<T>, strength: Strength = 'reader'): Promise<T> {
    const session = await lab().open({ strength });
    try {
      return await work(session, lab());
    } finally {
      await session.close();
    }
  }
  const gone = () => vi.waitFor(async () => expect(await lab().sessions()).toEqual({ open: 0, running: 0 }), { timeout: 10_000 });

  test.skipIf(skip)('proves that it reads and that a write is refused', async () => {
    await inside(async (session, { engine }) => {
      expect(await engine.server(session)).toMatchObject({ dialect: engine.grammar.dialect, identity: expect.any(String) });
      expect(await engine.read(session)).toMatch(/refused/);
      expect(await engine.catalog(session)).toMatch(/\d+ tables/);
    });
    await gone();
  });

  test.skipIf(skip)('gives values exactly', async () => {
    await inside(async (session, on) => {
      const { sql, parameters, expected } = on.statements.exact;
      const { columns, rows } = await read(on, session, sql, { parameters });
      expect(columns.map(({ name, type }, index) => [name, type, rows[0]?.[index]])).toEqual(expected);
      // As it would cross the wire.
      expect(JSON.parse(JSON.stringify(rows))).toEqual(rows);
    });
  });

  test.skipIf(skip)('says exactly whether there was more', async () => {
    await inside(async (session, on) => {
      const of = async (count: number, about: Partial<Reading>) => {
        const { rows, truncated, limit } = await read(on, session, on.statements.rows(count), about);
        return { rows: rows.length, truncated, limit };
      };
      expect(await of(9, { maxRows: 10 })).toEqual({ rows: 9, truncated: false, limit: null });
      expect(await of(10, { maxRows: 10 })).toEqual({ rows: 10, truncated: false, limit: null });
      expect(await of(11, { maxRows: 10 })).toEqual({ rows: 10, truncated: true, limit: 'rows' });
      expect(await of(0, { maxRows: 10 })).toEqual({ rows: id === 'sqlite' ? 1 : 0, truncated: false, limit: null });
      expect(await of(5000, { maxRows: 10_000 })).toEqual({ rows: 5000, truncated: false, limit: null });
    });
  });

  test.skipIf(skip)('cuts an answer that has too many bytes, and the next one is whole', async () => {
    let session = await lab().open();
    const { rows, truncated, limit, bytes } = await read(lab(), session, lab().statements.wide(5000), {
      maxRows: 10_000,
      maxBytes: 100_000,
    });
    expect({ truncated, limit }).toEqual({ truncated: true, limit: 'bytes' });
    expect(rows.length).toBeGreaterThan(80);
    expect(rows.length).toBeLessThan(101);
    expect(bytes).toBeLessThanOrEqual(100_000);
    if (!session.usable) {
      await session.close();
      session = await lab().open();
    }
    expect((await read(lab(), session, lab().statements.wide(90), { maxBytes: 100_000 })).truncated).toBe(false);
    expect((await read(lab(), session, lab().statements.rows(3), { maxBytes: 1 })).rows).toEqual([]);
    await session.close();
    await gone();
  });

  test.skipIf(skip)('cuts at so many cells, exactly, and tells of each that it holds', async () => {
    const of = (sql: (on: Lab) => string, about: Partial<Reading>) =>
      inside(async (session, on) => {
        let held = { cells: 0, bytes: 0 };
        const kept = (cells: number, bytes: number) => {
          held = { cells: held.cells + cells, bytes: held.bytes + bytes };
        };
        const { columns, rows, truncated, limit, bytes } = await read(on, session, sql(on), { kept, ...about });
        expect(held).toEqual({ cells: rows.length * columns.length, bytes });
        return { rows: rows.length, truncated, limit };
      });
    const rows = (count: number) => (on: Lab) => on.statements.rows(count);
    expect(await of(rows(10), { maxCells: 10 })).toEqual({ rows: 10, truncated: false, limit: null });
    expect(await of(rows(11), { maxCells: 10 })).toEqual({ rows: 10, truncated: true, limit: 'cells' });
    expect(await of(rows(11), { maxCells: 10, maxRows: 10 })).toEqual({ rows: 10, truncated: true, limit: 'rows' });
    const { sql, parameters, expected } = lab().statements.exact;
    const oneRow = (maxCells: number) => of(() => sql, { parameters, maxCells });
    expect(await oneRow(expected.length)).toEqual({ rows: 1, truncated: false, limit: null });
    expect(await oneRow(expected.length - 1)).toEqual({ rows: 0, truncated: true, limit: 'cells' });
    await gone();
  });

  test.skipIf(skip)('ends what never ends at its limit, and another session is not hurt', async () => {
    const [session, other] = await Promise.all([lab().open(), lab().open()]);
    const begun = performance.now();
    const fault = await faultOf(read(lab(), session, lab().statements.endless, { timeoutMs: 700 }));
    const took = performance.now() - begun;
    expect(fault.code).toBe('statement.expired');
    // The aim is its limit + 500 ms; a machine that many share is slower.
    expect(took).toBeLessThan(700 + 500 + 3000);
    expect((await read(lab(), other, lab().statements.rows(3))).rows).toHaveLength(3);
    await vi.waitFor(async () => expect((await lab().sessions()).running).toBe(0), { timeout: 10_000 });
    await Promise.all([session.close(), other.close()]);
    await gone();
  });

  test.skipIf(skip)('stops a statement in the database when its asker goes away', async () => {
    const session = await lab().open();
    const asker = new AbortController();
    const asked = faultOf(read(lab(), session, lab().statements.endless, { timeoutMs: 60_000, signal: asker.signal }));
    await vi.waitFor(async () => expect((await lab().sessions()).running).toBe(1), { timeout: 10_000 });
    asker.abort();
    expect((await asked).code).toBe('statement.cancelled');
    await vi.waitFor(async () => expect((await lab().sessions()).running).toBe(0), { timeout: 10_000 });
    await session.close();
    await gone();
    expect((await faultOf(inside((one, on) => read(on, one, 'SELECT 1', { signal: asker.signal })))).code).toBe('statement.cancelled');
  });

  test.skipIf(skip)('tells what is wrong with the statement, and no value of the data', async () => {
    await inside(async (session, on) => {
      const { failing, mistaken } = on.statements;
      const failed = await faultOf(read(on, session, failing.sql));
      expect(failed.code).toBe('statement.failed');
      expect(JSON.stringify({ ...failed.about, cause: null })).not.toContain(failing.value);
      const fault = await faultOf(read(on, session, mistaken));
      expect(fault).toMatchObject({ code: 'statement.failed', message: expect.stringContaining('nonesuch') });
      expect(fault.message.length).toBeLessThanOrEqual(200);
      // After an error the session is as good as before.
      expect((await read(on, session, on.statements.rows(2))).rows.flat().map(Number)).toEqual([1, 2]);
      expect(session.usable).toBe(true);
    });
  });

  test.skipIf(skip)('reads the whole catalogue, evil names and all', async () => {
    await inside(async (session, on) => {
      const facts: Fact[] = [];
      for await (const batch of on.engine.facts(session, endless)) facts.push(...batch.facts);
      const named = new Map(facts.flatMap((fact) => (fact.fact === 'table' ? [[fact.table, fact] as const] : [])));
      expect([...named.values()].map(({ schema, name }) => `${schema}.${name}`).sort()).toEqual([...on.tables].sort());
      const of = (name: string) => facts.filter((fact) => fact.fact !== 'table' && named.get(fact.table)?.name === name);
      const evil = of(on.evil?.table ?? 'ev"il; DROP TABLE crew --').flatMap((fact) => (fact.fact === 'column' ? [fact.column.name] : []));
      expect(evil).toEqual(on.evil?.columns ?? ['sel"ect', 'a b', on.oddName ?? 'ünï👾', 'new\nline']);
      expect(of('crew')).toEqual(
        expect.arrayContaining([
          expect.objectContaining({
            fact: 'column',
            column: expect.objectContaining({ name: 'id', identity: true, nullable: false, position: 1 }),
          }),
          expect.objectContaining({ fact: 'column', column: expect.objectContaining({ name: 'name', nullable: false }) }),
          expect.objectContaining({
            fact: 'column',
            column: expect.objectContaining({ name: 'born', default: expect.stringContaining('1970-01-01') }),
          }),
          expect.objectContaining({ fact: 'key', key: expect.objectContaining({ kind: 'primary', columns: ['id'] }) }),
          expect.objectContaining({
            fact: 'foreign_key',
            key: expect.objectContaining({
              columns: ['imo', 'flag'],
              table: 'ship',
              referencedColumns: ['imo', 'flag'],
              onDelete: 'cascade',
            }),
          }),
          expect.objectContaining({
            fact: 'foreign_key',
            key: expect.objectContaining({ columns: ['boss'], table: 'crew', referencedColumns: ['id'] }),
          }),
          expect.objectContaining({ fact: 'index', index: expect.objectContaining({ name: 'crew_by_name', unique: false }) }),
          expect.objectContaining({ fact: 'comment', column: null, text: 'Who sails' }),
          expect.objectContaining({ fact: 'comment', column: 'name', text: 'As in the passport' }),
        ]),
      );
      expect(of('ship')).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ fact: 'column', column: expect.objectContaining({ name: 'heavy', generated: true }) }),
          expect.objectContaining({ fact: 'key', key: expect.objectContaining({ kind: 'primary', columns: ['imo', 'flag'] }) }),
          expect.objectContaining({ fact: 'key', key: expect.objectContaining({ kind: 'unique', columns: ['name'] }) }),
        ]),
      );
      const reads = of('sailing').flatMap((fact) => (fact.fact === 'dependency' ? [fact.name] : []));
      expect(reads.sort()).toEqual(on.readsOfViews === false ? [] : ['crew', 'ship']);
      expect([...named.values()].find(({ name }) => name === 'crew')).toMatchObject({ kind: 'table', estimatedRows: 2, readable: true });
    });
  });

  test.skipIf(skip)('comes back after the database was restarted', async () => {
    const session = await lab().open();
    await lab().restart();
    await pause(50);
    await faultOf(read(lab(), session, lab().statements.rows(1)));
    expect(session.usable).toBe(false);
    await session.close();
    expect((await inside((one, on) => read(on, one, on.statements.rows(1)))).rows.flat().map(Number)).toEqual([1]);
    await gone();
  });
});
