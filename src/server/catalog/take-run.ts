import { after, newId, now } from '../platform/clock.ts';
import { Fault } from '../platform/fault.ts';
import type { CatalogDeps } from './catalog-deps.ts';
import { endRun } from './end-run.ts';
import { recordOfRun } from './record-of-run.ts';
import { changeRun, findRun, findStanding, type RunRow } from './run-store.ts';

/** A run that this taking of its job works on, until another taking supersedes it. */
export interface TakenRun {
  readonly run: RunRow;
  readonly holder: string;
}

/** A holder that is silent for so long is dead: it is heard of every three seconds. */
const SILENCE_MS = 10_000;
/** A run that was cut short so often ends the process each time: it is not tried again. */
const mostAttempts = 100;

/** Takes a run for its job. Null: there is nothing to do, since it has ended or waits for a person. Throws run.active while another process works on it. */
export async function takeRun(deps: CatalogDeps, runId: string): Promise<TakenRun | null> {
  const { db } = deps.store;
  const run = await findRun(db, runId);
  const standing = await findStanding(db, runId);
  if (!run || !standing || run.open === null || run.state === 'held') return null;
  if (run.state === 'running' && run.holder !== null && run.touched_at > after(-SILENCE_MS)) throw busy();
  if (run.cancel_requested === 1 || standing.is_active === 0) {
    await endRun(deps, run, 'cancelled', null);
    return null;
  }
  if (run.attempt > mostAttempts) {
    const message = `The run was cut short ${mostAttempts} times.`;
    await endRun(deps, run, 'failed', {
      code: 'internal.failed',
      message,
      hint: 'See the server’s log, then read the schema again.',
      tries: 0,
    });
    return null;
  }
  const holder = newId();
  const taken = {
    state: 'running',
    phase: run.snapshot === null ? 'connect' : 'embed',
    holder,
    done: 0,
    total: null,
    // One that was running already was cut short: this is another attempt.
    attempt: run.attempt + (run.state === 'running' ? 1 : 0),
    started_at: run.started_at ?? now(),
  } as const;
  await db.transaction().execute(async (trx) => {
    if (!(await changeRun(trx, run, taken))) throw busy();
    if (run.started_at === null) await deps.record(trx, recordOfRun(run, standing.name, 'ingestion.started', 'done', { cause: run.cause }));
  });
  return { run: { ...run, ...taken }, holder };
}

const busy = (): Fault => new Fault('run.active', { detail: 'Another process works on this run.', retryable: true });
