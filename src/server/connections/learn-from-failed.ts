import { type ConnectionRow, keepLearned } from './connection-store.ts';
import type { ConnectionsDeps } from './connections-deps.ts';
import { keepHealth, seenIn } from './health.ts';
import { keepRejection } from './rejection.ts';
import type { Tested } from './staged-test.ts';

/** Keeps what a test of what is stored showed that did not pass. */
export async function learnFromFailed(
  deps: Pick<ConnectionsDeps, 'store' | 'record' | 'probeMs'>,
  row: ConnectionRow,
  { fault, stages }: Pick<Tested, 'fault' | 'stages'>,
): Promise<void> {
  if (!fault) return;
  // Only a server that took the credential makes it forgotten that it was rejected: this time it may not even have been reached.
  const taken = stages.some(({ stage, status, evidence }) => stage === 'auth' && evidence !== null && /^(passed|warning)$/.test(status));
  if (taken) await keepLearned(deps.store.db, row, { rejected: null });
  await keepRejection(deps.store, row, fault);
  const seen = seenIn(fault);
  if (seen) await keepHealth(deps, row, seen);
}
