import type { Engine } from '../engines/engine.ts';
import { Fault } from '../platform/fault.ts';
import type { OpenedSession } from './open-session.ts';
import { type Seat, SessionQueue } from './session-queue.ts';
import { settledBefore } from './settled-before.ts';

/** A session on loan, with the engine that knows what to do with it. */
export type LentSession = Pick<OpenedSession, 'engine' | 'session' | 'version'>;

/** How a loan is waited for and ended. */
export interface Loan {
  readonly signal: AbortSignal;
  /** Milliseconds that waiting and opening may take together, at the most. */
  readonly timeoutMs: number;
}

/** What the pool stands on. */
export interface PoolDeps {
  /** The version and engine of a connection that may be used now; throws why it may not. */
  readonly current: (connectionId: string) => Promise<{ readonly version: number; readonly engine: Engine }>;
  readonly open: (connectionId: string, how: { signal: AbortSignal; statementTimeoutMs: number }) => Promise<OpenedSession>;
}

/** Idle sessions are closed after so many milliseconds. */
const idleMs = 60_000;
/** Milliseconds that a statement of our own may take in a session of the pool. */
const statementTimeoutMs = 10_000;

interface Idle {
  readonly opened: OpenedSession;
  readonly timer: NodeJS.Timeout;
}

/** The sessions of one connection, as it was at one version of it. */
interface Shelf {
  readonly version: number;
  readonly queue: SessionQueue;
  readonly idle: Idle[];
  /** The opening under way: those who would open one too wait for it, and share its fault. */
  leading: Promise<OpenedSession> | null;
  /** Ends every session of it, lent or not. */
  readonly ending: AbortController;
}

/** Sessions for statements, kept between them. Each connection has seats and a queue of its own, so that a slow one slows no other. */
export type SessionPool = ReturnType<typeof createSessionPool>;

/** Makes the pool. */
export function createSessionPool(deps: PoolDeps) {
  const shelves = new Map<string, Shelf>();
  let closed: Fault | null = null;

  /** Ends what belongs to a connection: it is another one now, or gone. */
  function retire(connectionId: string, why = changed()): void {
    const shelf = shelves.get(connectionId);
    if (!shelf) return;
    shelves.delete(connectionId);
    shelf.ending.abort(why);
    shelf.queue.end(why);
    for (const { opened, timer } of shelf.idle.splice(0)) {
      clearTimeout(timer);
      void opened.close();
    }
  }

  function shelfOf(connectionId: string, now: { version: number; engine: Engine }): Shelf {
    if (closed) throw closed;
    const found = shelves.get(connectionId);
    if (found?.version === now.version) return found;
    // It was changed while this was read: who came with what it was must not bring that back.
    if (found && found.version > now.version) throw changed();
    // Another process may have changed it: what was opened before is not what it is now.
    retire(connectionId);
    const queue = new SessionQueue(now.engine.sessions);
    const shelf: Shelf = {
      version: now.version,
      queue,
      idle: [],
      leading: null,
      ending: new AbortController(),
    };
    shelves.set(connectionId, shelf);
    return shelf;
  }

  /** The session that has rested longest, so that what it does behind an answer is done; a new one where none rests. `opening` is told of a new one. */
  async function take(connectionId: string, shelf: Shelf, signal: AbortSignal, opening: (one: Promise<OpenedSession>) => void) {
    for (;;) {
      for (let next = shelf.idle.shift(); next; next = shelf.idle.shift()) {
        clearTimeout(next.timer);
        if (next.opened.session.usable) return next.opened;
        await next.opened.close();
      }
      if (!shelf.leading) break;
      await settledBefore(shelf.leading, signal);
    }
    const mine = openOne(connectionId, shelf);
    opening(mine);
    const opened = await settledBefore(mine, signal);
    if (opened.version !== shelf.version) throw changed();
    return opened;
  }

  /** Opens one, with nobody else: those who wait for it share its fault, so that a server which is down is not asked by each in turn. */
  function openOne(connectionId: string, shelf: Shelf): Promise<OpenedSession> {
    // Not the signal of whoever asked: the session may serve others after.
    const opening = deps.open(connectionId, { signal: shelf.ending.signal, statementTimeoutMs });
    shelf.leading = opening;
    const ended = (): void => {
      shelf.leading = null;
    };
    opening.then(ended, ended);
    return opening;
  }

  /** Keeps a session for whoever comes next, if it can be used again. Its seat is free when it rests, or when it is closed: never before. */
  function putBack(shelf: Shelf, opened: OpenedSession, seat: Seat): void {
    if (!opened.session.usable || opened.version !== shelf.version || shelf.ending.signal.aborted) {
      void opened.close().finally(seat.leave);
      return;
    }
    const timer = setTimeout(() => {
      shelf.idle.splice(shelf.idle.indexOf(entry), 1);
      void opened.close().finally(shelf.queue.keep().leave);
    }, idleMs).unref();
    const entry: Idle = { opened, timer };
    shelf.idle.push(entry);
    seat.leave();
  }

  /** Lends a session for `work`, waiting for one at most so long; takes it back whatever happens, and keeps it only if it can be used again. */
  async function withSession<T>(connectionId: string, loan: Loan, work: (lent: LentSession) => Promise<T>): Promise<T> {
    if (closed) throw closed;
    const shelf = shelfOf(connectionId, await deps.current(connectionId));
    const tooLate = AbortSignal.timeout(Math.max(1, Math.round(loan.timeoutMs)));
    const waiting = AbortSignal.any([loan.signal, tooLate]);
    const seat: Seat = await shelf.queue.sit(waiting);
    let opened: OpenedSession | null = null;
    let opening: Promise<OpenedSession> | null = null;
    try {
      opened = await take(connectionId, shelf, waiting, (one) => {
        opening = one;
      });
      return await work({ engine: opened.engine, session: opened.session, version: opened.version });
    } catch (error) {
      // What ended the session from outside says more than that it ended.
      throw shelf.ending.signal.aborted ? shelf.ending.signal.reason : error;
    } finally {
      if (opened) putBack(shelf, opened, seat);
      // What is on its way when nobody waits for it any more has the seat until it is there.
      else whenOpened(opening, (late) => putBack(shelf, late, seat), seat.leave);
    }
  }

  return {
    withSession,
    retire,
    /** How many sessions of a connection are lent and idle, for the tests and for whoever watches. */
    counts(connectionId: string): { readonly lent: number; readonly idle: number; readonly waiting: number } {
      const shelf = shelves.get(connectionId);
      return { lent: shelf?.queue.taken ?? 0, idle: shelf?.idle.length ?? 0, waiting: shelf?.queue.waiting ?? 0 };
    },
    /** Ends everything; nothing is lent any more. */
    async close(): Promise<void> {
      closed = new Fault('server.draining', { detail: 'The server is stopping.' });
      for (const id of [...shelves.keys()]) retire(id, closed);
    },
  };
}

const changed = (): Fault => new Fault('connection.changed', { detail: 'The connection was changed: try again.' });

function whenOpened(opening: Promise<OpenedSession> | null, put: (opened: OpenedSession) => void, leave: () => void): void {
  if (opening) opening.then(put, leave);
  else leave();
}
