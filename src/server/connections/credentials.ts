import type { z } from 'zod';
import type { Acknowledgement, Address, Connection, CredentialInput, Slot } from '../../contract/connections.ts';
import type { EngineId } from '../../contract/engines.ts';
import { engineOf, takesLogin } from '../engines/registry.ts';
import type { Actor } from '../platform/actor.ts';
import { Fault } from '../platform/fault.ts';
import { type ConnectionRow, deleteCredentialRow, putCredentialRow, updateConnection } from './connection-store.ts';
import type { ConnectionsDeps } from './connections-deps.ts';
import { presentFresh } from './present-connection.ts';
import { recordOf } from './record-of.ts';
import { foundColumns } from './register-connection.ts';
import { requireConnection } from './require-connection.ts';
import { resolveTarget } from './resolve-target.ts';
import { sealLogin } from './seal-login.ts';
import { countedTest, requirePassed } from './test-connection.ts';

/** Replaces a credential: the new one passes the whole test at the stored address before the old one is gone. */
export async function replaceCredential(
  deps: ConnectionsDeps,
  actor: Actor,
  id: string,
  slot: Slot,
  input: z.output<typeof CredentialInput>,
  signal: AbortSignal,
): Promise<Connection> {
  const row = await requireConnection(deps.store, actor, id, 'connection:manage');
  requireUsableSlot(row, slot);
  const { username, password } = input;
  const readOnly = { username, password };
  const about = {
    dbType: row.db_type as EngineId,
    address: JSON.parse(row.address) as Address,
    credentials: { readOnly },
    acknowledge: input.acknowledge,
  };
  // The address stands as it was consented to: what was acknowledged about it still holds.
  const target = resolveTarget(actor, about, JSON.parse(row.acknowledged) as Acknowledgement[]);
  const tested = await countedTest(deps, actor, target, { signal, emit: () => {} }, row);
  requirePassed(tested);
  const place = { id, organizationId: row.organization_id, engine: target.engine, address: target.address };
  const credential = await sealLogin(deps.vault, place, slot, target.login, actor.userId);
  await deps.store.db.transaction().execute(async (trx) => {
    await updateConnection(trx, row, { username, ...foundColumns(tested), version: row.version + 1 });
    if (credential) await putCredentialRow(trx, credential);
    await deps.record(trx, recordOf(actor, row, 'credential.replaced', { slot, username }));
  });
  await deps.store.scrub();
  return presentFresh(deps, actor, id);
}

/** Destroys a credential at once. Without its read-only one a connection answers nothing until another is given. */
export async function deleteCredential(deps: ConnectionsDeps, actor: Actor, id: string, slot: Slot): Promise<Connection> {
  const row = await requireConnection(deps.store, actor, id, 'connection:manage');
  requireUsableSlot(row, slot);
  await deps.store.db.transaction().execute(async (trx) => {
    await updateConnection(trx, row, { username: null, health: 'unknown', health_since: null, version: row.version + 1 });
    await deleteCredentialRow(trx, id, slot);
    await deps.record(trx, recordOf(actor, row, 'credential.deleted', { slot }));
  });
  await deps.store.scrub();
  return presentFresh(deps, actor, id);
}

function requireUsableSlot(row: ConnectionRow, slot: Slot): void {
  if (!takesLogin(engineOf(row.db_type as EngineId)))
    throw new Fault('slot.unavailable', {
      field: 'slot',
      detail: 'Databases of this kind have no login: there is nothing to replace or delete.',
    });
  if (slot !== 'read_only')
    throw new Fault('slot.unavailable', {
      field: 'slot',
      detail: `The slot ${slot} comes with a later version. Only read_only can be filled.`,
    });
}
