import { breather } from '../catalog/catalog.ts';
import type { Store } from '../platform/database.ts';
import { passagesOfSnapshot, type SearchedConnection } from './passage-store.ts';
import { type WordIndex, WordIndexer } from './word-index.ts';

/** The index of a connection's published snapshot, and which table each place in it is. */
export interface LoadedIndex {
  readonly index: WordIndex;
  readonly tableIds: readonly string[];
}

/** An index being loaded or loaded, and what it was made of. */
interface Kept {
  readonly stamp: string;
  readonly loading: Promise<LoadedIndex>;
  size: number;
}

/**
 * The indexes of the connections asked last, in memory: at most so many tables together, besides those of the newest one. They are loaded one after
 * another, so that many questions at once do not fill the memory with what is not counted yet.
 */
export class IndexCache {
  readonly #store: Store;
  readonly #mostTables: number;
  /** In the order of their use. */
  readonly #kept = new Map<string, Kept>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(store: Store, mostTables = 50_000) {
    this.#store = store;
    this.#mostTables = mostTables;
  }

  /** The index of a connection as it is now: made at its first use, and again once snapshot, name or description changed. */
  get(connection: SearchedConnection): Promise<LoadedIndex> {
    const stamp = JSON.stringify([connection.snapshot, connection.name, connection.description]);
    const known = this.#kept.get(connection.id);
    this.#kept.delete(connection.id);
    const kept = known?.stamp === stamp ? known : this.#begin(connection, stamp);
    this.#kept.set(connection.id, kept);
    return kept.loading;
  }

  #begin(connection: SearchedConnection, stamp: string): Kept {
    const loading = this.#last.then(() => load(this.#store, connection));
    this.#last = loading.catch(() => undefined);
    const kept: Kept = { stamp, loading, size: 0 };
    loading.then(
      ({ tableIds }) => {
        kept.size = tableIds.length;
        this.#shrink();
      },
      () => {
        if (this.#kept.get(connection.id) === kept) this.#kept.delete(connection.id);
      },
    );
    return kept;
  }

  #shrink(): void {
    let tables = [...this.#kept.values()].reduce((sum, { size }) => sum + size, 0);
    for (const [id, { size }] of this.#kept) {
      if (tables <= this.#mostTables || this.#kept.size === 1) return;
      tables -= size;
      this.#kept.delete(id);
    }
  }
}

async function load(store: Store, connection: SearchedConnection): Promise<LoadedIndex> {
  const indexer = new WordIndexer();
  const breathe = breather();
  const tableIds: string[] = [];
  if (connection.snapshot !== null) {
    for await (const page of passagesOfSnapshot(store.db, connection.id, connection.snapshot)) {
      for (const { id, passage } of page) {
        indexer.add(passage);
        tableIds.push(id);
        await breathe();
      }
    }
  }
  return { index: indexer.finish(connection), tableIds };
}
