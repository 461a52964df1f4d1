import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Lab, Strength } from '../../../tests/support/engine-lab.ts';
import { type Hostile, hostileStatements } from '../../../tests/support/hostile-statements.ts';
import { type LabName, startLabs } from '../../../tests/support/labs.ts';
import type { TrialOutcome, TruthTable } from '../../contract/engines.ts';
import type { Fault } from '../platform/fault.ts';
import { truthTableOf } from './truth-table.ts';

/*
 * What each engine's session stops with the guard switched off. Both files are compared at every run; what an engine is not on this machine for,
 * or is of another version for, stays as it was written.
 */
const reader = { login: 'a login that may only read', strength: 'reader' } as const;
const tried = [
  { id: 'postgresql', label: 'PostgreSQL', on: 'PostgreSQL 15', as: [reader, { login: 'superuser', strength: 'strongest' }] },
  { id: 'mysql', label: 'MySQL', on: 'MySQL 9', as: [reader, { login: 'root', strength: 'strongest' }] },
  { id: 'mariadb', label: 'MariaDB', on: 'MariaDB 10.11', as: [reader, { login: 'root', strength: 'strongest' }] },
  { id: 'sqlite', label: 'SQLite', on: 'the SQLite of Node.js', as: [{ login: 'opened for reading', strength: 'reader' }] },
] as const;
type Id = (typeof tried)[number]['id'];

let running: Partial<Record<LabName, Lab>> = {};
beforeAll(async () => {
  running = await startLabs(tried.map(({ id }) => id));
}, 240_000);
afterAll(() => Promise.all(Object.values(running).map((lab) => lab.stop())));

const endless = new AbortController().signal;
const sqlOf = (hostile: Hostile, id: Id): string | null =>
  id === 'mariadb' && hostile.mariadb !== undefined ? hostile.mariadb : hostile[id === 'mariadb' ? 'mysql' : id];

async function outcomeOf(lab: Lab, strength: Strength, sql: string): Promise<TrialOutcome> {
  const before = await lab.state();
  const session = await lab.open({ strength });
  const reading = { parameters: [], maxRows: 100, maxBytes: 10_000_000, timeoutMs: 10_000, signal: endless };
  const outcome = await lab.engine.run(session, { sql: lab.fill(sql, strength), ...reading }).then(
    (): TrialOutcome => ({ outcome: 'runs', code: null }),
    (error: Fault): TrialOutcome => ({ outcome: 'stopped', code: (error.about.technical ?? error.code).split(',')[0] ?? null }),
  );
  await session.close();
  return (await lab.state()) === before ? outcome : { outcome: 'changes', code: null };
}

/** What became of every statement that the engine has. */
async function trialsOf({ id, as }: (typeof tried)[number]): Promise<TruthTable['trials']> {
  const lab = running[id];
  const trials: TruthTable['trials'] = [];
  for (const hostile of hostileStatements) {
    const sql = sqlOf(hostile, id);
    if (sql === null) continue;
    const outcomes: TrialOutcome[] = [];
    for (const { strength } of lab ? as : []) if (lab) outcomes.push(await outcomeOf(lab, strength, sql));
    // With a login that may only read nothing is ever changed, whatever is let through.
    if (outcomes[0]) expect([hostile.what, id, outcomes[0].outcome]).not.toContain('changes');
    const known = truthTableOf(id).trials.find(({ what }) => what === hostile.what)?.outcomes ?? [];
    // Other versions stop more, and under other codes.
    trials.push({ what: hostile.what, example: sql.replace(/\{\w+\}/g, '…'), outcomes: lab?.recorded ? outcomes : known });
  }
  return trials;
}

const cellOf = (at: TrialOutcome | undefined): string =>
  at === undefined ? '?' : at.outcome === 'stopped' ? `stopped (${at.code})` : at.outcome === 'runs' ? 'runs' : '**CHANGES**';

/** A line for each trial, so that a change of one is a change of one line. */
function jsonOf(tables: readonly (readonly [Id, TruthTable])[]): string {
  const lines = tables.map(([id, { trials, ...about }]) => {
    const rows = trials.map((trial) => `      ${JSON.stringify(trial)}`).join(',\n');
    return `  "${id}": {\n    "tried": ${JSON.stringify(about.tried)},\n    "logins": ${JSON.stringify(about.logins)},\n    "trials": [\n${rows}\n    ]\n  }`;
  });
  return `{\n${lines.join(',\n')}\n}\n`;
}

describe('what the session alone stops', () => {
  test('is as docs/truth-table.md says, and the API', async () => {
    const tables: [Id, TruthTable][] = [];
    for (const one of tried)
      tables.push([one.id, { tried: one.on, logins: one.as.map(({ login }) => login), trials: await trialsOf(one) }]);
    const rows = hostileStatements.map((hostile) => {
      const cells = tables.flatMap(([, { logins, trials }]) => {
        const trial = trials.find(({ what }) => what === hostile.what);
        return logins.map((_, at) => (trial ? cellOf(trial.outcomes[at]) : '–'));
      });
      const sample = (hostile.postgresql ?? hostile.mysql ?? hostile.sqlite ?? '').replaceAll('|', '\\|');
      return `| ${hostile.what} | \`${sample}\` | ${cells.join(' | ')} |`;
    });
    const titles = tried.flatMap(({ label, as }) => as.map(({ login }) => `${label}, ${login}`));
    const text = `# What the session alone stops

Every statement is judged by a guard before it is sent. This table is about what is left when the guard is switched off: each statement was
run by the engine's own session, with a login that may only read and with the strongest there is. It is written by
\`src/server/engines/truth-table.test.ts\` (\`vitest run src/server/engines/truth-table.test.ts -u\`) and compared at every run, with
\`src/server/engines/truth-table.json\`, which the API and the web show from; the samples are as the first engine that has such a thing writes them.
SQL Server and Oracle have no column: no server of theirs has been at hand to try it on, and nothing is claimed of them.

“stopped”: the database or the session refused it, with this code (SQLSTATE of PostgreSQL 15, number of MySQL 9 and MariaDB 10.11, result of SQLite;
“malformed” is our own wire, which takes no copy stream). “runs”: it was answered, and neither tables, rows, sequences, functions, grants, large
objects, settings nor files were others afterwards; what it did to its own session (a lock, a setting) was cleared behind it. “CHANGES”: with such a
login the session alone is not enough, and nothing but the guard stands before it.

| Class | For example | ${titles.join(' | ')} |
|---|---|${titles.map(() => '---').join('|')}|
${rows.join('\n')}
`;
    await expect(text).toMatchFileSnapshot('../../../docs/truth-table.md');
    await expect(jsonOf(tables)).toMatchFileSnapshot('./truth-table.json');
  }, 400_000);
});
