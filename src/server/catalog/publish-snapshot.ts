import { now } from '../platform/clock.ts';
import { Fault } from '../platform/fault.ts';
import type { CatalogDeps } from './catalog-deps.ts';
import type { Comparison } from './compare-snapshot.ts';
import { nextReading } from './next-reading.ts';
import { addLog, changeHeldBy, findStanding, type RunRow } from './run-store.ts';
import { endVersions, findPublished, insertSnapshot, insertVersions, setPublished, updateEstimates } from './snapshot-store.ts';
import type { ReadTable } from './table-document.ts';

/** At most this many names of one kind are kept of what a reading found different; the run keeps the counts. */
const mostNames = 2000;

/** Who publishes: the run, as whose holder, and what it was based on. */
export interface Publisher {
  readonly run: RunRow;
  readonly holder: string;
  /** Of the connection, when it was opened for this reading. */
  readonly version: number;
}

/**
 * Publishes what was read, all of it or nothing, if the run is still ours, nobody cancelled it and the connection is still the one that was read.
 * `added`: the new versions that the comparison found.
 */
export async function publishSnapshot(
  deps: CatalogDeps,
  { run, holder, version }: Publisher,
  found: Comparison,
  added: AsyncIterable<ReadTable>,
): Promise<number> {
  const { store } = deps;
  return store.db.transaction().execute(async (trx) => {
    const connection = await findPublished(trx, store.kind, run.connection_id);
    const standing = await findStanding(trx, run.id);
    if (!connection || connection.is_active === 0 || standing?.cancel_requested === 1) throw new Fault('run.cancelled');
    if (connection.version !== version)
      throw new Fault('connection.changed', {
        detail: 'The connection was changed while its schema was read: it is read anew.',
        retryable: true,
      });
    const snapshot = (connection.snapshot ?? 0) + 1;
    const counts = {
      appeared: snapshot === 1 ? found.tables : found.appeared.length,
      changed: found.changed.length,
      vanished: found.vanished.length,
    };
    const told = {
      phase: 'embed',
      snapshot,
      done: 0,
      total: found.tables,
      changes: JSON.stringify(counts),
      held: null,
      accepted: null,
    } as const;
    if (!(await changeHeldBy(trx, run.id, holder, told))) throw new Fault('run.cancelled');
    await insertSnapshot(trx, {
      connection_id: run.connection_id,
      number: snapshot,
      run_id: run.id,
      taken_at: now(),
      tables: found.tables,
      columns: found.columns,
      appeared: JSON.stringify(found.appeared.slice(0, mostNames)),
      changed: JSON.stringify(found.changed.slice(0, mostNames)),
      vanished: JSON.stringify(found.vanished.slice(0, mostNames)),
    });
    await endVersions(trx, found.removed, snapshot);
    await insertVersions(trx, store.kind, run.connection_id, snapshot, added);
    await updateEstimates(trx, found.estimates);
    await setPublished(trx, run.connection_id, {
      snapshot,
      snapshot_at: now(),
      table_count: found.tables,
      column_count: found.columns,
      next_ingestion_at: nextReading(connection.limits),
    });
    await addLog(
      trx,
      run.id,
      'diff',
      `Published snapshot ${snapshot}: ${counts.appeared} appeared, ${counts.changed} changed, ${counts.vanished} vanished`,
    );
    return snapshot;
  });
}
