import type { Acknowledgement } from '../../contract/connections.ts';
import type { Actor } from '../platform/actor.ts';
import { Fault } from '../platform/fault.ts';

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
