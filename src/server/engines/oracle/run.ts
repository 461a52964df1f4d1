import { Fault } from '../../platform/fault.ts';
import type { Answer, Cell, Reading } from '../engine.ts';
import { RowGate } from '../row-gate.ts';
import { mostBytes, sizeOf } from './cells.ts';
import { explainStatement } from './faults-statement.ts';
import type { OracleSession, Rows } from './session.ts';
import { resetSession } from './settings.ts';
import { beginSql } from './transaction.ts';
import { WireError } from './wire-error.ts';

/** Milliseconds after its limit at which a statement that did not end is cancelled, and those after which its socket is closed. */
const cancelAfter = 150;
const graceMs = 500;
/** Bytes beside its rows that an answer may hold: the names of its columns, and what the server says of each call. */
const besideRows = 256 * 1024;
/** Rows and cells that are asked for at once, which the driver reads in one go, and what a row is taken for that may have any number of bytes. */
const mostAtOnce = 500;
const cellsAtOnce = 25_000;
const rowOfAnySize = 100_000;

/** When the session of each is as it was before. */
const resets = new WeakMap<OracleSession, Promise<void>>();

/**
 * Runs one statement in a read-only transaction that is always rolled back. The answer is out as soon as it is in; what the statement may have
 * left in the session is cleared behind it, and the next one waits for that. A session that cannot be cleared is ended.
 */
export async function runStatement(session: OracleSession, reading: Reading): Promise<Answer> {
  await resets.get(session);
  if (reading.signal.aborted) throw cancelled();
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
    await session.run(beginSql);
    // The server parses it without running it: what has no columns is no query, whatever it looks like.
    if ((await session.parse(reading.sql)) === null) throw notAQuery();
    const answer = await bring(session, reading);
    if (why) throw why;
    return answer;
  } catch (error) {
    throw why ?? explainStatement(error, reading, session.address);
  } finally {
    clearTimeout(late);
    clearTimeout(grace);
    reading.signal.removeEventListener('abort', hangUp);
    // A cancel may still be on its way: it must not meet another statement.
    if (why) session.end(why);
    else if (session.usable) resets.set(session, clear(session));
  }
}

async function bring(session: OracleSession, reading: Reading): Promise<Answer> {
  const { sql, parameters, maxRows, maxCells = Number.POSITIVE_INFINITY, maxBytes, timeoutMs } = reading;
  const open = await session.query(sql, parameters, timeoutMs);
  const rows: Cell[][] = [];
  const gate = new RowGate(reading);
  const most = Math.min(maxRows, Math.floor(maxCells / Math.max(1, open.columns.length)));
  const answer = (limit: Answer['limit']): Answer => ({
    columns: open.columns.map(({ name, type }) => ({ name, type })),
    rows,
    truncated: limit !== null,
    limit,
    bytes: gate.bytes,
  });
  try {
    for (;;) {
      const left = maxBytes - gate.bytes;
      const count = Math.min(atOnce(open, left), most + 1 - rows.length);
      const batch = await open.next(count, left + besideRows);
      for (const row of batch) {
        const cut = gate.admit(row.length, sizeOf(row));
        if (cut !== null) return answer(cut);
        rows.push(row);
      }
      if (batch.length < count) return answer(null);
    }
  } catch (error) {
    // The row on its way was larger than all that may come: what is in stands.
    if (!(error instanceof WireError) || error.code !== 'flood') throw error;
    return answer('bytes');
  } finally {
    await open.close().catch(() => undefined);
  }
}

/** How many rows surely come within the bytes that are left, by what the columns may hold. */
function atOnce({ columns }: Rows, left: number): number {
  const most = mostBytes(columns) ?? rowOfAnySize;
  const few = Math.floor(cellsAtOnce / Math.max(1, columns.length));
  return Math.max(1, Math.min(mostAtOnce, few, Math.floor((left + besideRows / 2) / Math.max(1, most))));
}

/** Waits until the session is as it was before. */
async function clear(session: OracleSession): Promise<void> {
  try {
    await resetSession(session);
  } catch (error) {
    session.end(error instanceof Error ? error : new WireError('malformed'));
  }
}

const cancelled = (): Fault => new Fault('statement.cancelled', { detail: 'The statement was cancelled, in the database too.' });
const notAQuery = (): Fault =>
  new Fault('statement.refused', { detail: 'The database does not take the statement for a query. Only queries are run.' });
const expired = (ms: number): Fault =>
  new Fault('statement.expired', {
    detail: `The statement took longer than its limit of ${ms} ms and was ended in the database.`,
    tryThis: ['Ask for less: fewer rows, a narrower WHERE, an aggregate.'],
  });
