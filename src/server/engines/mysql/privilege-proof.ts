import { shownName } from '../shown-name.ts';
import { ServerError } from './server-error.ts';
import type { MysqlSession } from './session.ts';
import { inReadOnly } from './transaction.ts';

const noRight: readonly number[] = [1142, 1143];
const readOnly = 1792;

/**
 * Has the server prepare a DELETE and not run it: it looks at the right to write, then refuses because the session is read-only. Nothing is evaluated,
 * where EXPLAIN would run functions of whoever made the tables.
 */
async function examine(session: MysqlSession, statement: string): Promise<string> {
  try {
    await inReadOnly(session, () => session.examine(statement));
    return 'taken, so a right to write is there; it was never run';
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    if (noRight.includes(error.errno)) return `refused for want of the right (errno ${error.errno})`;
    return error.errno === readOnly
      ? `a right to write is there; refused because the session is read-only (errno ${readOnly})`
      : `not answered: errno ${error.errno}`;
  }
}

/** Tries it on a few tables that should and should not be writable. */
export async function prove(session: MysqlSession, tables: readonly string[]): Promise<string[]> {
  if (tables.length === 0) return ['There is no table to try: the grants alone were asked for'];
  const { quote } = session.flavour.grammar;
  const database = session.place?.[0] ?? '';
  const lines: string[] = [];
  for (const table of tables) {
    const outcome = await examine(session, `DELETE FROM ${quote(database)}.${quote(table)}`);
    lines.push(`PREPARE of DELETE FROM ${shownName(database, table)} in a read-only transaction: ${outcome}`);
  }
  return lines;
}
