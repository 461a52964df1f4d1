import { shownName } from '../shown-name.ts';
import { oracleCode } from './faults.ts';
import { oracleGrammar } from './grammar.ts';
import type { OracleSession } from './session.ts';
import { inReadOnly } from './transaction.ts';

/** A table to try, by its schema and name. */
export type Sample = readonly [schema: string, table: string];

/** Has the server parse a write and no more: it looks at the rights then, and nothing is run, locked or evaluated. */
async function parse(session: OracleSession, sql: string): Promise<string> {
  try {
    await inReadOnly(session, () => session.parse(sql));
    return 'accepted, so a right to write is there; it was not run';
  } catch (error) {
    const code = oracleCode(error);
    if (!code?.startsWith('ORA-')) throw error;
    return code === 'ORA-01031' || code === 'ORA-00942' || code === 'ORA-41900' ? `refused: ${code}` : `not answered: ${code}`;
  }
}

/** Has a write to a few tables parsed, with and without the right to it, in a read-only transaction that is rolled back. */
export async function prove(session: OracleSession, samples: readonly Sample[], everything: boolean): Promise<string[]> {
  if (everything) return ['Nothing was tried on a table, since no right of an administrator is checked: the catalogue alone was asked'];
  if (samples.length === 0) return ['There is no table to try: the catalogue alone was asked'];
  const lines: string[] = [];
  for (const [schema, table] of samples) {
    const { quote } = oracleGrammar;
    const outcome = await parse(session, `DELETE FROM ${quote(schema)}.${quote(table)}`);
    lines.push(`DELETE FROM ${shownName(schema, table)} only parsed: ${outcome}`);
  }
  return lines;
}
