import type { TableDocument } from '../../contract/catalog.ts';
import { breather } from '../catalog/catalog.ts';
import type { Store } from '../platform/database.ts';
import { passageOf } from './passage.ts';
import { countTables, findWithoutPassage, putPassages, type StoredPassage } from './passage-store.ts';

/** How a building is followed and ended. */
export interface Building {
  readonly signal: AbortSignal;
  readonly progress: (done: number, total: number) => void;
}

/** Rows of one insert: small enough that the process is never held up for long. */
const BATCH = 100;

/**
 * Builds and stores what search reads of every published table that has none yet. Each batch is kept by itself: cut short
 * anywhere, the next call goes on where this one ended.
 */
export async function buildPassages(store: Store, connectionId: string, { signal, progress }: Building): Promise<void> {
  const { db } = store;
  const breathe = breather();
  const total = await countTables(db, connectionId);
  let missing = await findWithoutPassage(db, connectionId, '', BATCH);
  let built = 0;
  while (missing.length > 0) {
    signal.throwIfAborted();
    const passages: StoredPassage[] = [];
    for (const { id, document } of missing) {
      passages.push({ id, passage: passageOf(JSON.parse(document) as TableDocument) });
      await breathe();
    }
    await putPassages(db, connectionId, passages);
    built += missing.length;
    progress(Math.min(built, total), total);
    missing = await findWithoutPassage(db, connectionId, missing.at(-1)?.id ?? '', BATCH);
  }
  signal.throwIfAborted();
  progress(total, total);
}
