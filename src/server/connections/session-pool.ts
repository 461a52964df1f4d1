import type { Engine } from '../engines/engine.ts';
import { Fault } from '../platform/fault.ts';
import type { OpenedSession } from './open-session.ts';
import { type Seat, SessionQueue } from './session-queue.ts';
import { reasonOf } from './wait-reason.ts';

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
/** Milliseconds for which one that was opened shows that others can be. */
const provedMs = 10_000;

interface Idle {
  readonly opened: OpenedSession;
  readonly timer: NodeJS.Timeout;
}

/** The sessions of one connection, as it was at one version of it. */
interface Shelf {
  readonly version: number;
  readonly queue: SessionQueue;
  readonly idle: Idle[];
  /** The opening that shows whether others can be opened, and when one last did. */
  leading: Promise<OpenedSession> | null;
  proved: number;
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
  function retire(connectionId: string, why = new Fault('connection.changed', { detail: 'The connection was changed: try again.' })): void {
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
    const found = shelves.get(connectionId);
    if (found?.version === now.version) return found;
    // Another process may have changed it: what was opened before is not what it is now.
    retire(connectionId);
    const queue = new SessionQueue(now.engine.sessions);
    const shelf: Shelf = {
      version: now.version,
      queue,
      idle: [],
      leading: null,
      proved: Number.NEGATIVE_INFINITY,
      ending: new AbortController(),
    };
    shelves.set(connectionId, shelf);
    return shelf;
  }

  /** The session that has rested longest, so that what it does behind an answer is done; a new one where none rests. */
  async function take(connectionId: string, shelf: Shelf, signal: AbortSignal): Promise<OpenedSession> {
    do {
      for (let next = shelf.idle.shift(); next; next = shelf.idle.shift()) {
        clearTimeout(next.timer);
        if (next.opened.session.usable) return next.opened;
        await next.opened.close();
      }
      if (shelf.leading) await settledBefore(shelf.leading, signal, () => undefined);
    } while (shelf.leading);
    const opening = openOne(connectionId, shelf);
    const opened = await settledBefore(opening, signal, (late) => putBack(shelf, late));
    if (opened.version === shelf.version) return opened;
    await opened.close();
    throw new Fault('connection.changed', { detail: 'The connection was changed: try again.' });
  }

  /**
   * Opens one. Where none was opened just now it goes ahead alone, and those who wait for it share its fault: a credential that is not taken any
   * more is tried once, and not by all at once, which could lock the account.
   */
  function openOne(connectionId: string, shelf: Shelf): Promise<OpenedSession> {
    // Not the signal of whoever asked: the session may serve others after.
    const opening = deps.open(connectionId, { signal: shelf.ending.signal, statementTimeoutMs });
    if (performance.now() - shelf.proved > provedMs) shelf.leading = opening;
    const ended = (): void => {
      if (shelf.leading === opening) shelf.leading = null;
    };
    const proved = (): void => {
      shelf.proved = performance.now();
      ended();
    };
    opening.then(proved, ended);
    return opening;
  }

  function putBack(shelf: Shelf, opened: OpenedSession): void {
    if (!opened.session.usable || shelf.ending.signal.aborted || closed) {
      void opened.close();
      return;
    }
    const timer = setTimeout(() => {
      shelf.idle.splice(shelf.idle.indexOf(entry), 1);
      void opened.close();
    }, idleMs).unref();
    const entry: Idle = { opened, timer };
    shelf.idle.push(entry);
  }

  /** Lends a session for `work`, waiting for one at most so long; takes it back whatever happens, and keeps it only if it can be used again. */
  async function withSession<T>(connectionId: string, loan: Loan, work: (lent: LentSession) => Promise<T>): Promise<T> {
    if (closed) throw closed;
    const shelf = shelfOf(connectionId, await deps.current(connectionId));
    const tooLate = AbortSignal.timeout(Math.max(1, Math.round(loan.timeoutMs)));
    const waiting = AbortSignal.any([loan.signal, tooLate]);
    const seat: Seat = await shelf.queue.sit(waiting);
    let opened: OpenedSession | null = null;
    try {
      opened = await take(connectionId, shelf, waiting);
      return await work({ engine: opened.engine, session: opened.session, version: opened.version });
    } catch (error) {
      // What ended the session from outside says more than that it ended.
      throw shelf.ending.signal.aborted ? shelf.ending.signal.reason : error;
    } finally {
      if (opened) putBack(shelf, opened);
      seat.leave();
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

/** What `opening` gives, unless the signal is aborted first: what comes after that goes to `late`. */
async function settledBefore<T>(opening: Promise<T>, signal: AbortSignal, late: (opened: T) => void): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(reasonOf(signal));
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([opening, aborted.promise]);
  } catch (error) {
    if (signal.aborted) opening.then(late, () => undefined);
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
    aborted.promise.catch(() => undefined);
  }
}
