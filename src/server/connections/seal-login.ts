import type { Address, Slot } from '../../contract/connections.ts';
import type { EngineId } from '../../contract/engines.ts';
import type { Engine, Login } from '../engines/engine.ts';
import { engineOf, takesLogin } from '../engines/registry.ts';
import { now } from '../platform/clock.ts';
import type { Store } from '../platform/database.ts';
import { Secret } from '../platform/secret.ts';
import type { SealedFor, Vault } from '../vault/vault.ts';
import { type ConnectionRow, type CredentialRow, credentialsOf, findConnectionById } from './connection-store.ts';

type Place = { readonly id: string; readonly organizationId: string; readonly engine: Engine; readonly address: Address };

/** What gets in where there is no login. */
export const noLogin: Login = { username: '', password: new Secret('') };

/** Seals a login for one slot of one connection, bound to where it may be used; null where databases of this kind have none. */
export async function sealLogin(vault: Vault, place: Place, slot: Slot, login: Login, by: string): Promise<CredentialRow | null> {
  if (!takesLogin(place.engine)) return null;
  const { sealed, v } = await vault.seal(sealedFor(place, slot, login.username), login.password);
  return { connection_id: place.id, slot, username: login.username, sealed, v, created_by: by, created_at: now() };
}

/** Opens a stored login. A destination other than the one it was given for does not open it. */
export async function openLogin(vault: Vault, row: ConnectionRow, credential: CredentialRow): Promise<Login> {
  const password = await vault.open(sealedFor(placeOf(row), credential.slot, credential.username), credential.sealed);
  return { username: credential.username, password };
}

/** What the stored credential of a slot is bound to; null when it is gone. */
export async function findBinding(store: Store, connectionId: string, slot: string): Promise<SealedFor | null> {
  const row = await findConnectionById(store.db, connectionId);
  const credential = row && (await credentialsOf(store.db, [row.id])).find((candidate) => candidate.slot === slot);
  return row && credential ? sealedFor(placeOf(row), slot, credential.username) : null;
}

const placeOf = (row: ConnectionRow): Place => ({
  id: row.id,
  organizationId: row.organization_id,
  engine: engineOf(row.db_type as EngineId),
  address: JSON.parse(row.address) as Address,
});

function sealedFor(place: Place, slot: string, username: string): SealedFor {
  return {
    organizationId: place.organizationId,
    connectionId: place.id,
    slot,
    engine: place.engine.id,
    binding: place.engine.binding(place.address, username),
  };
}
