import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Lab, Strength } from '../../../tests/support/engine-lab.ts';
import { type Hostile, hostileStatements } from '../../../tests/support/hostile-statements.ts';
import { type LabId, startLabs } from '../../../tests/support/labs.ts';
import type { Fault } from '../platform/fault.ts';

/*
 * What each engine's session stops with the guard switched off. The table is compared at every run; a column whose database is not on this
 * machine, or is of another version, stays as it was written.
 */
const columns = [
  { title: 'PostgreSQL, a login that may only read', id: 'postgresql', strength: 'reader' },
  { title: 'PostgreSQL, superuser', id: 'postgresql', strength: 'strongest' },
  { title: 'MySQL, a login that may only read', id: 'mysql', strength: 'reader' },
  { title: 'MySQL, root', id: 'mysql', strength: 'strongest' },
  { title: 'MariaDB, a login that may only read', id: 'mariadb', strength: 'reader' },
  { title: 'MariaDB, root', id: 'mariadb', strength: 'strongest' },
  { title: 'SQLite', id: 'sqlite', strength: 'reader' },
] as const;
const path = new URL('../../../docs/truth-table.md', import.meta.url);

let running: Partial<Record<LabId, Lab>> = {};
beforeAll(async () => {
  running = await startLabs();
}, 240_000);
afterAll(() => Promise.all(Object.values(running).map((lab) => lab.stop())));

const endless = new AbortController().signal;
const sqlOf = (hostile: Hostile, id: (typeof columns)[number]['id']): string | null =>
  id === 'mariadb' && hostile.mariadb !== undefined ? hostile.mariadb : hostile[id === 'mariadb' ? 'mysql' : id];

async function outcomeOf(lab: Lab, strength: Strength, sql: string | null): Promise<string> {
  if (sql === null) return '–';
  const before = await lab.state();
  const session = await lab.open({ strength });
  const reading = { parameters: [], maxRows: 100, maxBytes: 10_000_000, timeoutMs: 10_000, signal: endless };
  const outcome = await lab.engine.run(session, { sql: lab.fill(sql, strength), ...reading }).then(
    () => 'runs',
    (error: Fault) => `stopped (${(error.about.technical ?? error.code).split(',')[0]})`,
  );
  await session.close();
  return (await lab.state()) === before ? outcome : '**CHANGES**';
}

/** The cells of the table as it is written, by what they are about and by title. */
async function written(): Promise<(what: string, title: string) => string> {
  const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line.startsWith('| '));
  const cells = lines.map((line) => line.slice(2, -2).split(' | '));
  const titles = cells[0] ?? [];
  return (what, title) => cells.find(([name]) => name === what)?.[titles.indexOf(title)] ?? '?';
}

describe('what the session alone stops', () => {
  test('is as docs/truth-table.md says', async () => {
    const before = await written();
    const rows: string[] = [];
    for (const hostile of hostileStatements) {
      const cells: string[] = [];
      for (const { title, id, strength } of columns) {
        const lab = running[id];
        const outcome = lab ? await outcomeOf(lab, strength, sqlOf(hostile, id)) : null;
        // With a login that may only read nothing is ever changed, whatever is let through.
        if (strength === 'reader') expect([hostile.what, id, outcome]).not.toContain('**CHANGES**');
        // Other versions stop more, and under other codes.
        cells.push(outcome !== null && lab?.recorded ? outcome : before(hostile.what, title));
      }
      const sample = (hostile.postgresql ?? hostile.mysql ?? hostile.sqlite ?? '').replaceAll('|', '\\|');
      rows.push(`| ${hostile.what} | \`${sample}\` | ${cells.join(' | ')} |`);
    }
    const text = `# What the session alone stops

Every statement is judged by a guard before it is sent. This table is about what is left when the guard is switched off: each statement was
run by the engine's own session, with a login that may only read and with the strongest there is. It is written by
\`src/server/engines/truth-table.test.ts\` (\`vitest run src/server/engines/truth-table.test.ts -u\`) and compared at every run; the samples are as
the first engine that has such a thing writes them.

“stopped”: the database or the session refused it, with this code (SQLSTATE of PostgreSQL 15, number of MySQL 9 and MariaDB 10.11, result of SQLite;
“malformed” is our own wire, which takes no copy stream). “runs”: it was answered, and neither tables, rows, sequences, functions, grants, large
objects, settings nor files were others afterwards; what it did to its own session (a lock, a setting) was cleared behind it. “CHANGES”: with such a
login the session alone is not enough, and nothing but the guard stands before it.

| Class | For example | ${columns.map(({ title }) => title).join(' | ')} |
|---|---|${columns.map(() => '---').join('|')}|
${rows.join('\n')}
`;
    await expect(text).toMatchFileSnapshot('../../../docs/truth-table.md');
  }, 400_000);
});
