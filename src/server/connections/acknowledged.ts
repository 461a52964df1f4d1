import type { Acknowledgement, Privileges } from '../../contract/connections.ts';
import type { Actor } from '../platform/actor.ts';
import { now } from '../platform/clock.ts';
import { Fault } from '../platform/fault.ts';
import type { ConnectionRow } from './connection-store.ts';

/** What is acknowledged of a target: only what applies to it, and new things only by an Admin. */
export function acknowledged(
  actor: Actor,
  unencrypted: boolean,
  given: readonly Acknowledgement[],
  standing: readonly Acknowledgement[],
): Acknowledgement[] {
  if (actor.role !== 'admin' && given.some((entry) => entry.code === 'privilege.excess')) {
    const detail = 'acknowledge: only an Admin may acknowledge what a credential could do beyond reading. Leave it out, or ask one.';
    throw new Fault('acknowledgement.required', { stage: 'parse', field: 'acknowledge', detail });
  }
  const entries = actor.role === 'admin' ? [...given, ...standing] : [...standing];
  if (unencrypted && !entries.some((entry) => entry.code === 'tls.disabled')) {
    const detail =
      actor.role === 'admin'
        ? 'Without encryption the password and every answer cross the network in clear: give a reason (acknowledge tls.disabled), or use TLS.'
        : 'Only an Admin may register a database without encryption, with a reason. Ask one, or use TLS.';
    throw new Fault('acknowledgement.required', { stage: 'parse', field: 'address.tls', detail });
  }
  return entries.filter((entry) => entry.code === 'privilege.excess' || unencrypted);
}

/** What was acknowledged, by whom and when, as a row keeps it. */
type Kept = Acknowledgement & { readonly by: string; readonly at: string };

/**
 * What stays acknowledged, as text for the row. `given` is new; what stood before stands on, but for what a credential could do beyond reading:
 * that was said of what was found then, and not of what was found new by now.
 */
export function keptAcknowledged(
  actor: Actor,
  row: Pick<ConnectionRow, 'acknowledged' | 'privileges'>,
  privileges: Privileges,
  given: readonly Acknowledgement[] = [],
): string {
  const before = row.privileges === null ? [] : (JSON.parse(row.privileges) as Privileges).excess.map(({ what }) => what);
  const grew = privileges.excess.some(({ what }) => !before.includes(what));
  const replaced = new Set(given.map(({ code }) => code));
  const standing = (JSON.parse(row.acknowledged) as Kept[]).filter(
    ({ code }) => !replaced.has(code) && !(grew && code === 'privilege.excess'),
  );
  const at = now();
  return JSON.stringify([...given.map(({ code, reason }): Kept => ({ code, reason, by: actor.name, at })), ...standing]);
}

/** The same in words, for the record. */
export const toldAcknowledged = (entries: readonly Acknowledgement[]): string =>
  entries.map(({ code, reason }) => `${code}: ${reason}`).join('; ');
