import { setTimeout } from 'node:timers/promises';
import { Fault } from '../platform/fault.ts';
import type { ConnectionRow } from './connection-store.ts';
import { keepHealth, type Seen, seenIn, wellSeen } from './health.ts';
import { type OpeningDeps, openStored } from './open-session.ts';
import { nextProbe } from './probe-pace.ts';
import { scheduleProbe } from './probe-store.ts';

/** What is slow: milliseconds in which a session was opened and told who the server is. */
const SLOW = 5_000;
/** Milliseconds before it is asked again, after a fault that may pass. */
const PAUSE = 1_000;

/** Looks at a connection once: opens a session, asks who is there, and goes. What may pass is tried a second time; a rejected credential and another server are not. */
export async function probeConnection(deps: OpeningDeps, row: ConnectionRow, signal: AbortSignal, slowMs = SLOW): Promise<void> {
  const seen = await look(deps, row, signal, slowMs);
  if (seen === null)
    return scheduleProbe(deps.store.db, row, { at: nextProbe(deps.probeMs, row.probe_failures), failures: row.probe_failures });
  await keepHealth(deps, row, seen);
  const failures = seen.state === 'healthy' || seen.state === 'degraded' ? 0 : row.probe_failures + 1;
  await scheduleProbe(deps.store.db, row, { at: nextProbe(deps.probeMs, failures), failures });
}

async function look(deps: OpeningDeps, row: ConnectionRow, signal: AbortSignal, slowMs: number): Promise<Seen | null> {
  let first: Fault | null = null;
  for (;;) {
    const begun = performance.now();
    try {
      const ms = await deps.signIns.inTurn(row.id, signal, (now) => msToOpen(deps, row, now, signal));
      if (first) return { state: 'degraded', fault: first.code };
      return ms > slowMs ? { state: 'degraded', fault: null } : wellSeen;
    } catch (error) {
      if (signal.aborted) return null;
      if (!(error instanceof Fault)) throw error;
      const seen = seenIn(error);
      // What took long does not pass in a moment.
      if (first || seen?.state !== 'unreachable' || performance.now() - begun > SLOW) return seen;
      first = error;
      await setTimeout(PAUSE * (0.5 + Math.random()), undefined, { signal }).catch(() => undefined);
    }
  }
}

/** Opens a session and closes it, in its turn; how long the opening took. Statements that wait for their turn come after both: a look takes no session of theirs. */
async function msToOpen(deps: OpeningDeps, claimed: ConnectionRow, row: ConnectionRow, signal: AbortSignal): Promise<number> {
  if (row.version !== claimed.version) throw new Fault('connection.changed');
  const begun = performance.now();
  const opened = await openStored(deps, row, { signal, statementTimeoutMs: 10_000 });
  const ms = performance.now() - begun;
  await opened.close();
  return ms;
}
