import { execFileSync, spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openFile, type TestFiles, testFiles } from '../../../../tests/support/open-sqlite.ts';
import type { Fact, Reading } from '../engine.ts';
import { FrameCutter, frameOf } from './frames.ts';
import type { SqliteSession } from './session.ts';
import { sqlite } from './sqlite.ts';

let files: TestFiles;
beforeAll(() => {
  files = testFiles();
  files.create('ships.db', "CREATE TABLE ship (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO ship (name) VALUES ('Fram')");
});
afterAll(() => files.remove());

const run = (session: SqliteSession, sql: string, about: Partial<Reading> = {}) =>
  sqlite.run(session, {
    sql,
    parameters: [],
    maxRows: 10,
    maxBytes: 1_000_000,
    timeoutMs: 10_000,
    signal: new AbortController().signal,
    ...about,
  });
const factsOf = async (session: SqliteSession): Promise<Fact[]> => {
  const facts: Fact[] = [];
  for await (const batch of sqlite.facts(session, new AbortController().signal)) facts.push(...batch.facts);
  return facts;
};
const alive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('the process of a session', () => {
  it('knows nothing of ours: no variable, no terminal, no folder', async () => {
    const session = await openFile(files, 'ships.db');
    const text = (name: string) => execFileSync('cat', [`/proc/${session.pid}/${name}`]).toString();
    expect(text('environ')).toBe('');
    expect(text('cmdline')).not.toContain(files.root);
    expect(
      execFileSync('readlink', [`/proc/${session.pid}/cwd`])
        .toString()
        .trim(),
    ).toBe('/');
    await session.close();
    expect(alive(session.pid)).toBe(false);
  });

  it('ends in the middle of a statement when the process that asked is gone', async () => {
    const asking = `
      import { openFile, testFiles } from ${JSON.stringify(join(import.meta.dirname, '../../../../tests/support/open-sqlite.ts'))};
      import { sqlite } from ${JSON.stringify(join(import.meta.dirname, 'sqlite.ts'))};
      const session = await openFile({ root: ${JSON.stringify(files.root)}, isOwn: () => false }, 'ships.db');
      sqlite.run(session, { sql: 'WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r) SELECT count(*) FROM r', parameters: [], maxRows: 1, maxBytes: 1000, timeoutMs: 600000, signal: new AbortController().signal });
      console.log(session.pid);`;
    const asker = spawn(process.execPath, ['--input-type=module', '-e', asking], { stdio: ['ignore', 'pipe', 'inherit'] });
    const pid = Number(String(await new Promise<Buffer>((resolve) => asker.stdout.once('data', resolve))));
    expect(alive(pid)).toBe(true);
    asker.kill('SIGKILL');
    await vi.waitFor(() => expect(alive(pid)).toBe(false), { timeout: 10_000 });
  });

  it('is not opened where it was cancelled before, and not left behind', async () => {
    const cancelled = AbortSignal.abort();
    await expect(openFile(files, 'ships.db', { signal: cancelled })).rejects.toMatchObject({ code: 'test.cancelled' });
    const soon = new AbortController();
    const opening = openFile(files, 'ships.db', { signal: soon.signal });
    setTimeout(() => soon.abort(), 20);
    await expect(opening).rejects.toMatchObject({ code: 'test.cancelled' });
  });

  it('has an end to its memory', async () => {
    const session = await openFile(files, 'ships.db');
    const hungry = `WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < 100000) SELECT group_concat(printf('%0200d', i)) FROM r`;
    await expect(run(session, hungry)).rejects.toMatchObject({ code: expect.stringMatching(/^(statement|database)\.failed$/) });
    const sorted = `WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < 2000000) SELECT printf('%0200d', i) AS x FROM r ORDER BY x DESC`;
    expect((await run(session, 'SELECT name FROM ship')).rows).toEqual([['Fram']]);
    await expect(run(session, sorted, { timeoutMs: 60_000 })).rejects.toMatchObject({
      code: 'statement.failed',
      about: { technical: 'memory' },
    });
    expect(session.usable).toBe(false);
    await session.close();
  }, 90_000);
});

describe('a statement', () => {
  it('is one, whatever stands behind it', async () => {
    const session = await openFile(files, 'ships.db');
    for (const sql of ['SELECT 1;', 'SELECT 1 ; -- done', 'SELECT 1; /* done */ ;', 'SELECT 1 -- no end'])
      expect([sql, (await run(session, sql)).rows]).toEqual([sql, [[1]]]);
    for (const sql of ['SELECT 1; SELECT 2', 'SELECT 1; -- x\nDELETE FROM ship', "SELECT 1;/**/ATTACH 'x' AS y"])
      await expect(run(session, sql)).rejects.toMatchObject({ code: 'statement.failed' });
    await session.close();
  });

  it('takes values for placeholders, numbered or not', async () => {
    const session = await openFile(files, 'ships.db');
    const { rows } = await run(session, 'SELECT ?2, ?1, ?2 || ?3, typeof(?4)', { parameters: [1, "it's", '9223372036854775807', 2.5] });
    expect(rows).toEqual([["it's", 1, "it's9223372036854775807", 'real']]);
    expect((await run(session, 'SELECT name FROM ship WHERE id = ? AND name <> ?', { parameters: [1, null] })).rows).toEqual([]);
    await expect(run(session, 'SELECT ?', { parameters: [1, 2] })).rejects.toMatchObject({ code: 'statement.failed' });
    await session.close();
  });

  it('reads nothing of SQLite’s own', async () => {
    const session = await openFile(files, 'ships.db');
    for (const table of [
      'sqlite_schema',
      'sqlite_master',
      'sqlite_temp_master',
      'dbstat',
      'pragma_table_list',
      "pragma_table_xinfo('ship')",
      'pragma_database_list',
    ])
      await expect(run(session, `SELECT * FROM ${table}`)).rejects.toMatchObject({
        code: 'statement.failed',
        about: { technical: 'SQLite result 23' },
      });
    expect((await run(session, "SELECT value FROM json_each('[1,2]')")).rows).toEqual([[1], [2]]);
    await session.close();
  });

  it('reads what a writer commits meanwhile, and does not keep it from writing', async () => {
    const writer = new DatabaseSync(join(files.root, 'ships.db'), { timeout: 5000 });
    const session = await openFile(files, 'ships.db');
    expect((await run(session, 'SELECT count(*) FROM ship')).rows).toEqual([[1]]);
    writer.exec("INSERT INTO ship (name) VALUES ('Maud')");
    expect((await run(session, 'SELECT count(*) FROM ship')).rows).toEqual([[2]]);
    writer.exec('BEGIN EXCLUSIVE');
    await expect(run(session, 'SELECT count(*) FROM ship')).rejects.toMatchObject({ code: 'database.failed', about: { retryable: true } });
    writer.exec('ROLLBACK; DELETE FROM ship WHERE id > 1');
    writer.close();
    await session.close();
  });

  it('reads a file in WAL mode, while it is written and after', async () => {
    const path = files.create('wal.db', 'CREATE TABLE t (a INTEGER)');
    const writer = new DatabaseSync(path);
    writer.exec('PRAGMA journal_mode = WAL; INSERT INTO t VALUES (1)');
    const session = await openFile(files, 'wal.db');
    writer.exec('INSERT INTO t VALUES (2)');
    expect((await run(session, 'SELECT count(*) FROM t')).rows).toEqual([[2]]);
    writer.close();
    expect((await run(session, 'SELECT count(*) FROM t')).rows).toEqual([[2]]);
    await session.close();
    const before = statSync(path);
    const again = await openFile(files, 'wal.db');
    expect((await run(again, 'SELECT count(*) FROM t')).rows).toEqual([[2]]);
    await again.close();
    expect(statSync(path).mtimeMs).toBe(before.mtimeMs);
    expect(existsSync(path)).toBe(true);
  });
});

describe('the catalogue', () => {
  it('leaves out what is SQLite’s own, virtual, or broken, and resolves implied keys', async () => {
    files.create(
      'odd.db',
      `CREATE TABLE parent (a, b, PRIMARY KEY (b, a)); CREATE TABLE Child (x, y, z REFERENCES nowhere, FOREIGN KEY (x, y) REFERENCES PARENT ON DELETE SET NULL);
       CREATE TABLE counted (id INTEGER PRIMARY KEY AUTOINCREMENT, v TEXT GENERATED ALWAYS AS (id || '') VIRTUAL, w INT UNIQUE);
       CREATE VIRTUAL TABLE words USING fts5(body); CREATE VIEW broken AS SELECT gone FROM nowhere; CREATE VIEW fine AS SELECT x FROM child;`,
    );
    const session = await openFile(files, 'odd.db');
    const facts = await factsOf(session);
    await session.close();
    expect(facts.flatMap((fact) => (fact.fact === 'table' ? [[fact.name, fact.kind, fact.readable]] : []))).toEqual([
      ['Child', 'table', true],
      ['broken', 'view', false],
      ['counted', 'table', true],
      ['fine', 'view', true],
      ['parent', 'table', true],
    ]);
    expect(facts.flatMap((fact) => (fact.fact === 'foreign_key' ? [fact.key] : []))).toEqual([
      {
        name: 'Child (x, y)',
        columns: ['x', 'y'],
        schema: 'main',
        table: 'parent',
        referencedColumns: ['b', 'a'],
        onDelete: 'set null',
        validated: false,
      },
    ]);
    const counted = facts.flatMap((fact) => (fact.fact === 'column' && fact.table === 'counted' ? [fact.column] : []));
    expect(counted.map(({ name, type, identity, generated, nullable }) => ({ name, type, identity, generated, nullable }))).toEqual([
      { name: 'id', type: 'INTEGER', identity: true, generated: false, nullable: false },
      { name: 'v', type: 'TEXT', identity: false, generated: true, nullable: true },
      { name: 'w', type: 'INT', identity: false, generated: false, nullable: true },
    ]);
    expect(facts.filter((fact) => fact.fact === 'dependency')).toEqual([
      { fact: 'dependency', table: 'fine', schema: 'main', name: 'Child' },
    ]);
  });

  it('of many tables comes in bulk', async () => {
    files.create(
      'many.db',
      `BEGIN; ${Array.from({ length: 3000 }, (_, i) => `CREATE TABLE t${i} (id INTEGER PRIMARY KEY, a TEXT, b TEXT, t INTEGER REFERENCES t${i})`).join(';')}; COMMIT`,
    );
    const session = await openFile(files, 'many.db');
    expect((await factsOf(session)).filter((fact) => fact.fact === 'column')).toHaveLength(12_000);
    await session.close();
  });
});

it('cuts messages wherever the pipe cuts them', () => {
  const texts = ['', 'a', 'ü👾'.repeat(1000), '{"b":1}'];
  const all = Buffer.concat(texts.map(frameOf));
  for (const size of [1, 3, 5, 1000, all.length]) {
    const cutter = new FrameCutter();
    const heard: string[] = [];
    for (let at = 0; at < all.length; at += size) heard.push(...cutter.take(all.subarray(at, at + size)));
    expect(heard).toEqual(texts);
  }
});
