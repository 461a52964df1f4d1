import type { IngestionRun } from '../../contract/connections.ts';
import type { Actor } from '../platform/actor.ts';
import { now } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';
import { Fault } from '../platform/fault.ts';
import type { CatalogDeps } from './catalog-deps.ts';
import { findVisibleRun, type RunInput } from './find-visible-run.ts';
import { getIngestion } from './get-ingestion.ts';
import { recordOfRun } from './record-of-run.ts';
import { addLog, changeRun, findRun, type RunRow } from './run-store.ts';

/** Cancels a run: at once while it waits; one that is worked on ends within a second. What is published stays. */
export async function cancelIngestion(deps: CatalogDeps, actor: Actor, input: RunInput): Promise<IngestionRun> {
  const { run, connection } = await findVisibleRun(deps, actor, input, 'connection:manage');
  await deps.store.db.transaction().execute(async (trx) => {
    // It may move on between looking and writing: then it is looked at once more.
    if (!(await cancel(trx, run)) && !(await cancel(trx, await findRun(trx, run.id))))
      throw new Fault('run.finished', { detail: 'There is nothing left to cancel.' });
    await deps.record(trx, recordOfRun(run, connection.name, 'ingestion.cancelled', 'done', {}, actor));
  });
  return getIngestion(deps, actor, input);
}

async function cancel(trx: Database, run: RunRow | undefined): Promise<boolean> {
  if (!run || run.open === null) return false;
  if (run.state === 'running') return changeRun(trx, run, { cancel_requested: 1 });
  if (!(await changeRun(trx, run, { state: 'cancelled', open: null, holder: null, finished_at: now() }))) return false;
  await addLog(trx, run.id, 'queued', 'Cancelled');
  return true;
}
