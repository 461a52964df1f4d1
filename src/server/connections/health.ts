import type { Health } from '../../contract/connections.ts';
import type { FaultCode } from '../../contract/faults.ts';
import { now } from '../platform/clock.ts';
import type { Fault } from '../platform/fault.ts';
import { type ConnectionRow, findConnectionById, keepLearned } from './connection-store.ts';
import type { ConnectionsDeps } from './connections-deps.ts';
import { nextProbe } from './probe-pace.ts';
import { alertOf } from './record-of.ts';

/** Faults that mean that the credential does not get in any more. */
const refusals = new Set<FaultCode>([
  'credential.rejected',
  'login.forbidden',
  'client.forbidden',
  'credential.unreadable',
  'credential.required',
  'database.forbidden',
  'auth.unsupported',
  'tunnel.rejected',
  'key.unusable',
  'tls.rejected',
]);
/** Faults that mean that what answers is not what was confirmed. */
const changes = new Set<FaultCode>(['server.changed', 'tls.changed', 'tunnel.changed']);
/** Faults that come from us or from whoever asked, and tell nothing of the database. */
const silent = new Set<FaultCode>([
  'test.cancelled',
  'run.cancelled',
  'statement.cancelled',
  'internal.failed',
  'connection.changed',
  'connection.disabled',
  'connection.unknown',
  'connection.busy',
  'server.draining',
  'store.unavailable',
]);

/** What an opening showed. `fault`: why it is not healthy, if it is not. */
export interface Seen {
  readonly state: Exclude<Health['state'], 'unknown'>;
  readonly fault: FaultCode | null;
  /** In words, for the record of what a person should look at. */
  readonly detail?: string | undefined;
}

/** What a fault of an opening says of the health of a connection; null where it says nothing. */
export function seenIn({ code, about }: Fault): Seen | null {
  if (silent.has(code)) return null;
  return { state: stateOf(code), fault: code, detail: about.detail };
}

function stateOf(code: FaultCode): Seen['state'] {
  if (refusals.has(code)) return 'authentication_failed';
  if (changes.has(code)) return 'changed';
  // It answers, and those who have a session go on: often it is our own use that takes the last one.
  return code === 'server.full' ? 'degraded' : 'unreachable';
}

export const wellSeen: Seen = { state: 'healthy', fault: null };

/**
 * Keeps what was seen; `since` is when the state began. What nobody looks at again before a person does (a rejected credential, another server) is not
 * written over by what failed beside it.
 */
export async function keepHealth(
  deps: Pick<ConnectionsDeps, 'store' | 'record' | 'probeMs'>,
  { id, version }: Pick<ConnectionRow, 'id' | 'version'>,
  seen: Seen,
): Promise<void> {
  // As it is now: others may have seen something while this was opened.
  const row = await findConnectionById(deps.store.db, id);
  if (row?.version !== version) return;
  const telling = seen.state === 'authentication_failed' || seen.state === 'changed';
  if ((row.rejected !== null || row.server_found !== null) && !telling) return;
  if (row.health === seen.state && row.health_fault === seen.fault) return;
  const stopped = seen.state === 'authentication_failed' || seen.fault === 'server.changed';
  const well = seen.state === 'healthy' || seen.state === 'degraded';
  const learned = {
    health: seen.state,
    health_fault: seen.fault,
    ...(row.health === seen.state ? {} : { health_since: now() }),
    ...(stopped ? { next_probe_at: null } : {}),
    ...(well ? { probe_failures: 0, next_probe_at: nextProbe(deps.probeMs, 0) } : {}),
  };
  await deps.store.db.transaction().execute(async (trx) => {
    await keepLearned(trx, row, learned);
    if (seen.state === 'changed' && seen.fault) await deps.record(trx, alertOf(row, seen.fault, { detail: seen.detail ?? null }));
  });
}
