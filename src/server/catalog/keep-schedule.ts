import { after, now } from '../platform/clock.ts';
import { emit } from '../platform/outbox.ts';
import type { CatalogDeps } from './catalog-deps.ts';
import { endRun } from './end-run.ts';
import { nextReading } from './next-reading.ts';
import { requestRun } from './request-run.ts';
import { changeRun, findAbandoned, findOpenRun, findWaitingOnDisabled } from './run-store.ts';
import { claimDue, findDue } from './snapshot-store.ts';

const MINUTE = 60_000;
/** A run that nobody has worked on for so long has lost its job; one that waits may only wait for its turn. */
const lost = { running: 2 * MINUTE, queued: 15 * MINUTE } as const;

/** One look at what should go on by itself: readings that are due, runs whose job was lost, runs that wait on a disabled connection. */
export async function keepSchedule(deps: CatalogDeps, patience: { running: number; queued: number } = lost): Promise<void> {
  const { db } = deps.store;
  for (const run of await findWaitingOnDisabled(db)) await endRun(deps, run, 'cancelled', null);
  for (const run of await findAbandoned(db, { running: after(-patience.running), queued: after(-patience.queued) })) {
    await db.transaction().execute(async (trx) => {
      // The change says that it was asked for just now: one process alone finds it so.
      if (await changeRun(trx, run, { holder: null }))
        await emit(trx, 'INGESTION_REQUESTED', { connectionId: run.connection_id, runId: run.id });
    });
  }
  for (const due of await findDue(db, now())) {
    await db.transaction().execute(async (trx) => {
      if (!(await claimDue(trx, due, nextReading(due.limits))) || (await findOpenRun(trx, due.id))) return;
      await requestRun(trx, { connectionId: due.id, organizationId: due.organization_id, cause: 'scheduled', createdBy: null });
    });
  }
  deps.jobs.poke();
}
