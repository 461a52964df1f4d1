import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Session } from '../../src/server/engines/engine.ts';
import type { SqliteSession } from '../../src/server/engines/sqlite/session.ts';
import { sqlite } from '../../src/server/engines/sqlite/sqlite.ts';
import { type Lab, openWith } from './engine-lab.ts';
import { testFiles } from './open-sqlite.ts';

const schemaSql = `
CREATE TABLE ship (imo TEXT NOT NULL, flag TEXT NOT NULL, name TEXT NOT NULL UNIQUE, tons REAL, heavy AS (tons > 1000) STORED, PRIMARY KEY (imo, flag)) WITHOUT ROWID;
CREATE TABLE crew ( -- Who sails
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL, -- As in the passport
  imo TEXT, flag TEXT, born TEXT DEFAULT '1970-01-01',
  boss INTEGER REFERENCES crew,
  FOREIGN KEY (imo, flag) REFERENCES ship (imo, flag) ON DELETE CASCADE
) STRICT;
CREATE INDEX crew_by_name ON crew (lower(name)) WHERE born IS NOT NULL;
CREATE TABLE "ev""il; DROP TABLE crew --" ("sel""ect" INTEGER, "a b" TEXT, "ünï👾" TEXT, "new
line" TEXT);
CREATE VIEW sailing AS SELECT c.name, s.name AS ship FROM crew c JOIN ship s USING (imo, flag);
CREATE VIEW broken AS SELECT * FROM gone;
INSERT INTO ship (imo, flag, name, tons) VALUES ('1', 'NO', 'Fram', 402.5), ('2', 'UK', 'Beagle', 242);
INSERT INTO crew (name, imo, flag) VALUES ('secret-value-7', '1', 'NO'), ('Amundsen', '1', 'NO');
INSERT INTO "ev""il; DROP TABLE crew --" VALUES (1, 'x', 'y', 'z');
ANALYZE;`;

const count = (rows: number) => `WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < ${rows})`;

/** SQLite, which every machine has. */
export async function sqliteLab(): Promise<Lab> {
  const files = testFiles();
  const path = files.create('lab.db', schemaSql);
  const loot = join(files.root, 'portcullis-loot');
  const address = sqlite.address.parse({ file: 'lab.db' });
  const opened = new Set<SqliteSession>();
  const alive = (session: SqliteSession): boolean => {
    try {
      // A process that was killed and not yet reaped is no session either.
      return (
        !/\) Z /.test(existsSync(`/proc/${session.pid}/stat`) ? readFileSync(`/proc/${session.pid}/stat`, 'utf8') : '') &&
        process.kill(session.pid, 0)
      );
    } catch {
      return false;
    }
  };
  const running = (session: SqliteSession): boolean => {
    const stat = existsSync(`/proc/${session.pid}/stat`) ? readFileSync(`/proc/${session.pid}/stat`, 'utf8') : '';
    return /\) R /.test(stat);
  };
  return {
    engine: sqlite,
    address,
    strengths: ['reader'],
    tables: ['main.broken', 'main.crew', 'main.ev"il; DROP TABLE crew --', 'main.sailing', 'main.ship'],
    statements: {
      rows: (rows) => `${count(rows)} SELECT i FROM r`,
      endless: 'WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r) SELECT count(*) FROM r',
      wide: (rows) => `${count(rows)} SELECT printf('%01000d', i) FROM r`,
      exact: {
        sql: `SELECT 9223372036854775807 AS big, -5 AS small, 0.1 AS real, -0.0 AS minus_zero, 9e999 AS infinite, x'00ff10' AS bytes, 'it''s ü 👾' AS words,
          '{"a":12345678901234567890}' AS json, NULL AS nil, '2024-02-29 12:00:00.123456+02:00' AS moment, ? AS bound, typeof(?) AS type, ? AS yes`,
        parameters: [5, 5, true],
        expected: [
          ['big', 'integer', '9223372036854775807'],
          ['small', 'integer', -5],
          ['real', 'real', 0.1],
          ['minus_zero', 'real', '-0'],
          ['infinite', 'real', 'Infinity'],
          ['bytes', 'blob', '\\x00ff10'],
          ['words', 'text', "it's ü 👾"],
          ['json', 'text', '{"a":12345678901234567890}'],
          ['nil', 'null', null],
          ['moment', 'text', '2024-02-29 12:00:00.123456+02:00'],
          ['bound', 'integer', 5],
          ['type', 'text', 'integer'],
          ['yes', 'integer', 1],
        ],
      },
      failing: { sql: "SELECT json_extract('{}', name) FROM crew", value: 'secret-value-7' },
      mistaken: 'SELECT nonesuch FROM crew',
    },
    async open({ signal } = {}): Promise<Session> {
      const session = (await openWith(sqlite, address, { username: '', password: '' }, files, signal)) as SqliteSession;
      opened.add(session);
      return session;
    },
    fill: (sql) => sql.replace('{loot}', loot),
    recorded: true,
    async sessions() {
      const open = [...opened].filter(alive);
      return { open: open.length, running: open.filter(running).length };
    },
    async state() {
      const text = createHash('sha256').update(readFileSync(path)).digest('hex');
      return JSON.stringify([text, readdirSync(files.root).filter((name) => !/-(shm|wal)$/.test(name)), existsSync(loot)]);
    },
    async restart() {
      for (const session of opened) if (alive(session)) process.kill(session.pid, 'SIGKILL');
    },
    async stop() {
      for (const session of opened) await session.close();
      files.remove();
    },
  };
}
