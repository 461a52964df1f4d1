import { Fault } from '../../platform/fault.ts';
import type { Answer, Reading } from '../engine.ts';
import { typeNames } from './cells.ts';
import { explainStatement } from './faults-statement.ts';
import { type Brought, Portal } from './portal.ts';
import type { PostgresSession } from './session.ts';
import { limitsOf, makeReadOnly } from './settings.ts';
import { WireError } from './wire-error.ts';

/** Milliseconds after its limit at which a statement that did not end is cancelled, and those after which its socket is closed. */
const cancelAfter = 150;
const graceMs = 250;
/** Bytes beside its rows that an answer may hold: the names of its columns, and what the server says of each command. */
const besideRows = 256 * 1024;

/** When the session of each is as it was before. */
const resets = new WeakMap<PostgresSession, Promise<void>>();

/**
 * Runs one statement in a read-only transaction that is always rolled back. The answer is out as soon as it is in; what the statement may have
 * left in the session is cleared behind it, and the next one waits for that. A session that cannot be cleared is ended.
 */
export async function runStatement(session: PostgresSession, reading: Reading): Promise<Answer> {
  await resets.get(session);
  if (reading.signal.aborted) throw cancelled();
  const portal = new Portal({ ...reading, sessionLimits: limitsOf(session.statementTimeoutMs) });
  let why: Fault | null = null;
  let grace: NodeJS.Timeout | undefined;
  const stop = (fault: Fault) => {
    if (why) return;
    why = fault;
    session.cancel().catch(() => undefined);
    grace = setTimeout(() => session.end(fault), graceMs);
  };
  const hangUp = () => stop(cancelled());
  const late = setTimeout(() => stop(expired(reading.timeoutMs)), reading.timeoutMs + cancelAfter);
  reading.signal.addEventListener('abort', hangUp, { once: true });
  try {
    const brought = await bring(session, portal, reading.maxBytes);
    if (why) throw why;
    return await answerOf(session, brought);
  } catch (error) {
    throw why ?? explainStatement(error, reading, session.address);
  } finally {
    clearTimeout(late);
    clearTimeout(grace);
    reading.signal.removeEventListener('abort', hangUp);
    // A cancel may still be on its way: it must not meet another statement.
    if (why) session.end(why);
    else if (session.usable) resets.set(session, clear(session, portal));
  }
}

async function bring(session: PostgresSession, portal: Portal, maxBytes: number): Promise<Brought> {
  try {
    const brought = await session.send(portal, maxBytes + besideRows);
    // More is coming, and nobody wants it.
    if (brought.cut !== null && brought.cut !== 'rows') session.end(new WireError('flood'));
    return brought;
  } catch (error) {
    // The row on its way was larger than all that may come: what is in stands.
    if (!(error instanceof WireError) || error.code !== 'flood') throw error;
    return portal.result('bytes');
  }
}

async function answerOf(session: PostgresSession, { columns, rows, cut, bytes }: Brought): Promise<Answer> {
  const types = await typeNames(
    session,
    columns.map(({ dataTypeID }) => dataTypeID),
  );
  return {
    columns: columns.map(({ name }, index) => ({ name, type: types[index] ?? 'unknown' })),
    rows,
    truncated: cut !== null,
    limit: cut,
    bytes,
  };
}

/** Waits until the session is as it was before; after an error its transaction is open and nothing was cleared yet. */
async function clear(session: PostgresSession, portal: Portal): Promise<void> {
  try {
    await portal.cleared.catch(async () => {
      await session.run('ROLLBACK');
      await session.run('DISCARD ALL');
      await makeReadOnly(session, session.statementTimeoutMs);
    });
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
