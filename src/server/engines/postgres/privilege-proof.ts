import { shownName } from '../shown-name.ts';
import { postgresGrammar } from './grammar.ts';
import { samplesSql } from './privileges.sql.ts';
import type { PostgresSession } from './session.ts';
import { inReadOnly } from './transaction.ts';

/**
 * Asks for the lock that a write takes. It checks the right and evaluates nothing: EXPLAIN would run the functions in the table's indexes,
 * rules and policies, which whoever made the table wrote, with the rights of this login.
 */
async function lock(session: PostgresSession, statement: string): Promise<string> {
  try {
    await inReadOnly(session, () => session.run(statement));
    return 'granted, so a right to write is there; released, nothing written';
  } catch (error) {
    if (!(error instanceof Error && 'severity' in error && 'code' in error)) throw error;
    return error.code === '42501'
      ? 'refused: SQLSTATE 42501'
      : `not answered: SQLSTATE ${/^[0-9A-Z]{5}$/.test(String(error.code)) ? String(error.code) : 'unknown'}`;
  }
}

/** As many as samplesSql asks for: a server may send more. */
const most = 4;

/** Tries the lock on a few tables with and without the right to write, each in a read-only transaction that is rolled back. */
export async function prove(session: PostgresSession, superuser: boolean): Promise<string[]> {
  if (superuser) return ['Nothing was tried on a table, since no right of a superuser is checked: the catalogue alone was asked'];
  const samples = await inReadOnly(session, () => session.run(samplesSql));
  if (samples.length === 0) return ['There is no table to try: the catalogue alone was asked'];
  const lines: string[] = [];
  for (const [schema, table] of samples.slice(0, most)) {
    const quote = (name: string | null | undefined) => postgresGrammar.quote(name ?? '');
    const outcome = await lock(session, `LOCK TABLE ONLY ${quote(schema)}.${quote(table)} IN ROW EXCLUSIVE MODE NOWAIT`);
    lines.push(`LOCK TABLE ${shownName(schema, table)} IN ROW EXCLUSIVE MODE in a read-only transaction: ${outcome}`);
  }
  return lines;
}
