import { Fault } from '../../platform/fault.ts';
import type { Reading } from '../engine.ts';
import { Answer } from './answer.ts';
import { describe } from './envelope.ts';
import { ServerError } from './server-error.ts';
import { type SqlServerSession, smallAnswer } from './session.ts';

/** The procedure is not there, or may not be called: some products and some hardened servers. The guard has judged alone then. */
const unasked = new Set([2812, 229, 230, 297, 300]);

/**
 * Asks the server what a judged statement would answer with, without running it. One that answers with nothing does not read: it is refused,
 * whatever the guard took it for. SHOWPLAN would tell more, but takes a right that a reader lacks, and there are products that ignore the
 * setting and run the statement.
 */
export async function askServer(session: SqlServerSession, reading: Reading): Promise<void> {
  const answer = new Answer();
  try {
    await session.ask(describe(reading), answer, smallAnswer, false);
  } catch (error) {
    if (error instanceof ServerError && error.numbers.some((number) => unasked.has(number)) && session.usable) return;
    throw error;
  }
  if (answer.rows.length === 0 && !reading.signal.aborted)
    throw new Fault('statement.refused', {
      detail: 'The database takes this for a statement that gives no rows. It was not run.',
      tryThis: ['Ask for rows: SELECT …'],
      technical: 'sp_describe_first_result_set: no columns',
    });
}
