import type { Connection } from '../../contract/connections.ts';
import type { Actor } from '../platform/actor.ts';
import { Fault } from '../platform/fault.ts';
import { type ConnectionRow, deleteConnectionRow, updateConnection } from './connection-store.ts';
import type { ConnectionsDeps } from './connections-deps.ts';
import { presentFresh } from './present-connection.ts';
import { nextProbe } from './probe-pace.ts';
import { recordOf } from './record-of.ts';
import { requireConnection } from './require-connection.ts';

/** Stops all use of a connection, with a reason that everyone who sees it can read. A reading under way ends cancelled. */
export async function disableConnection(deps: ConnectionsDeps, actor: Actor, id: string, reason: string): Promise<Connection> {
  const row = await requireConnection(deps.store, actor, id, 'connection:manage');
  await deps.store.db.transaction().execute(async (trx) => {
    await updateConnection(trx, row, { is_active: 0, disabled_reason: reason });
    await deps.record(trx, recordOf(actor, row, 'connection.disabled', { reason }));
  });
  return presentFresh(deps, actor, id);
}

/** Allows its use again and reads the schema, which may have changed meanwhile. */
export async function enableConnection(deps: ConnectionsDeps, actor: Actor, id: string): Promise<Connection> {
  const row = await requireConnection(deps.store, actor, id, 'connection:manage');
  if (row.is_active === 0) {
    await deps.store.db.transaction().execute(async (trx) => {
      await updateConnection(trx, row, { is_active: 1, disabled_reason: null, ...resumed(row, deps.probeMs) });
      // A run that the disabling was about to cancel begins anew.
      await deps.requestRun(trx, { connectionId: id, organizationId: row.organization_id, cause: 'enabled', createdBy: actor.userId });
      await deps.record(trx, recordOf(actor, row, 'connection.enabled'));
    });
    deps.poke();
  }
  return presentFresh(deps, actor, id);
}

/** Whoever enables it may look at it again; what stopped by itself, a person has to test. */
const resumed = (row: ConnectionRow, probeMs: number): Partial<ConnectionRow> =>
  row.next_probe_at === null ? {} : { next_probe_at: nextProbe(probeMs, 0) };

/** Deletes a connection with all that was read of it; its secrets are destroyed by the same transaction. */
export async function deleteConnection(deps: ConnectionsDeps, actor: Actor, id: string, confirmName: string): Promise<void> {
  const row = await requireConnection(deps.store, actor, id, 'connection:manage');
  if (confirmName !== row.name)
    throw new Fault('name.mismatched', { field: 'confirmName', detail: 'confirmName: type the alias exactly as it is shown.' });
  await deps.store.db.transaction().execute(async (trx) => {
    await deleteConnectionRow(trx, id);
    await deps.record(trx, recordOf(actor, row, 'connection.deleted', { dbType: row.db_type, host: row.host, database: row.database }));
  });
  await deps.store.scrub();
}
