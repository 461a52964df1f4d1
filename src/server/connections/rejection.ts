import type { Slot } from '../../contract/connections.ts';
import { now } from '../platform/clock.ts';
import type { Store } from '../platform/database.ts';
import { Fault } from '../platform/fault.ts';
import { type ConnectionRow, keepLearned } from './connection-store.ts';

/*
 * A database may lock an account after a few wrong passwords. So one that was rejected is tried again by nobody but a person, who tests the connection
 * or gives another credential. It is kept apart from the health, which goes on to tell of whatever else fails.
 */

/** Which of the stored credentials a server does not take, by the fault that says so. */
const slots = { 'credential.rejected': 'read_only', 'tunnel.rejected': 'tunnel' } as const satisfies Record<string, Slot>;

interface Rejection {
  readonly code: keyof typeof slots;
  readonly at: string;
}

/** The slot of the credential that a fault says was rejected; null where it says nothing of that. */
export const rejectedSlot = (fault: Pick<Fault, 'code'>): Slot | null =>
  fault.code in slots ? slots[fault.code as Rejection['code']] : null;

/** The slot of the credential that is not to be tried again by itself; null where there is none. */
export const standingRejection = ({ rejected }: Pick<ConnectionRow, 'rejected'>): Slot | null =>
  rejected === null ? null : slots[(JSON.parse(rejected) as Rejection).code];

/** Refuses what would try a rejected credential again. */
export function requireUnrejected({ rejected }: Pick<ConnectionRow, 'rejected'>): void {
  if (rejected === null) return;
  const { code, at } = JSON.parse(rejected) as Rejection;
  throw new Fault(code, {
    stage: code === 'tunnel.rejected' ? 'tunnel' : 'auth',
    detail: `The stored credential was rejected at ${at}. It is not tried again by itself, so that the account is not locked.`,
    tryThis: ['Test the connection, or replace its credential: either is done by its creator or an Admin.'],
  });
}

/** Remembers that a stored credential was rejected, if the fault says so: in one change with the health that comes of it. */
export async function keepRejection(store: Store, row: ConnectionRow, fault: Pick<Fault, 'code'>): Promise<void> {
  if (rejectedSlot(fault) === null) return;
  const rejection: Rejection = { code: fault.code as Rejection['code'], at: now() };
  await keepLearned(store.db, row, {
    rejected: JSON.stringify(rejection),
    health: 'authentication_failed',
    health_fault: rejection.code,
    ...(row.health === 'authentication_failed' ? {} : { health_since: rejection.at }),
    next_probe_at: null,
  });
}
