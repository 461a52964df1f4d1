import type { Address } from '../../contract/connections.ts';
import { Fault, toFault } from '../platform/fault.ts';
import type { JobContext } from '../platform/jobs.ts';
import type { Payload } from '../platform/outbox.ts';
import type { CatalogDeps } from './catalog-deps.ts';
import { compareSnapshot } from './compare-snapshot.ts';
import { endRun } from './end-run.ts';
import { holdIfLossy } from './hold-run.ts';
import { parsed, type RunFailure } from './present-run.ts';
import { publishSnapshot } from './publish-snapshot.ts';
import { readSchema } from './read-schema.ts';
import { RunGuard } from './run-guard.ts';
import { RunProgress } from './run-progress.ts';
import { addLog, changeRun, findAddress } from './run-store.ts';
import { type TakenRun, takeRun } from './take-run.ts';

/** Tries of a run whose failures may pass by themselves. */
const mostTries = 5;

/**
 * Reads a schema and publishes it: the job of a run. It may be cut short anywhere and run again: until the one transaction that
 * publishes, nothing of it shows; after it, only the search passages are left to build.
 */
export async function ingest(deps: CatalogDeps, payload: Payload, { signal }: JobContext): Promise<void> {
  const taken = await takeRun(deps, payload.runId ?? '');
  if (!taken) return;
  const guard = new RunGuard(deps, taken, signal);
  const progress = new RunProgress(deps, taken);
  try {
    if (taken.run.snapshot === null && !(await readAndPublish(deps, taken, guard.signal, progress))) return;
    progress.enter('embed', null);
    await deps.buildPassages(taken.run.connection_id, {
      signal: guard.signal,
      progress: (done, total) => progress.at(done, total),
      note: (message) => progress.log(message),
    });
    await progress.log('Prepared for search');
    await endRun(deps, taken.run, 'succeeded', null);
  } catch (error) {
    progress.stop();
    await settle(deps, taken, guard, error);
  } finally {
    progress.stop();
    guard.stop();
  }
}

/** Whether the run goes on: false when it is held because too much vanished. */
async function readAndPublish(deps: CatalogDeps, taken: TakenRun, signal: AbortSignal, progress: RunProgress): Promise<boolean> {
  const { run, holder } = taken;
  const { db } = deps.store;
  const address = JSON.parse((await findAddress(db, run.connection_id)) ?? '{}') as Address;
  const { assembly, version } = await readSchema(deps, run.connection_id, address, signal, progress);
  try {
    const total = assembly.counts.tables;
    progress.enter('diff', total);
    const found = await compareSnapshot(db, run.connection_id, assembly.tables(), (done) => progress.at(done, total));
    signal.throwIfAborted();
    if (await holdIfLossy(deps, taken, found)) return false;
    progress.stop();
    await publishSnapshot(deps, { run, holder, version }, found, assembly.tables(found.added));
    return true;
  } finally {
    assembly.close();
  }
}

/** Settles a run whose work ended early. Throws when its job is to be tried again. */
async function settle(deps: CatalogDeps, { run }: TakenRun, guard: RunGuard, error: unknown): Promise<void> {
  // A refusal to publish may come before the guard has looked: then it looks now.
  const cause = guard.cause ?? (await guard.look());
  const fault = toFault(error);
  if (cause === 'superseded') return;
  if (cause === 'cancelled') return endRun(deps, run, 'cancelled', null);
  if (cause === 'disabled' || fault.code === 'connection.disabled') return endRun(deps, run, 'cancelled', disabled);
  if (cause === 'stopping') {
    await changeRun(deps.store.db, run, { state: 'queued', phase: 'queued', holder: null, done: 0, total: null });
    throw fault;
  }
  const tries = (parsed<RunFailure>(run.error)?.tries ?? 0) + 1;
  const failure = { code: fault.code, message: fault.message, hint: fault.about.tryThis?.[0] ?? null, tries };
  // What is no Fault is a failure of ours or of the store, which may pass as well.
  const passing = fault.about.retryable === true || !(error instanceof Fault);
  if (!(error instanceof Fault)) deps.log.error({ err: error, run: run.id }, 'a reading failed');
  if (!passing || tries >= mostTries) return endRun(deps, run, 'failed', failure);
  await addLog(deps.store.db, run.id, 'queued', `Try ${tries} of ${mostTries} failed: ${fault.message}`);
  const again = { state: 'queued', phase: 'queued', holder: null, done: 0, total: null, attempt: run.attempt + 1 } as const;
  await changeRun(deps.store.db, run, { ...again, error: JSON.stringify(failure) });
  throw fault;
}

const disabled: RunFailure = { code: 'connection.disabled', message: 'The connection was disabled.', hint: null, tries: 0 };
