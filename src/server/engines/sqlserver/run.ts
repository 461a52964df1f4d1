import { Fault } from '../../platform/fault.ts';
import type { Answer as Answered, Reading } from '../engine.ts';
import { Answer } from './answer.ts';
import { runIn } from './envelope.ts';
import { explainStatement } from './faults-statement.ts';
import { askServer } from './second-opinion.ts';
import { ServerError } from './server-error.ts';
import type { SqlServerSession } from './session.ts';
import { committedSql } from './settings.sql.ts';
import { makeSettled } from './settings.ts';
import { WireError } from './wire-error.ts';

/** How long the server has to stop a statement before its socket is closed. */
const graceMs = 400;
/** Bytes beside its rows that an answer may hold, rows beyond those that are kept among them. */
const besideRows = 512 * 1024;
const tokens = 2000;
/** Versions of rows do not reach there: a view over a database that keeps none. */
const noVersions = 3952;

/** When the session of each is as it was before. */
const resets = new WeakMap<SqlServerSession, Promise<void>>();

/**
 * Runs one statement in a transaction that is always rolled back. The answer is out as soon as it is in; behind it the server makes the
 * session as it was at the sign-in, and the next one waits for that. A session that cannot be cleared is ended.
 */
export async function runStatement(session: SqlServerSession, reading: Reading): Promise<Answered> {
  await resets.get(session);
  if (reading.signal.aborted) throw cancelled();
  let why: Fault | null = null;
  let grace: NodeJS.Timeout | undefined;
  const stop = () => {
    // An end that the server does not come to is made for it.
    grace ??= setTimeout(() => session.end(why ?? new WireError('flood')), graceMs);
    session.stop().then(() => clearTimeout(grace));
  };
  const end = (fault: Fault) => {
    if (why) return;
    why = fault;
    stop();
  };
  const hangUp = () => end(cancelled());
  const late = setTimeout(() => end(expired(reading.timeoutMs)), reading.timeoutMs);
  reading.signal.addEventListener('abort', hangUp, { once: true });
  let answer = new Answer(reading);
  const begin = () => {
    answer = new Answer(reading);
    answer.onEnough = stop;
    return why ? null : answer;
  };
  try {
    await bring(session, reading, begin);
    if (why) throw why;
    return answered(answer);
  } catch (error) {
    if (why) throw why;
    // The row on its way was larger than all that may come: what is in stands.
    if (isFlood(error) && answer.columns.length > 0) return answered(answer, 'bytes');
    throw explainStatement(error, reading, session.address);
  } finally {
    clearTimeout(late);
    clearTimeout(grace);
    reading.signal.removeEventListener('abort', hangUp);
    if (session.usable) resets.set(session, clear(session));
  }
}

const isFlood = (error: unknown): boolean => error instanceof WireError && error.code === 'flood';

/** Runs it once, or twice. `begin` makes what gathers its answer; null when it is over already. */
async function bring(session: SqlServerSession, reading: Reading, begin: () => Answer | null): Promise<void> {
  if (reading.judged) await askServer(session, reading);
  const once = async () => {
    const answer = begin();
    if (answer) await session.ask(runIn(reading), answer, { bytes: reading.maxBytes + besideRows, tokens }, false);
  };
  try {
    await once();
  } catch (error) {
    if (!(error instanceof ServerError) || error.number !== noVersions) throw error;
    await session.run(committedSql);
    await once();
  }
}

function answered({ columns, rows, cut, bytes, another }: Answer, cutBy: 'bytes' | null = null): Answered {
  if (another)
    throw new Fault('statement.refused', {
      detail: 'The statement answered more than once: it is not one statement. It was stopped, and rolled back.',
      technical: 'a second set of rows',
    });
  const limit = cut ?? cutBy;
  return { columns: columns.map(({ name, type }) => ({ name, type })), rows, truncated: limit !== null, limit, bytes };
}

/** Waits until the session is as it was before. */
async function clear(session: SqlServerSession): Promise<void> {
  try {
    await makeSettled(session, true);
  } catch (error) {
    session.end(error instanceof Error ? error : new WireError('malformed'));
  }
}

const cancelled = (): Fault => new Fault('statement.cancelled', { detail: 'The statement was cancelled, in the database too.' });
const expired = (ms: number): Fault =>
  new Fault('statement.expired', {
    detail: `The statement took longer than its limit of ${ms} ms and was ended in the database.`,
    tryThis: ['Ask for less: fewer rows, a narrower WHERE, an aggregate.'],
  });
