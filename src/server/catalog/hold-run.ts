import type { CatalogDeps } from './catalog-deps.ts';
import type { Comparison } from './compare-snapshot.ts';
import { type HeldLoss, parsed } from './present-run.ts';
import { recordOfRun } from './record-of-run.ts';
import { addLog, changeRun, findStanding } from './run-store.ts';
import type { TakenRun } from './take-run.ts';

/** A run that would lose a greater share of the tables waits for a person. */
const mostLost = 0.3;
/** Names shown of what vanished. */
const mostShown = 100;

/** Holds a run that would lose too much, unless a person has accepted just that loss. Says whether it is held. */
export async function holdIfLossy(deps: CatalogDeps, { run }: TakenRun, { before, vanished, appeared }: Comparison): Promise<boolean> {
  if (vanished.length === 0 || vanished.length / before <= mostLost) return false;
  const accepted = new Set(parsed<string[]>(run.accepted) ?? []);
  if (vanished.every((table) => accepted.has(table))) return false;
  const after = before - vanished.length + appeared.length;
  const held: HeldLoss = { before, after, vanished: vanished.slice(0, mostShown), all: vanished };
  await deps.store.db.transaction().execute(async (trx) => {
    const change = { state: 'held', phase: 'diff', holder: null, held: JSON.stringify(held), accepted: null } as const;
    if (!(await changeRun(trx, run, change))) return;
    await addLog(trx, run.id, 'diff', `Held: ${vanished.length} of ${before} tables would be lost`);
    const name = (await findStanding(trx, run.id))?.name ?? '';
    await deps.record(trx, recordOfRun(run, name, 'ingestion.held', 'done', { before, vanished: vanished.length }));
  });
  return true;
}
