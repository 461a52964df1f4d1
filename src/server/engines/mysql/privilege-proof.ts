import { shownName } from '../shown-name.ts';
import type { Writable } from './privilege-excess.ts';
import { ServerError } from './server-error.ts';
import type { MysqlSession } from './session.ts';
import { inReadOnly } from './transaction.ts';

const noRight: readonly number[] = [1142, 1143];
const readOnly = 1792;

/**
 * Has the server prepare a write and not run it: it looks at the right to write, then refuses because the session is read-only. Nothing is evaluated,
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

/** A table to try a write on, and by which right. */
export type Sample = Pick<Writable, 'table' | 'right' | 'column'>;

function writeOf({ right, column }: Sample, table: string, quote: (name: string) => string): readonly [word: string, sql: string] {
  if (right === 'INSERT')
    return column === null
      ? ['INSERT', `INSERT INTO ${table} () VALUES ()`]
      : ['INSERT', `INSERT INTO ${table} (${quote(column)}) VALUES (NULL)`];
  if (right === 'UPDATE' && column !== null) return ['UPDATE', `UPDATE ${table} SET ${quote(column)} = NULL`];
  return ['DELETE', `DELETE FROM ${table}`];
}

/** Tries it on a few tables that should and should not be writable. */
export async function prove(session: MysqlSession, samples: readonly Sample[]): Promise<string[]> {
  if (samples.length === 0) return ['There is no table to try: the grants alone were asked for'];
  const { quote } = session.flavour.grammar;
  const database = session.place?.[0] ?? '';
  const lines: string[] = [];
  for (const sample of samples) {
    const [word, sql] = writeOf(sample, `${quote(database)}.${quote(sample.table)}`, quote);
    lines.push(`PREPARE of ${word} on ${shownName(database, sample.table)} in a read-only transaction: ${await examine(session, sql)}`);
  }
  return lines;
}
