import { setTimeout } from 'node:timers/promises';
import type { IngestionRun } from '../../contract/connections.ts';
import type { Actor } from '../platform/actor.ts';
import { Fault } from '../platform/fault.ts';
import type { CatalogDeps } from './catalog-deps.ts';
import type { RunInput } from './find-visible-run.ts';
import { getIngestion } from './get-ingestion.ts';

const EVERY_MS = 500;
const ASK_AGAIN_MS = 2000;

/** Which run to watch, and for how long. */
export interface WatchInput extends RunInput {
  readonly signal?: AbortSignal;
  /** Who the caller is by now; null: nobody any more. A stream outlives the moment in which they were let in. */
  readonly callerNow: () => Promise<Actor | null>;
}

/** A run as it goes on: each state that differs from the one before, at most twice a second, the last one when it has ended or waits for a person. */
export async function* watchIngestion(
  deps: CatalogDeps,
  admitted: Actor,
  { id, runId, signal, callerNow }: WatchInput,
): AsyncGenerator<IngestionRun, void> {
  let actor = admitted;
  let asked = performance.now();
  for (let last = ''; !signal?.aborted; ) {
    if (performance.now() - asked >= ASK_AGAIN_MS) {
      const caller = await callerNow();
      if (!caller) throw new Fault('caller.unauthenticated', { detail: 'The sign-in or key that opened this stream has ended.' });
      actor = caller;
      asked = performance.now();
    }
    // Whoever loses the right to see the connection loses the stream as well.
    const run = await getIngestion(deps, actor, { id, runId });
    const text = JSON.stringify(run);
    if (text !== last) yield run;
    last = text;
    if (run.finishedAt !== null || run.state === 'held') return;
    await setTimeout(EVERY_MS, undefined, { ...(signal ? { signal } : {}) }).catch(() => {});
  }
}
