import type { Address } from '../../contract/connections.ts';
import type { EngineId, Ssh } from '../../contract/engines.ts';
import type { Engine, Login } from '../engines/engine.ts';
import { wayOf } from '../engines/network/address.ts';
import { engineOf, takesLogin } from '../engines/registry.ts';
import { Fault } from '../platform/fault.ts';
import { type ConnectionRow, credentialsOf } from './connection-store.ts';
import type { ConnectionsDeps } from './connections-deps.ts';
import type { Target } from './resolve-target.ts';
import type { Through } from './resolve-tunnel.ts';
import { noLogin, openLogin, openThrough } from './seal-login.ts';

/** Where a stored connection is, in clear. */
export interface StoredPlace {
  readonly engine: Engine;
  readonly address: Address;
  readonly ssh: Ssh | null;
}

/** The same, with the logins that are stored, opened; null where a slot is empty. */
export interface StoredParts extends StoredPlace {
  readonly login: Login | null;
  readonly through: Through | null;
}

export function placeOf(row: ConnectionRow): StoredPlace {
  const address = JSON.parse(row.address) as Address;
  return { engine: engineOf(row.db_type as EngineId), address, ssh: wayOf(address).ssh };
}

/** Opens what is stored of a connection. */
export async function storedParts(deps: Pick<ConnectionsDeps, 'store' | 'vault'>, row: ConnectionRow): Promise<StoredParts> {
  const place = placeOf(row);
  const filled = await credentialsOf(deps.store.db, [row.id]);
  const [login, tunnel] = (['read_only', 'tunnel'] as const).map((slot) => filled.find((candidate) => candidate.slot === slot));
  return {
    ...place,
    login: login ? await openLogin(deps.vault, row, login) : takesLogin(place.engine) ? null : noLogin,
    through: tunnel ? await openThrough(deps.vault, row, tunnel) : null,
  };
}

/** All that an opening needs, or what is missing of it. */
export function requireLogins({ engine, address, ssh, login, through }: StoredParts): Omit<Target, 'acknowledge'> {
  const missing = (field: string, whose: string): Fault =>
    new Fault('credential.required', { field, detail: `This connection has no ${whose}: give it one on its Settings tab.` });
  if (!login) throw missing('credentials.readOnly', 'read-only credential');
  if (ssh !== null && !through) throw missing('credentials.tunnel', 'login for its SSH server');
  return { engine, address, login, through };
}

/** The stored address with its stored logins, opened. */
export async function storedTarget(deps: Pick<ConnectionsDeps, 'store' | 'vault'>, row: ConnectionRow): Promise<Target> {
  const acknowledge = JSON.parse(row.acknowledged) as Target['acknowledge'];
  return { ...requireLogins(await storedParts(deps, row)), acknowledge };
}
