import type { z } from 'zod';
import type { Acknowledgement, Connection, CredentialInput, Slot } from '../../contract/connections.ts';
import { takesLogin } from '../engines/registry.ts';
import type { Actor } from '../platform/actor.ts';
import { Fault } from '../platform/fault.ts';
import { acknowledged, keptAcknowledged, toldAcknowledged } from './acknowledged.ts';
import { deleteCredentialRow, putCredentialRow, updateConnection } from './connection-store.ts';
import type { ConnectionsDeps } from './connections-deps.ts';
import { presentFresh } from './present-connection.ts';
import { recordOf } from './record-of.ts';
import { refillTunnel } from './refill-tunnel.ts';
import { sameServerColumns } from './register-connection.ts';
import { keepRejection, rejectedSlot, standingRejection } from './rejection.ts';
import { requireConnection } from './require-connection.ts';
import { resolveLogin } from './resolve-login.ts';
import { tunnelLogin } from './resolve-tunnel.ts';
import { noLogin, sealTarget } from './seal-login.ts';
import { placeOf, requireLogins, type StoredParts, storedParts } from './stored-target.ts';
import { countedTest, type Following, requirePassed } from './test-connection.ts';

type Input = z.output<typeof CredentialInput>;

/** Replaces a credential: the new one passes the whole test at the stored address before the old one is gone. With both slots empty the tunnel's comes first. */
export async function replaceCredential(
  deps: ConnectionsDeps,
  actor: Actor,
  id: string,
  slot: Slot,
  input: Input,
  following: Following,
): Promise<Connection> {
  const row = await requireConnection(deps.store, actor, id, 'connection:manage');
  requireUsableSlot(placeOf(row), slot);
  const parts = withGiven(await storedParts(deps, row), slot, input);
  // The address stands as it was consented to: what was acknowledged about it still holds.
  const standing = JSON.parse(row.acknowledged) as Acknowledgement[];
  const unencrypted = parts.engine.unencrypted(parts.address);
  const acknowledge = acknowledged(actor, unencrypted, input.acknowledge, standing);
  if (slot === 'tunnel' && parts.login === null)
    return refillTunnel(deps, actor, row, { ...parts, login: noLogin, acknowledge }, following);
  const target = { ...requireLogins(parts), acknowledge };
  const tested = await countedTest(deps, actor, target, following, row, { sameAs: row, mayBeSilent: slot === 'read_only' });
  // What was rejected may be the other credential, which is stored.
  if (tested.fault && rejectedSlot(tested.fault) !== slot) await keepRejection(deps.store, row, tested.fault);
  requirePassed(tested);
  const place = { id, organizationId: row.organization_id, engine: target.engine, address: target.address };
  const credential = (await sealTarget(deps.vault, place, target, actor.userId)).find((sealed) => sealed.slot === slot);
  const username = target.login.username || null;
  const given = acknowledge.filter((entry) => input.acknowledge.includes(entry));
  const stands = keptAcknowledged(actor, row, tested.privileges, given);
  await deps.store.db.transaction().execute(async (trx) => {
    await updateConnection(trx, row, {
      username,
      acknowledged: stands,
      ...sameServerColumns(deps, row, tested),
      version: row.version + 1,
    });
    if (credential) await putCredentialRow(trx, credential);
    const about = { slot, username: credential?.username ?? null };
    const told = given.length === 0 ? {} : { acknowledged: toldAcknowledged(given) };
    await deps.record(trx, recordOf(actor, row, 'credential.replaced', { ...about, ...told }));
  });
  await deps.store.scrub();
  return presentFresh(deps, actor, id);
}

/** Destroys a credential at once. Without one that it needs, a connection answers nothing until another is given. */
export async function deleteCredential(deps: ConnectionsDeps, actor: Actor, id: string, slot: Slot): Promise<Connection> {
  const row = await requireConnection(deps.store, actor, id, 'connection:manage');
  requireUsableSlot(placeOf(row), slot);
  await deps.store.db.transaction().execute(async (trx) => {
    const username = slot === 'read_only' ? null : row.username;
    await updateConnection(trx, row, {
      username,
      health: 'unknown',
      health_since: null,
      health_fault: null,
      next_probe_at: null,
      ...(standingRejection(row) === slot ? { rejected: null } : {}),
      version: row.version + 1,
    });
    await deleteCredentialRow(trx, id, slot);
    await deps.record(trx, recordOf(actor, row, 'credential.deleted', { slot }));
  });
  await deps.store.scrub();
  return presentFresh(deps, actor, id);
}

/** What is stored, with the login of one slot as it came in. */
function withGiven(parts: StoredParts, slot: Slot, input: Input): StoredParts {
  const { username, password, clientKey, privateKey, passphrase } = input;
  const only = slot === 'tunnel' ? { username, clientKey } : { privateKey, passphrase };
  for (const [name, value] of Object.entries(only))
    if (value !== undefined)
      throw new Fault('request.invalid', { field: name, detail: `${name}: is nothing that the slot ${slot} takes. Leave it out.` });
  if (slot !== 'tunnel')
    return { ...parts, login: resolveLogin(parts.engine, parts.address, { username: username ?? '', password, clientKey }) };
  if ((privateKey === undefined) === (password === undefined))
    throw new Fault('request.invalid', { field: 'password', detail: 'password: give a password or a privateKey, one of them.' });
  if (password !== undefined && passphrase !== undefined)
    throw new Fault('request.invalid', { field: 'passphrase', detail: 'passphrase: belongs to a privateKey. Leave it out.' });
  const given =
    privateKey === undefined ? { password: password ?? '' } : { privateKey, ...(passphrase === undefined ? {} : { passphrase }) };
  return { ...parts, through: parts.ssh && { place: parts.ssh, login: tunnelLogin(given) } };
}

function requireUsableSlot({ engine, ssh }: ReturnType<typeof placeOf>, slot: Slot): void {
  const refuse = (detail: string): Fault => new Fault('slot.unavailable', { field: 'slot', detail });
  if (!takesLogin(engine)) throw refuse('Databases of this kind have no login: there is nothing to replace or delete.');
  if (slot === 'write') throw refuse('The slot write comes with a later version.');
  if (slot === 'tunnel' && ssh === null) throw refuse('This database is reached without a tunnel: its address names no SSH server.');
}
