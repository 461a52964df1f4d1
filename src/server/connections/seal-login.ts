import type { Address, Slot } from '../../contract/connections.ts';
import type { EngineId } from '../../contract/engines.ts';
import type { Engine, Login } from '../engines/engine.ts';
import { wayOf } from '../engines/network/address.ts';
import { engineOf, takesLogin } from '../engines/registry.ts';
import { now } from '../platform/clock.ts';
import type { Store } from '../platform/database.ts';
import { Secret } from '../platform/secret.ts';
import type { SealedFor, Vault } from '../vault/vault.ts';
import { type ConnectionRow, type CredentialRow, credentialsOf, findConnectionById } from './connection-store.ts';
import type { Through } from './resolve-tunnel.ts';
import { loginSecret, readLoginSecret, readTunnelSecret, tunnelSecret } from './secret-forms.ts';

type Place = { readonly id: string; readonly organizationId: string; readonly engine: Engine; readonly address: Address };

/** What gets in where there is no login. */
export const noLogin: Login = { username: '', password: new Secret('') };

/** Seals the logins of a target, each for its slot of one connection and bound to where it may be used. Databases without a login have none. */
export async function sealTarget(
  vault: Vault,
  place: Place,
  target: { readonly login: Login; readonly through: Through | null },
  by: string,
): Promise<CredentialRow[]> {
  const { login, through } = target;
  return [
    ...(takesLogin(place.engine) ? [await seal(vault, place, 'read_only', login.username, loginSecret(place.address, login), by)] : []),
    ...(through ? [await seal(vault, place, 'tunnel', through.place.user, tunnelSecret(through.login), by)] : []),
  ];
}

async function seal(vault: Vault, place: Place, slot: Slot, username: string, secret: Secret, by: string): Promise<CredentialRow> {
  const { sealed, v } = await vault.seal(sealedFor(place, slot, username), secret);
  return { connection_id: place.id, slot, username, sealed, v, created_by: by, created_at: now() };
}

/** Opens a stored login. A destination other than the one it was given for does not open it. */
export async function openLogin(vault: Vault, row: ConnectionRow, credential: CredentialRow): Promise<Login> {
  const place = placeOf(row);
  const secret = await vault.open(sealedFor(place, credential.slot, credential.username), credential.sealed);
  return readLoginSecret(place.address, credential.username, secret);
}

/** Opens the stored login of the SSH server in the address. */
export async function openThrough(vault: Vault, row: ConnectionRow, credential: CredentialRow): Promise<Through | null> {
  const place = placeOf(row);
  const { ssh } = wayOf(place.address);
  if (ssh === null) return null;
  const secret = await vault.open(sealedFor(place, credential.slot, credential.username), credential.sealed);
  return { place: ssh, login: readTunnelSecret(secret) };
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
  const { organizationId, id, engine, address } = place;
  const binding = slot === 'tunnel' ? tunnelBinding(place, username) : engine.binding(address, username);
  return { organizationId, connectionId: id, slot, engine: engine.id, binding };
}

/** The login of an SSH server is bound to that server with its key, and to the database behind it. */
function tunnelBinding({ engine, address }: Place, username: string): SealedFor['binding'] {
  const { ssh } = wayOf(address);
  const { host, port, database } = engine.destination(address);
  const server = { sshHost: ssh?.host.toLowerCase() ?? null, sshPort: ssh?.port ?? null, sshHostKey: ssh?.hostKeySha256 ?? null };
  return { host: host?.toLowerCase() ?? null, port, database, user: username, sshUser: ssh?.user ?? null, ...server };
}
