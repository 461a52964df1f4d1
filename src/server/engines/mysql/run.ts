import { Fault } from '../../platform/fault.ts';
import type { Answer, Cell, Reading } from '../engine.ts';
import { RowGate } from '../row-gate.ts';
import { cellsOf, typeName } from './cells.ts';
import type { Described, Sink } from './driver.ts';
import { explainStatement } from './faults-statement.ts';
import type { SessionLimits } from './flavour.ts';
import type { MysqlSession } from './session.ts';
import { ensure, pin } from './settings.ts';
import { beginSql } from './transaction.ts';
import { WireError } from './wire-error.ts';

/** Milliseconds after its limit at which a statement that did not end is ended, and those after which its socket is closed. */
const cancelAfter = 150;
const graceMs = 250;
/** Bytes beside its rows that an answer may hold: what describes its columns. */
const besideRows = 1024 * 1024;

/** When the session of each is as it was before. */
const resets = new WeakMap<MysqlSession, Promise<void>>();

/** Takes rows up to the limits, and notes whether there was more. */
class Collector implements Sink {
  columns: readonly Described[] = [];
  readonly rows: Cell[][] = [];
  limit: Answer['limit'] = null;
  readonly #gate: RowGate;
  readonly #overflowed: () => void;

  constructor(reading: Reading, overflowed: () => void) {
    this.#gate = new RowGate(reading);
    this.#overflowed = overflowed;
  }
  describe(columns: readonly Described[]): void {
    this.columns = columns;
  }
  take(row: Buffer): void {
    if (this.limit) return;
    this.limit = this.#gate.admit(this.columns.length, row.length);
    if (this.limit === null) this.rows.push(cellsOf(row, this.columns));
    // The session itself ends with the row beyond those that were asked for.
    else if (this.limit !== 'rows') this.#overflowed();
  }
  answer(): Answer {
    const { rows, limit } = this;
    const { bytes } = this.#gate;
    const columns = this.columns.map((column) => ({ name: column.name, type: typeName(column) }));
    return { columns, rows, truncated: limit !== null, limit, bytes };
  }
}

/**
 * Runs one statement in a read-only transaction that is always rolled back, in a session that lets through one row more than may be answered. What
 * the statement may have left in the session is cleared behind the answer, and the next one waits for that. A session that cannot be cleared is ended.
 */
export async function runStatement(session: MysqlSession, reading: Reading): Promise<Answer> {
  await resets.get(session);
  if (reading.signal.aborted) throw cancelled();
  const limits: SessionLimits = { timeoutMs: Math.max(1, Math.round(reading.timeoutMs)), maxRows: reading.maxRows };
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
    await prepare(session, limits);
    const begun = performance.now();
    const collector = await bring(session, reading);
    if (why) throw why;
    // Some functions give a value of no meaning when the server’s own limit ends them, and no error.
    if (performance.now() - begun >= limits.timeoutMs) throw expired(reading.timeoutMs);
    return collector.answer();
  } catch (error) {
    throw why ?? explainStatement(error, reading, session);
  } finally {
    clearTimeout(late);
    clearTimeout(grace);
    reading.signal.removeEventListener('abort', hangUp);
    // The order to end it may still be on its way: it must not meet another statement.
    if (why) session.end(why);
    else if (session.usable) resets.set(session, clear(session, reading.sql, limits));
  }
}

/** The limits hold and the transaction is open already where the last statement had the same. */
async function prepare(session: MysqlSession, limits: SessionLimits): Promise<void> {
  await ensure(session, limits);
  if (!session.begun) await session.run(beginSql);
  session.begun = true;
}

async function bring(session: MysqlSession, reading: Reading): Promise<Collector> {
  // More is coming, and nobody wants it.
  const collector = new Collector(reading, () => session.end(new WireError('flood')));
  try {
    await session.send(reading.sql, reading.parameters, collector, reading.maxBytes + besideRows);
  } catch (error) {
    // The row on its way was larger than all that may come: what is in stands.
    if (!(error instanceof WireError) || error.code !== 'flood') throw error;
    collector.limit ??= 'bytes';
  }
  return collector;
}

/** Has the session as it was before, and ready for a statement with the same limits. */
async function clear(session: MysqlSession, sql: string, limits: SessionLimits): Promise<void> {
  try {
    session.begun = false;
    await session.run('ROLLBACK');
    await session.reset(sql);
    await pin(session, limits);
    await session.run(beginSql);
    session.begun = true;
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
