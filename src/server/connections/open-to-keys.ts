import type { Acknowledgement, Privileges } from '../../contract/connections.ts';
import type { Actor } from '../platform/actor.ts';
import { Fault } from '../platform/fault.ts';
import { acknowledged, keptAcknowledged } from './acknowledged.ts';
import type { ConnectionRow } from './connection-store.ts';

/**
 * Keys are what programs and agents come with. A connection whose credential is a superuser or reaches files or programs of the server is closed to
 * them until an Admin has acknowledged that, with a reason. An Admin's own key of full scope is that Admin, who may acknowledge.
 */
export function requireOpenToKeys(actor: Actor, row: Pick<ConnectionRow, 'privileges' | 'acknowledged'>): void {
  if (actor.via !== 'key' || (actor.role === 'admin' && actor.scopes?.includes('admin'))) return;
  if (row.privileges === null || (JSON.parse(row.privileges) as Privileges).grade !== 'severe') return;
  if ((JSON.parse(row.acknowledged) as Acknowledgement[]).some(({ code }) => code === 'privilege.excess')) return;
  throw new Fault('acknowledgement.required', {
    detail: 'Its credential could do far more than read (excess privilege), so that it is closed to keys of programs and agents.',
    tryThis: ['Let an Admin acknowledge it with a reason (the connection’s page).', 'Better: give it a login that can only read.'],
  });
}

/** What an Admin acknowledges of a connection as it stands: only what its credential could do, since a way there is acknowledged with its address. */
export function acknowledgedAsItStands(actor: Actor, row: ConnectionRow, given: readonly Acknowledgement[]): Partial<ConnectionRow> {
  if (given.length === 0) return {};
  if (row.privileges === null || given.some(({ code }) => code !== 'privilege.excess'))
    throw new Fault('request.invalid', {
      field: 'acknowledge',
      detail: 'acknowledge: without an address only privilege.excess can be acknowledged, of a credential that was tested.',
    });
  acknowledged(actor, false, given, []);
  return { acknowledged: keptAcknowledged(actor, row, JSON.parse(row.privileges) as Privileges, given) };
}
