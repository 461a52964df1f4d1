import { now } from '../platform/clock.ts';
import type { CatalogDeps } from './catalog-deps.ts';
import { nextReading } from './next-reading.ts';
import type { RunFailure } from './present-run.ts';
import { recordOfRun } from './record-of-run.ts';
import { addLog, changeRun, type RunRow } from './run-store.ts';
import { findPublished, setNextReading } from './snapshot-store.ts';

/** Ends a run with its record, if it is still as it was found: whoever was superseded ends nothing. */
export async function endRun(
  deps: CatalogDeps,
  was: RunRow,
  state: 'succeeded' | 'failed' | 'cancelled',
  failure: RunFailure | null,
): Promise<void> {
  const { store } = deps;
  await store.db.transaction().execute(async (trx) => {
    // The connection first, as everywhere, so that no two transactions wait for each other.
    const connection = await findPublished(trx, store.kind, was.connection_id);
    const end = { state, open: null, holder: null, finished_at: now(), error: failure && JSON.stringify(failure) };
    const phase = state === 'succeeded' ? ({ phase: 'ready' } as const) : {};
    if (!connection || !(await changeRun(trx, was, { ...end, ...phase }))) return;
    if (state === 'failed') {
      await addLog(trx, was.id, 'ready', `Failed: ${failure?.message ?? 'for an unknown reason'}`);
      // Published snapshots set their own; after a failure it is not tried at every look of the schedule.
      await setNextReading(trx, was.connection_id, nextReading(connection.limits));
    }
    if (state === 'cancelled') await addLog(trx, was.id, 'ready', failure?.message ?? 'Cancelled');
    const detail = { state, attempt: was.attempt, ...(failure ? { code: failure.code } : {}) };
    await deps.record(trx, recordOfRun(was, connection.name, 'ingestion.finished', state === 'succeeded' ? 'done' : 'failed', detail));
  });
}
