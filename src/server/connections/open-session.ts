import type { Engine, Session } from '../engines/engine.ts';
import type { Store } from '../platform/database.ts';
import { Fault } from '../platform/fault.ts';
import { type ConnectionRow, findConnectionById } from './connection-store.ts';
import type { ConnectionsDeps } from './connections-deps.ts';
import { setHealth } from './health.ts';
import { storedTarget } from './stored-target.ts';
import { disabled } from './test-stored.ts';
import type { TunnelPool } from './tunnel-pool.ts';

/** A session opened with what is stored. Whoever opened it closes it. */
export interface OpenedSession {
  readonly engine: Engine;
  readonly session: Session;
  /** The version of the connection that was opened: whoever keeps what was read compares it first. */
  readonly version: number;
  close(): Promise<void>;
}

/** The connection as it is now, if it may be used. */
export async function requireUsable(store: Store, connectionId: string): Promise<ConnectionRow> {
  const row = await findConnectionById(store.db, connectionId);
  if (!row) throw new Fault('connection.unknown');
  if (row.is_active === 0) throw disabled(row);
  return row;
}

/** Milliseconds that dialling, encrypting and signing in may take together. */
const OPENING_LIMIT = 30_000;

/** Opens a read-only session to a registered, active database through the guarded dial, and keeps its health. */
export async function openSession(
  deps: Pick<ConnectionsDeps, 'store' | 'vault' | 'filesOf'> & { readonly tunnels: TunnelPool },
  connectionId: string,
  how: { readonly signal: AbortSignal; readonly statementTimeoutMs: number },
): Promise<OpenedSession> {
  const row = await requireUsable(deps.store, connectionId);
  const { engine, address, login, through } = await storedTarget(deps, row);
  const late = new AbortController();
  const timer = setTimeout(
    () => late.abort(new Fault('host.unanswering', { stage: 'tcp', detail: `No session in ${OPENING_LIMIT / 1000} s.`, retryable: true })),
    OPENING_LIMIT,
  );
  const signal = AbortSignal.any([how.signal, late.signal]);
  try {
    const dial = deps.tunnels.dialOf(row, through);
    const files = deps.filesOf(row.organization_id);
    const session = await engine.open(address, login, { dial, files, signal, statementTimeoutMs: how.statementTimeoutMs });
    await setHealth(deps.store, row, null);
    return { engine, session, version: row.version, close: () => session.close() };
  } catch (error) {
    const fault = signal.reason instanceof Fault ? signal.reason : error instanceof Fault ? error : engine.explain(error, 'tcp', address);
    await setHealth(deps.store, row, fault);
    throw fault;
  } finally {
    clearTimeout(timer);
  }
}
