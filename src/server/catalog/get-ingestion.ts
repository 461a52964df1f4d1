import type { IngestionRun } from '../../contract/connections.ts';
import type { Actor } from '../platform/actor.ts';
import type { CatalogDeps } from './catalog-deps.ts';
import { findVisibleRun, type RunInput } from './find-visible-run.ts';
import { presentRun } from './present-run.ts';
import { findLog, listRuns } from './run-store.ts';

/** One run with its log. */
export async function getIngestion(deps: CatalogDeps, actor: Actor, input: RunInput): Promise<IngestionRun> {
  const { run } = await findVisibleRun(deps, actor, input, 'catalog:read');
  return presentRun(run, await findLog(deps.store.db, run.id));
}

/** The runs of a connection, newest first, without their logs. */
export async function listIngestions(
  deps: CatalogDeps,
  actor: Actor,
  { id, cursor, limit }: { readonly id: string; readonly cursor?: string | undefined; readonly limit: number },
): Promise<{ items: IngestionRun[]; nextCursor: string | null }> {
  await deps.requireConnection(deps.store, actor, id, 'catalog:read');
  const rows = await listRuns(deps.store.db, id, cursor, limit + 1);
  const shown = rows.slice(0, limit);
  return { items: shown.map((row) => presentRun(row, [])), nextCursor: rows.length > limit ? (shown.at(-1)?.id ?? null) : null };
}
