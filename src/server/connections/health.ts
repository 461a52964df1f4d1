import { now } from '../platform/clock.ts';
import type { Store } from '../platform/database.ts';
import type { Fault } from '../platform/fault.ts';
import { type ConnectionRow, keepLearned } from './connection-store.ts';

/** Faults that mean that the credential does not get in any more. */
const refusals = new Set([
  'credential.rejected',
  'login.forbidden',
  'client.forbidden',
  'credential.unreadable',
  'credential.required',
  'database.forbidden',
  'auth.unsupported',
]);

/** Keeps what the last opening showed; `since` is when the state began, so only a change is written. */
export async function setHealth(store: Store, row: ConnectionRow, fault: Fault | null): Promise<void> {
  if (fault?.code === 'test.cancelled' || fault?.code === 'run.cancelled' || fault?.code === 'internal.failed') return;
  const health = fault === null ? 'healthy' : refusals.has(fault.code) ? 'authentication_failed' : 'unreachable';
  if (row.health === health) return;
  await keepLearned(store.db, row, { health, health_since: now() });
}
