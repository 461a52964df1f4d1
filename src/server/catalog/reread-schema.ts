import type { Actor } from '../platform/actor.ts';
import { after } from '../platform/clock.ts';
import { Fault } from '../platform/fault.ts';
import type { CatalogDeps } from './catalog-deps.ts';
import { recordOfRun } from './record-of-run.ts';
import { requestRun } from './request-run.ts';
import { listRuns } from './run-store.ts';

const MINUTE = 60_000;

/**
 * Has the schema read again because somebody named a table that is not published: it may be new. At most once a minute, counted from the last
 * time it was asked for in any way. Says whether it is being read.
 */
export async function rereadSchema(
  deps: CatalogDeps,
  actor: Actor,
  connection: { readonly id: string; readonly organization_id: string; readonly name: string },
): Promise<boolean> {
  const [last] = await listRuns(deps.store.db, connection.id, undefined, 1);
  if (last?.open === 1) return last.state !== 'held';
  if (last && last.created_at > after(-MINUTE)) return false;
  const request = {
    connectionId: connection.id,
    organizationId: connection.organization_id,
    cause: 'asked',
    createdBy: actor.userId,
  } as const;
  try {
    await deps.store.db.transaction().execute(async (trx) => {
      const id = await requestRun(trx, request);
      const run = { id, organization_id: connection.organization_id, connection_id: connection.id };
      await deps.record(trx, recordOfRun(run, connection.name, 'ingestion.requested', 'done', { unknownTable: true }, actor));
    });
  } catch (error) {
    // Somebody else was first.
    if (error instanceof Fault && error.code === 'run.active') return true;
    throw error;
  }
  deps.jobs.poke();
  return true;
}
