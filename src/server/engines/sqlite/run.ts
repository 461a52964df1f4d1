import { Fault } from '../../platform/fault.ts';
import type { Answer, Cell, Reading } from '../engine.ts';
import { explain, explainReply } from './faults.ts';
import type { SqliteSession } from './session.ts';

/** Bytes beside its rows that an answer may hold: names of columns, and the frames. */
const besideRows = 1024 * 1024;

/** Runs one statement in the session's process. Whatever ends it early ends the process: nothing else can stop SQLite from outside. */
export async function runStatement(session: SqliteSession, reading: Reading): Promise<Answer> {
  const { sql, parameters, judged = null, maxRows, maxCells = Number.MAX_SAFE_INTEGER, maxBytes, timeoutMs, signal } = reading;
  if (signal.aborted) throw cancelled();
  const rows: (readonly Cell[])[] = [];
  const late = setTimeout(() => session.kill(expired(timeoutMs)), timeoutMs);
  const hangUp = () => session.kill(cancelled());
  signal.addEventListener('abort', hangUp, { once: true });
  try {
    // Rows are twice as long in the pipe at the most: their commas and frames.
    const request = { kind: 'read', sql, parameters, judged, maxRows, maxCells, maxBytes } as const;
    const reply = await session.ask(request, 2 * maxBytes + besideRows, (part) => {
      if (part.kind !== 'rows') return;
      rows.push(...part.rows);
      reading.kept?.(part.rows.length * (part.rows[0]?.length ?? 0), part.bytes);
    });
    if (reply.kind === 'error') throw explainReply(reply, sql);
    if (reply.kind !== 'end') throw new TypeError('the answer to a reading is its end');
    const { columns, limit, bytes } = reply;
    return { columns, rows, truncated: limit !== null, limit, bytes };
  } catch (error) {
    throw explain(error, 'read', {});
  } finally {
    clearTimeout(late);
    signal.removeEventListener('abort', hangUp);
  }
}

const cancelled = (): Fault => new Fault('statement.cancelled', { detail: 'The statement was cancelled, and its process ended.' });
const expired = (ms: number): Fault =>
  new Fault('statement.expired', {
    detail: `The statement took longer than its limit of ${ms} ms and was ended.`,
    tryThis: ['Ask for less: fewer rows, a narrower WHERE, an aggregate.'],
  });
