import type { IngestionRun } from '../../contract/connections.ts';
import type { Actor } from '../platform/actor.ts';
import { Fault } from '../platform/fault.ts';
import type { CatalogDeps } from './catalog-deps.ts';
import { getIngestion } from './get-ingestion.ts';
import { recordOfRun } from './record-of-run.ts';
import { requestRun } from './request-run.ts';

/** Has the schema read again. */
export async function startIngestion(deps: CatalogDeps, actor: Actor, { id }: { readonly id: string }): Promise<IngestionRun> {
  const connection = await deps.requireConnection(deps.store, actor, id, 'connection:manage');
  if (connection.is_active === 0) throw new Fault('connection.disabled', { detail: 'Enable it first: its schema is read then.' });
  const request = { connectionId: id, organizationId: connection.organization_id, cause: 'asked', createdBy: actor.userId } as const;
  const runId = await deps.store.db.transaction().execute(async (trx) => {
    const made = await requestRun(trx, request);
    const run = { id: made, organization_id: connection.organization_id, connection_id: id };
    await deps.record(trx, recordOfRun(run, connection.name, 'ingestion.requested', 'done', {}, actor));
    return made;
  });
  deps.jobs.poke();
  return getIngestion(deps, actor, { id, runId });
}
