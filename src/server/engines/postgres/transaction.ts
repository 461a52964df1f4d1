import type { PostgresSession, Row } from './session.ts';

/** Rows of a bulk query that are held at once (as many again are on the way), and what a server may send for them and for the whole query. */
const batchRows = 500;
const batch = { bytes: 6 * 1024 * 1024, messages: batchRows + 1000 };
const queryBytes = 256 * 1024 * 1024;

/** Runs `work` in a read-only transaction in which the catalogue stands still; always rolled back. */
export async function inReadOnly<T>(session: PostgresSession, work: () => Promise<T>): Promise<T> {
  await begin(session);
  try {
    return await work();
  } finally {
    await rollBack(session);
  }
}

/** Begins the transaction of `inReadOnly`, for a generator that ends it itself. */
export async function begin(session: PostgresSession): Promise<void> {
  await session.run('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
}

/** Ends a transaction whatever became of it; a session that is gone has ended it already. */
export async function rollBack(session: PostgresSession): Promise<void> {
  await session.run('ROLLBACK').catch(() => undefined);
}

/** Counts roughly what a row holds, so that a query without end is ended. */
const sizeOf = (rows: readonly Row[]): number =>
  rows.reduce((sum, row) => sum + row.reduce((size, value) => size + (value?.length ?? 0), 0), 0);

/** The rows of a query of ours in batches; needs a transaction. The next batch is asked for while this one is worked on. */
export async function* inBatches(session: PostgresSession, text: string, tooMuch: () => Error): AsyncGenerator<readonly Row[]> {
  await session.run(`DECLARE portcullis NO SCROLL CURSOR FOR ${text}`);
  const fetch = () => session.run(`FETCH FORWARD ${batchRows} FROM portcullis`, [], batch);
  let left = queryBytes;
  let next = fetch();
  try {
    for (;;) {
      const rows = await next;
      if (rows.length === 0) break;
      left -= sizeOf(rows);
      if (left < 0) throw tooMuch();
      next = rows.length < batchRows ? Promise.resolve([]) : fetch();
      next.catch(() => undefined);
      yield rows;
    }
  } finally {
    await next.catch(() => undefined);
    await session.run('CLOSE portcullis').catch(() => undefined);
  }
}
