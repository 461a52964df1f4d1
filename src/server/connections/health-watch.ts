import type { Store } from '../platform/database.ts';
import type { Log } from '../platform/log.ts';
import type { ConnectionRow } from './connection-store.ts';
import { claimProbe, dueProbes, earliestProbe } from './probe-store.ts';

/** So many connections are looked at at once. */
const AT_ONCE = 4;
/** Milliseconds without looking at the schedule, at the most: another process may have changed it. */
const LONGEST_SLEEP = 60_000;

/** What the watch stands on. */
export interface WatchDeps {
  readonly store: Store;
  readonly log: Log;
  readonly probe: (row: ConnectionRow, signal: AbortSignal) => Promise<void>;
}

/** Makes what looks at connections when they are due; without one that is, there is no timer. It does nothing before it is started. */
export function createHealthWatch({ store, log, probe }: WatchDeps) {
  const ending = new AbortController();
  let started = false;
  let timer: NodeJS.Timeout | undefined;
  let round: Promise<void> | undefined;

  /** Sets the timer for the next look, if there is one to come. */
  async function arm(): Promise<void> {
    const at = await earliestProbe(store.db);
    clearTimeout(timer);
    timer = undefined;
    if (at === null || ending.signal.aborted) return;
    const ms = Math.min(Math.max(Date.parse(at) - Date.now(), 20), LONGEST_SLEEP);
    timer = setTimeout(go, ms).unref();
  }

  async function lookAround(): Promise<void> {
    const due = await dueProbes(store.db, 50);
    const next = async (): Promise<void> => {
      for (let row = due.shift(); row && !ending.signal.aborted; row = due.shift()) {
        const mine = row;
        if (!(await claimProbe(store.db, mine))) continue;
        await probe(mine, ending.signal).catch((error) => log.warn({ err: error, connection: mine.id }, 'a look at a connection failed'));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, next));
  }

  function go(): void {
    timer = undefined;
    round ??= lookAround()
      .catch((error) => log.warn({ err: error }, 'the schedule of looks at connections could not be kept; trying again'))
      .then(arm)
      .catch(() => {
        // The store does not answer: when it does again is seen then.
        if (!ending.signal.aborted) timer = setTimeout(go, LONGEST_SLEEP).unref();
      })
      .finally(() => {
        round = undefined;
      });
  }

  return {
    start(): void {
      started = true;
      go();
    },
    /** There may be something to look at that there was not before. */
    poke(): void {
      if (started && !timer && !round && !ending.signal.aborted) go();
    },
    /** Whether a timer is set or a look under way. */
    get resting(): boolean {
      return timer === undefined && round === undefined;
    },
    async stop(): Promise<void> {
      ending.abort();
      clearTimeout(timer);
      timer = undefined;
      await round;
    },
  };
}
