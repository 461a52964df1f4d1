import type { Engine, Session } from '../engines/engine.ts';
import { Fault } from '../platform/fault.ts';
import type { Dial } from '../platform/outbound.ts';
import type { ConnectionRow } from './connection-store.ts';
import type { ConnectionsDeps } from './connections-deps.ts';
import { keepHealth, seenIn, wellSeen } from './health.ts';
import { rejectedSlot } from './rejection.ts';
import { requireSameServer } from './same-server.ts';
import type { SignIns } from './sign-ins.ts';
import { storedTarget } from './stored-target.ts';
import type { TunnelPool } from './tunnel-pool.ts';

/** A session opened with what is stored. Whoever opened it closes it. */
export interface OpenedSession {
  readonly engine: Engine;
  readonly session: Session;
  /** The version of the connection that was opened: whoever keeps what was read compares it first. */
  readonly version: number;
  close(): Promise<void>;
}

export type OpeningDeps = Pick<ConnectionsDeps, 'store' | 'vault' | 'filesOf' | 'record' | 'probeMs'> & {
  readonly tunnels: TunnelPool;
  readonly signIns: SignIns;
};
export interface HowOpened {
  readonly signal: AbortSignal;
  readonly statementTimeoutMs: number;
}

/** Milliseconds that dialling, encrypting and signing in may take together. */
const OPENING_LIMIT = 30_000;

/** Opens a read-only session to a registered, active database through the guarded dial, in its turn, and keeps its health. */
export async function openSession(deps: OpeningDeps, connectionId: string, how: HowOpened): Promise<OpenedSession> {
  return deps.signIns.inTurn(connectionId, how.signal, async (row) => {
    let opened: OpenedSession | null = null;
    try {
      opened = await openStored(deps, row, how);
      // Whether it is slow is judged by those who look for it.
      if (row.health !== 'degraded') await keepHealth(deps, row, wellSeen);
      return opened;
    } catch (error) {
      await opened?.close();
      const seen = error instanceof Fault ? seenIn(error) : null;
      if (seen) await keepHealth(deps, row, seen);
      throw error;
    }
  });
}

/** Opens a session with what a row holds, and proves that it reached the registered database. Only for whoever has their turn. */
export async function openStored(deps: OpeningDeps, row: ConnectionRow, how: HowOpened): Promise<OpenedSession> {
  const { engine, address, login, through } = await storedTarget(deps, row);
  const late = new AbortController();
  const timer = setTimeout(
    () => late.abort(new Fault('host.unanswering', { stage: 'tcp', detail: `No session in ${OPENING_LIMIT / 1000} s.`, retryable: true })),
    OPENING_LIMIT,
  );
  const signal = AbortSignal.any([how.signal, late.signal]);
  let session: Session | null = null;
  try {
    if (signal.aborted) throw signal.reason;
    const way = deps.tunnels.dialOf(row, through);
    const opened = await engine.open(address, login, {
      dial: guardedBy(deps, row, way, () => session !== null),
      files: deps.filesOf(row.organization_id),
      signal,
      statementTimeoutMs: how.statementTimeoutMs,
      refused: (fault) => void deps.signIns.noteRejection(row, fault).catch(() => undefined),
    });
    session = opened;
    await requireSameServer(deps, row, engine, opened);
    return { engine, session: opened, version: row.version, close: () => opened.close() };
  } catch (error) {
    await session?.close();
    // That it was rejected is told even where nobody waits for it any more.
    if (error instanceof Fault && rejectedSlot(error) !== null) await deps.signIns.noteRejection(row, error);
    else if (signal.reason instanceof Fault) throw signal.reason;
    throw error instanceof Fault ? error : engine.explain(error, 'tcp', address);
  } finally {
    clearTimeout(timer);
  }
}

/** The way there. A session that is open dials once more to end a statement: not with what was rejected meanwhile. */
function guardedBy(deps: OpeningDeps, row: ConnectionRow, way: Dial, isOpen: () => boolean): Dial {
  return async (to, how) => {
    if (!isOpen()) return way(to, how);
    await deps.signIns.requireStanding(row);
    try {
      return await way(to, how);
    } catch (error) {
      if (error instanceof Fault) await deps.signIns.noteRejection(row, error);
      throw error;
    }
  };
}
