import { postgresGrammar } from './grammar.ts';
import { samplesSql } from './privileges.sql.ts';
import type { PostgresSession } from './session.ts';
import { shownName } from './shown-name.ts';
import { inReadOnly } from './transaction.ts';

/** Asks the planner about one write: it checks the right and runs nothing. */
async function plan(session: PostgresSession, statement: string): Promise<string> {
  try {
    await inReadOnly(session, () => session.run(statement));
    return 'planned, so the right is there; not run';
  } catch (error) {
    if (!(error instanceof Error && 'severity' in error && 'code' in error)) throw error;
    return error.code === '42501'
      ? 'refused: SQLSTATE 42501'
      : `not answered: SQLSTATE ${/^[0-9A-Z]{5}$/.test(String(error.code)) ? String(error.code) : 'unknown'}`;
  }
}

/** Tries the planner on a few tables with and without the right to update, each in a read-only transaction that is rolled back. */
export async function prove(session: PostgresSession): Promise<string[]> {
  const samples = await inReadOnly(session, () => session.run(samplesSql));
  const lines: string[] = [];
  for (const [schema, table, column] of samples) {
    const quote = (name: string | null | undefined) => postgresGrammar.quote(name ?? '');
    const outcome = await plan(session, `EXPLAIN UPDATE ${quote(schema)}.${quote(table)} SET ${quote(column)} = ${quote(column)}`);
    lines.push(`EXPLAIN UPDATE ${shownName(schema, table)} in a read-only transaction: ${outcome}`);
  }
  return lines;
}
