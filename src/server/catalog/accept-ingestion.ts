import type { IngestionRun } from '../../contract/connections.ts';
import type { Actor } from '../platform/actor.ts';
import { Fault } from '../platform/fault.ts';
import { emit } from '../platform/outbox.ts';
import type { CatalogDeps } from './catalog-deps.ts';
import { findVisibleRun, type RunInput } from './find-visible-run.ts';
import { getIngestion } from './get-ingestion.ts';
import { type HeldLoss, parsed } from './present-run.ts';
import { recordOfRun } from './record-of-run.ts';
import { addLog, changeRun } from './run-store.ts';

/** Accepts the loss that a held run found: the schema is read anew and published, if nothing else vanished meanwhile. */
export async function acceptIngestion(deps: CatalogDeps, actor: Actor, input: RunInput): Promise<IngestionRun> {
  const { run, connection } = await findVisibleRun(deps, actor, input, 'connection:manage');
  if (run.open === null) throw new Fault('run.finished', { detail: 'The run has ended: read the schema again.' });
  const held = parsed<HeldLoss>(run.held);
  if (run.state !== 'held' || !held) throw new Fault('run.active', { detail: 'The run does not wait for a person.' });
  await deps.store.db.transaction().execute(async (trx) => {
    const again = { state: 'queued', phase: 'queued', held: null, accepted: JSON.stringify(held.all), done: 0, total: null } as const;
    if (!(await changeRun(trx, run, again))) throw new Fault('run.finished', { detail: 'Somebody else has decided meanwhile.' });
    await addLog(trx, run.id, 'queued', `${actor.name} accepted the loss of ${held.all.length} tables`);
    await emit(trx, 'INGESTION_REQUESTED', { connectionId: run.connection_id, runId: run.id });
    await deps.record(trx, recordOfRun(run, connection.name, 'ingestion.accepted', 'done', { vanished: held.all.length }, actor));
  });
  deps.jobs.poke();
  return getIngestion(deps, actor, input);
}
