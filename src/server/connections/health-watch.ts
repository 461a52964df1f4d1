import { setTimeout as pause } from 'node:timers/promises';
import { now } from '../platform/clock.ts';
import type { Store } from '../platform/database.ts';
import { Fault } from '../platform/fault.ts';
import type { Log } from '../platform/log.ts';
import type { ConnectionRow } from './connection-store.ts';
import { claimProbe, dueProbes, earliestProbe } from './probe-store.ts';

/** So many connections are looked at at once. Those whose last look failed have places of their own: databases that hang do not keep others waiting. */
const PLACES = { well: 8, failed: 4 } as const;
/** Milliseconds between the beginnings of two looks, about: where all are due at once, as after a start, they are spread. */
const SPACING = 40;
/** Milliseconds without looking at the schedule, at the most: another process may have changed it. */
const LONGEST_SLEEP = 60_000;

/** What the watch stands on. */
export interface WatchDeps {
  readonly store: Store;
  readonly log: Log;
  readonly probe: (row: ConnectionRow, signal: AbortSignal) => Promise<void>;
  readonly spacingMs?: number;
}

type Kind = keyof typeof PLACES;
interface Look {
  readonly kind: Kind;
  readonly ending: AbortController;
  readonly over: Promise<void>;
}

/** Makes what looks at connections when they are due; without one that is, there is no timer. It does nothing before it is started. */
export function createHealthWatch({ store, log, probe, spacingMs = SPACING }: WatchDeps) {
  const ending = new AbortController();
  const looks = new Map<string, Look>();
  let started = false;
  let timer: NodeJS.Timeout | undefined;
  let round: Promise<void> | undefined;
  let again = false;

  const dueNow = async (kind: Kind, at: string): Promise<ConnectionRow[]> => {
    const places = PLACES[kind] - [...looks.values()].filter((look) => look.kind === kind).length;
    return places > 0 ? dueProbes(store.db, { at, failed: kind === 'failed', most: places, except: [...looks.keys()] }) : [];
  };

  /** Begins what is due, as far as there are places, and sets the timer for what comes next. What found no place is begun when one is free. */
  async function lookAround(): Promise<void> {
    const at = now();
    for (const kind of ['well', 'failed'] as const) {
      // Again, until there is no place or nothing due: what another process took left its place here.
      for (let due = await dueNow(kind, at); due.length > 0; due = await dueNow(kind, at))
        for (const row of due) {
          if (!(await claimProbe(store.db, row))) continue;
          if (ending.signal.aborted) return;
          begin(row, kind);
          await pause(spacingMs * (0.5 + Math.random()), undefined, { signal: ending.signal });
        }
    }
    const next = await earliestProbe(store.db, at);
    if (next !== null && !ending.signal.aborted) sleep(Math.max(Date.parse(next) - Date.now(), 20));
  }

  function begin(row: ConnectionRow, kind: Kind): void {
    const mine = new AbortController();
    const over = probe(row, AbortSignal.any([ending.signal, mine.signal]))
      .catch((error) => log.warn({ err: error, connection: row.id }, 'a look at a connection failed'))
      .finally(() => {
        looks.delete(row.id);
        go();
      });
    looks.set(row.id, { kind, ending: mine, over });
  }

  function sleep(ms: number): void {
    clearTimeout(timer);
    timer = setTimeout(go, Math.min(ms, LONGEST_SLEEP)).unref();
  }

  function go(): void {
    if (ending.signal.aborted) return;
    clearTimeout(timer);
    timer = undefined;
    again = round !== undefined;
    round ??= lookAround()
      .catch((error) => {
        if (ending.signal.aborted) return;
        log.warn({ err: error }, 'the schedule of looks at connections could not be kept; trying again');
        sleep(LONGEST_SLEEP);
      })
      .finally(() => {
        round = undefined;
        if (again) go();
      });
  }

  return {
    start(): void {
      started = true;
      go();
    },
    /** There may be something to look at that there was not before. */
    poke(): void {
      if (started && !timer && !round) go();
    },
    /** Ends the look at a connection: it is another one now, or gone. */
    retire(connectionId: string): void {
      looks.get(connectionId)?.ending.abort(new Fault('connection.changed'));
    },
    /** Whether a timer is set or a look under way. */
    get resting(): boolean {
      return timer === undefined && round === undefined && looks.size === 0;
    },
    async stop(): Promise<void> {
      ending.abort();
      clearTimeout(timer);
      timer = undefined;
      await round;
      await Promise.all([...looks.values()].map(({ over }) => over));
    },
  };
}
