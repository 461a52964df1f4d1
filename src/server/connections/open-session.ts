import type { Engine, Session } from '../engines/engine.ts';
import type { Store } from '../platform/database.ts';
import { Fault } from '../platform/fault.ts';
import { type ConnectionRow, findConnectionById } from './connection-store.ts';
import type { ConnectionsDeps } from './connections-deps.ts';
import { keepHealth, seenIn, wellSeen } from './health.ts';
import { otherServer, requireSameServer, type ServerFound } from './same-server.ts';
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

export type OpeningDeps = Pick<ConnectionsDeps, 'store' | 'vault' | 'filesOf' | 'record' | 'probeMs'> & { readonly tunnels: TunnelPool };
export interface HowOpened {
  readonly signal: AbortSignal;
  readonly statementTimeoutMs: number;
}

/** Faults after which signing in again by itself could lock the account. */
const rejections = new Set<string | null>(['credential.rejected', 'tunnel.rejected']);

/** The connection as it is now, if it may be used. */
export async function requireUsable(store: Store, connectionId: string): Promise<ConnectionRow> {
  const row = await findConnectionById(store.db, connectionId);
  if (!row) throw new Fault('connection.unknown');
  if (row.is_active === 0) throw disabled(row);
  if (row.server_found !== null) throw otherServer(row, (JSON.parse(row.server_found) as ServerFound).server);
  if (row.health === 'authentication_failed' && rejections.has(row.health_fault))
    throw new Fault(row.health_fault === 'tunnel.rejected' ? 'tunnel.rejected' : 'credential.rejected', {
      stage: row.health_fault === 'tunnel.rejected' ? 'tunnel' : 'auth',
      detail: `The stored credential was rejected at ${row.health_since}. It is not tried again by itself, so that the account is not locked.`,
      tryThis: ['Test the connection, or replace its credential: either is done by its creator or an Admin.'],
    });
  return row;
}

/** Milliseconds that dialling, encrypting and signing in may take together. */
const OPENING_LIMIT = 30_000;

/** Opens a read-only session to a registered, active database through the guarded dial, and keeps its health. */
export async function openSession(deps: OpeningDeps, connectionId: string, how: HowOpened): Promise<OpenedSession> {
  const row = await requireUsable(deps.store, connectionId);
  try {
    const opened = await openStored(deps, row, how);
    // Whether it is slow is judged by those who look for it.
    if (row.health !== 'degraded') await keepHealth(deps, row, wellSeen);
    return opened;
  } catch (error) {
    const seen = error instanceof Fault ? seenIn(error) : null;
    if (seen) await keepHealth(deps, row, seen);
    throw error;
  }
}

/** Opens a session with what a row holds, and proves that it reached the registered database. */
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
    const dial = deps.tunnels.dialOf(row, through);
    const files = deps.filesOf(row.organization_id);
    const opened = await engine.open(address, login, { dial, files, signal, statementTimeoutMs: how.statementTimeoutMs });
    session = opened;
    await requireSameServer(deps, row, engine, opened);
    return { engine, session: opened, version: row.version, close: () => opened.close() };
  } catch (error) {
    await session?.close();
    throw signal.reason instanceof Fault ? signal.reason : error instanceof Fault ? error : engine.explain(error, 'tcp', address);
  } finally {
    clearTimeout(timer);
  }
}
