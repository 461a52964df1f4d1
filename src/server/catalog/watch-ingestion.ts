import { setTimeout } from 'node:timers/promises';
import type { IngestionRun } from '../../contract/connections.ts';
import type { Actor } from '../platform/actor.ts';
import type { CatalogDeps } from './catalog-deps.ts';
import type { RunInput } from './find-visible-run.ts';
import { getIngestion } from './get-ingestion.ts';

const EVERY_MS = 500;

/** A run as it goes on: each state that differs from the one before, at most twice a second, the last one when it has ended. */
export async function* watchIngestion(
  deps: CatalogDeps,
  actor: Actor,
  { id, runId, signal }: RunInput & { readonly signal?: AbortSignal },
): AsyncGenerator<IngestionRun, void> {
  for (let last = ''; !signal?.aborted; ) {
    // Whoever loses the right to see the connection loses the stream as well.
    const run = await getIngestion(deps, actor, { id, runId });
    const text = JSON.stringify(run);
    if (text !== last) yield run;
    last = text;
    if (run.finishedAt !== null) return;
    await setTimeout(EVERY_MS, undefined, { ...(signal ? { signal } : {}) }).catch(() => {});
  }
}
