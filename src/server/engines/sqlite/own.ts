import { Fault } from '../../platform/fault.ts';
import type { Cell } from '../engine.ts';
import { ChildError } from './child-error.ts';
import type { SqliteSession } from './session.ts';

const queryBytes = 256 * 1024 * 1024;

/** The rows of a statement of ours about the catalogue. */
export async function askCatalog(session: SqliteSession, sql: string, parameters: readonly Cell[] = []): Promise<(readonly Cell[])[]> {
  const rows: (readonly Cell[])[] = [];
  const reply = await session.ask({ kind: 'own', sql, parameters }, queryBytes, (part) => {
    if (part.kind === 'rows') rows.push(...part.rows);
  });
  if (reply.kind === 'error') throw new ChildError('refused', reply.code);
  return rows;
}

/** The same, where the file itself may be the cause that it fails: null then. */
export async function perhaps(session: SqliteSession, sql: string, parameters: readonly Cell[] = []): Promise<(readonly Cell[])[] | null> {
  try {
    return await askCatalog(session, sql, parameters);
  } catch (error) {
    if (error instanceof ChildError && error.problem === 'refused') return null;
    throw error;
  }
}

/** Which tables each statement would read; null for one that cannot be prepared. */
export async function tablesRead(session: SqliteSession, statements: readonly string[]): Promise<readonly (readonly string[] | null)[]> {
  const reply = await session.ask({ kind: 'tables', statements }, queryBytes);
  if (reply.kind !== 'tables') throw new Fault('database.failed', { detail: 'The tables that views read could not be told.' });
  return reply.tables;
}
