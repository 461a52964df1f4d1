import type { MysqlSession } from './session.ts';
import { ensure, ownLimits } from './settings.ts';

/** The transaction that every statement runs in. It takes its view of the data with its first read. */
export const beginSql = 'START TRANSACTION READ ONLY';

/** Runs `work` in a read-only transaction under the limits of our own statements; always rolled back. */
export async function inReadOnly<T>(session: MysqlSession, work: () => Promise<T>): Promise<T> {
  await begin(session);
  try {
    return await work();
  } finally {
    await rollBack(session);
  }
}

/** Begins the transaction of `inReadOnly`, for a generator that ends it itself. */
export async function begin(session: MysqlSession): Promise<void> {
  session.begun = false;
  await ensure(session, ownLimits(session));
  await session.run(beginSql);
}

/** Ends a transaction whatever became of it; a session that is gone has ended it already. */
export async function rollBack(session: MysqlSession): Promise<void> {
  await session.run('ROLLBACK').catch(() => undefined);
}
