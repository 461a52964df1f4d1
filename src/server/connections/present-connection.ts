import type { Connection, ConnectionStatus } from '../../contract/connections.ts';
import { Limits } from '../../contract/limits.ts';
import { may } from '../../contract/permissions.ts';
import type { Actor } from '../platform/actor.ts';
import { Fault } from '../platform/fault.ts';
import { alertsOf } from './alerts.ts';
import { type ConnectionRow, type CredentialRow, credentialsOf, findConnection, latestRuns, type RunRow } from './connection-store.ts';
import type { ConnectionsDeps } from './connections-deps.ts';

/** Connections as the actor sees them, with what is going on in each. */
export async function presentConnections(deps: ConnectionsDeps, actor: Actor, rows: readonly ConnectionRow[]): Promise<Connection[]> {
  const ids = rows.map((row) => row.id);
  const [credentials, runs, people] = await Promise.all([
    credentialsOf(deps.store.db, ids),
    latestRuns(deps.store.db, ids),
    deps.people([...new Set(rows.map((row) => row.created_by_user_id))]),
  ]);
  return rows.map((row) => {
    const run = runs.find((candidate) => candidate.connection_id === row.id);
    const own = credentials.filter((credential) => credential.connection_id === row.id);
    return present(actor, row, own, run, people.get(row.created_by_user_id) ?? 'a former member');
  });
}

export async function presentConnection(deps: ConnectionsDeps, actor: Actor, row: ConnectionRow): Promise<Connection> {
  const [connection] = await presentConnections(deps, actor, [row]);
  if (!connection) throw new TypeError('one row in, one connection out');
  return connection;
}

/** The connection as it is now, after a change. */
export async function presentFresh(deps: ConnectionsDeps, actor: Actor, id: string): Promise<Connection> {
  const row = await findConnection(deps.store.db, actor.organizationId, id);
  if (!row) throw new Fault('connection.unknown');
  return presentConnection(deps, actor, row);
}

const parsed = <T>(text: string | null): T | null => (text === null ? null : (JSON.parse(text) as T));
const subjectOf = (row: ConnectionRow) => ({ createdBy: row.created_by_user_id, visibility: row.visibility as Connection['visibility'] });

function present(
  actor: Actor,
  row: ConnectionRow,
  credentials: readonly CredentialRow[],
  run: RunRow | undefined,
  creator: string,
): Connection {
  const username = (slot: string): string | null => credentials.find((credential) => credential.slot === slot)?.username ?? null;
  return {
    id: row.id,
    name: row.name,
    dbType: row.db_type as Connection['dbType'],
    mode: row.connection_mode as Connection['mode'],
    address: JSON.parse(row.address) as Connection['address'],
    usernames: { readOnly: username('read_only'), write: username('write'), tunnel: username('tunnel') },
    purpose: row.purpose as Connection['purpose'],
    description: row.description,
    environment: row.environment as Connection['environment'],
    visibility: row.visibility as Connection['visibility'],
    limits: Limits.parse(JSON.parse(row.limits)),
    server: parsed(row.server),
    certificate: parsed(row.certificate),
    privileges: parsed(row.privileges),
    acknowledged: JSON.parse(row.acknowledged) as Connection['acknowledged'],
    isActive: row.is_active === 1,
    disabledReason: row.disabled_reason,
    status: statusOf(row, run),
    ingestion: run ? progressOf(run) : null,
    tables: row.table_count,
    columns: row.column_count,
    lastReadAt: row.snapshot_at,
    health: {
      state: row.health as Connection['health']['state'],
      since: row.health_since,
      fault: row.health_fault as Connection['health']['fault'],
    },
    alerts: alertsOf(row),
    mayManage: may(actor, 'connection:manage', subjectOf(row)),
    createdBy: { id: row.created_by_user_id, name: creator },
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** Where the first reading stands; later readings leave the status on the last good snapshot. */
function statusOf(row: ConnectionRow, run: RunRow | undefined): ConnectionStatus {
  if (row.is_active === 0) return 'disabled';
  const ended = run?.state === 'failed' || run?.state === 'cancelled';
  if (row.snapshot === null) return ended ? 'failed' : 'ingesting';
  const first = row.snapshot === 1 && run?.snapshot === 1;
  if (first && run.state !== 'succeeded') return ended ? 'failed' : 'embedding';
  return 'ready';
}

function progressOf(run: RunRow): NonNullable<Connection['ingestion']> {
  return {
    runId: run.id,
    state: run.state as NonNullable<Connection['ingestion']>['state'],
    phase: run.phase as NonNullable<Connection['ingestion']>['phase'],
    done: run.done,
    total: run.total,
    error: parsed(run.error),
    held: parsed(run.held),
    startedAt: run.started_at,
  };
}
