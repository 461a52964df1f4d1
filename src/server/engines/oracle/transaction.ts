import type { Cell } from '../engine.ts';
import type { OracleSession, Row } from './session.ts';

/** Rows of a bulk query that are held at once (as many again are on the way), and what a server may send for them and for the whole query. */
const batchRows = 500;
const batchBytes = 6 * 1024 * 1024;
const queryBytes = 256 * 1024 * 1024;

/** The transaction in which everything runs: it sees one moment of the data, and the database refuses a write in it. */
export const beginSql = 'SET TRANSACTION READ ONLY';

/** Runs `work` in a read-only transaction in which the catalogue stands still; always rolled back. */
export async function inReadOnly<T>(session: OracleSession, work: () => Promise<T>): Promise<T> {
  await session.run(beginSql);
  try {
    return await work();
  } finally {
    await rollBack(session);
  }
}

/** Ends a transaction whatever became of it; a session that cannot end it is ended, and one that is gone has ended it already. */
export async function rollBack(session: OracleSession): Promise<void> {
  await session.rollBack().catch((error) => session.end(error instanceof Error ? error : new Error('not rolled back')));
}

/** Counts roughly what a row holds, so that a query without end is ended. */
const sizeOf = (rows: readonly Row[]): number =>
  rows.reduce((sum, row) => sum + row.reduce((size, value) => size + (value?.length ?? 0), 16), 0);

const textOf = (cells: readonly Cell[]): Row => cells.map((cell) => (cell === null ? null : String(cell)));

/** The rows of a query of ours in batches; needs a transaction. The next batch is asked for while this one is worked on. */
export async function* inBatches(session: OracleSession, sql: string, tooMuch: () => Error): AsyncGenerator<readonly Row[]> {
  const open = await session.query(sql, []);
  const fetch = () => open.next(batchRows, batchBytes);
  let left = queryBytes;
  let next = fetch();
  try {
    for (;;) {
      const rows = (await next).map(textOf);
      if (rows.length === 0) break;
      left -= sizeOf(rows);
      // A server that sends more rows than it was asked for is not to be asked again.
      if (left < 0 || rows.length > batchRows) throw tooMuch();
      next = rows.length < batchRows ? Promise.resolve([]) : fetch();
      next.catch(() => undefined);
      yield rows;
    }
  } finally {
    await next.catch(() => undefined);
    await open.close().catch(() => undefined);
  }
}
