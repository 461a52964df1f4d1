import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openFile, type TestFiles, testFiles } from '../../../../tests/support/open-sqlite.ts';
import type { PublishedCatalog } from '../guard.ts';
import { sqliteGuard } from './guard.ts';
import type { SqliteSession } from './session.ts';
import { sqlite } from './sqlite.ts';

/* SQLite asks its authorizer about no column that NATURAL and USING compare: one that came into the file since must not be compared all the same. */
const published: PublishedCatalog = {
  tables: [
    { schema: 'main', name: 'rider', kind: 'table', columns: ['id', 'name'] },
    { schema: 'main', name: 'ride', kind: 'table', columns: ['id', 'rider_id', 'km'] },
    { schema: 'main', name: 'far', kind: 'view', columns: ['id', 'km'] },
  ],
};
const schema = `CREATE TABLE rider (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO rider (name) VALUES ('Ada'), ('Bob');
  CREATE TABLE ride (id INTEGER PRIMARY KEY, rider_id INTEGER, km INTEGER); INSERT INTO ride VALUES (1, 2, 7), (2, 1, 70);
  CREATE VIEW far AS SELECT id, km FROM ride WHERE km > 50`;
let files: TestFiles;
beforeAll(async () => {
  await sqliteGuard.ready();
  files = testFiles();
});
afterAll(() => {
  sqliteGuard.forget(published);
  files.remove();
});

async function ask(session: SqliteSession, sql: string, maxRows = 1000): Promise<unknown> {
  const judged = sqliteGuard.classify({ sql, published, searchPath: ['main'] });
  if (!judged.ok) throw new Error(judged.refusal.message);
  const limits = { maxRows, maxBytes: 100_000, timeoutMs: 10_000, signal: new AbortController().signal };
  return (await sqlite.run(session, { sql: judged.sql, judged, parameters: [], ...limits })).rows;
}

describe.each(['DELETE', 'WAL'])('with a journal of %s', (mode) => {
  test('columns of the same name are those that are published', async () => {
    const path = files.create(`${mode}.db`, `PRAGMA journal_mode = ${mode}; ${schema}`);
    const session = await openFile(files, `${mode}.db`);
    const joins: [sql: string, rows: unknown][] = [
      [
        'SELECT name, km FROM rider NATURAL JOIN (SELECT rider_id AS id, km FROM ride) ORDER BY km',
        [
          ['Bob', 7],
          ['Ada', 70],
        ],
      ],
      ['SELECT name, km FROM rider JOIN far USING (id)', [['Bob', 70]]],
      ['SELECT name FROM rider CROSS JOIN (SELECT 1 AS pin) a JOIN (SELECT 1 AS pin) b USING (pin) WHERE id = 1', [['Ada']]],
      [
        'WITH RECURSIVE n(pin) AS (SELECT 0 UNION ALL SELECT pin + 1 FROM n WHERE pin < 1) SELECT name, n.pin FROM rider NATURAL JOIN n WHERE id = 1',
        [
          ['Ada', 0],
          ['Ada', 1],
        ],
      ],
    ];
    for (const [sql, rows] of joins) expect([sql, await ask(session, sql)]).toEqual([sql, rows]);
    // One that is cut in the middle lets go of the file too: the writer below would wait for it.
    for (const [sql, rows] of joins) expect(await ask(session, sql, 1)).toEqual((rows as unknown[]).slice(0, 1));
    const writer = new DatabaseSync(path, { timeout: 5000 });
    writer.exec('ALTER TABLE rider ADD COLUMN pin INTEGER; UPDATE rider SET pin = 1');
    // Of USING, a column counts that the text names: not pin in the second.
    for (const [sql] of joins.filter(([text]) => /natural|pin/i.test(text)))
      await expect(ask(session, sql)).rejects.toMatchObject({ code: 'statement.failed', about: { technical: 'SQLite result 23' } });
    // The file is not held by what was refused, and the session goes on.
    writer.exec('ALTER TABLE rider DROP COLUMN pin');
    writer.close();
    expect(await ask(session, 'SELECT name FROM rider JOIN ride ON rider.id = rider_id WHERE km = 7')).toEqual([['Bob']]);
    for (const [sql, rows] of joins) expect([sql, await ask(session, sql)]).toEqual([sql, rows]);
    await session.close();
  });
});
