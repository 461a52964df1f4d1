import { Fault } from '../../platform/fault.ts';
import type { Reading } from '../engine.ts';
import { Answer } from './answer.ts';
import { describe } from './envelope.ts';
import { ServerError } from './server-error.ts';
import { type SqlServerSession, smallAnswer } from './session.ts';

/** The procedure is not there, or may not be called: some products and some hardened servers. The guard has judged alone then. */
const unasked = new Set([2812, 229, 230, 297, 300]);

/** Functions of the guard's list that stand in FROM. Where the database is at an older level they are not there, and a name without a schema may be somebody's own. */
const inFrom = /\b(?:string_split|generate_series|regexp_split_to_table|openjson)\b/gi;
const theirsSql = (names: readonly string[]): string =>
  `SELECT name FROM sys.objects WHERE type IN ('IF', 'TF', 'FT', 'SN') AND name COLLATE Latin1_General_CI_AS IN (${names.map((_, at) => `@n${at}`).join(', ')});`;

/** Refuses a statement that may call a function of somebody's own by the name of one of the server's. Scalar ones are never called without a schema. */
async function judgeFunctions(session: SqlServerSession, { sql }: Reading): Promise<void> {
  const names = [...new Set((sql.match(inFrom) ?? []).map((name) => name.toLowerCase()))];
  if (names.length === 0) return;
  const [theirs] = await session.run(theirsSql(names), Object.fromEntries(names.map((name, at) => [`n${at}`, name])));
  if (theirs)
    throw new Fault('statement.refused', {
      detail: `The database holds a function of its own called ${names.length === 1 ? names[0] : 'as one that the statement calls'}: which one would be run cannot be told. It was not run.`,
      tryThis: ['Ask without it, or have an administrator rename theirs.'],
    });
}

/**
 * Asks the server what a judged statement would answer with, without running it. One that answers with nothing does not read: it is refused,
 * whatever the guard took it for. SHOWPLAN would tell more, but takes a right that a reader lacks, and there are products that ignore the
 * setting and run the statement.
 */
export async function askServer(session: SqlServerSession, reading: Reading): Promise<void> {
  await judgeFunctions(session, reading);
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
