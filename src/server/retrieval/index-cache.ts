import { breather } from '../catalog/catalog.ts';
import type { Store } from '../platform/database.ts';
import { passagesOfSnapshot, type SearchedConnection } from './passage-store.ts';
import { VectorBlock } from './vector-codes.ts';
import { readVectors } from './vector-store.ts';
import { type WordIndex, WordIndexer } from './word-index.ts';

/** The index of a connection's published snapshot, and which table each place in it is. */
export interface LoadedIndex {
  readonly index: WordIndex;
  readonly tableIds: readonly string[];
  /** The vectors of its tables; null while too few have any, or none that the embedder of today can be compared with. */
  readonly vectors: VectorBlock | null;
}

/** An index being loaded or loaded, and what it was made of. */
interface Kept {
  readonly stamp: string;
  readonly loading: Promise<LoadedIndex>;
  size: number;
}

/**
 * The indexes of the connections asked last, in memory: at most so many tables together, besides those of the newest one. They are loaded one
 * after another, so that many questions at once do not fill the memory with what is not counted yet.
 */
export class IndexCache {
  readonly #store: Store;
  readonly #mostTables: number;
  readonly #embedder: string | null;
  /** In the order of their use. */
  readonly #kept = new Map<string, Kept>();
  #lastLoading: Promise<unknown> = Promise.resolve();

  /** Vectors are loaded if they are of this embedder. */
  constructor(store: Store, embedder: string | null = null, mostTables = 50_000) {
    this.#store = store;
    this.#embedder = embedder;
    this.#mostTables = mostTables;
  }

  /** The index of a connection as it is now: made at its first use, and again once snapshot, name, description or vectors changed. */
  get(connection: SearchedConnection): Promise<LoadedIndex> {
    const stamp = JSON.stringify([connection.snapshot, connection.name, connection.description, connection.embedded_at]);
    const known = this.#kept.get(connection.id);
    this.#kept.delete(connection.id);
    const kept = known?.stamp === stamp ? known : this.#begin(connection, stamp);
    this.#kept.set(connection.id, kept);
    return kept.loading;
  }

  #begin(connection: SearchedConnection, stamp: string): Kept {
    const loading = this.#lastLoading.then(() => load(this.#store, connection, this.#embedder));
    // Not the index itself: it may be let go before the next one is asked for.
    const ended = (): void => {};
    this.#lastLoading = loading.then(ended, ended);
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

async function load(store: Store, connection: SearchedConnection, embedder: string | null): Promise<LoadedIndex> {
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
  return { index: indexer.finish(connection), tableIds, vectors: await loadVectors(store, connection, embedder, tableIds) };
}

/** A few tables may lack vectors, such as those of a snapshot published just now; of more, words alone are fairer. */
const mostLacking = 0.1;

async function loadVectors(
  store: Store,
  { id, embedder, dimensions }: SearchedConnection,
  current: string | null,
  tableIds: readonly string[],
): Promise<VectorBlock | null> {
  if (embedder === null || embedder !== current || dimensions === null) return null;
  const vectors = await readVectors(store.db, id, { embedder, dimensions });
  const block = new VectorBlock(
    dimensions,
    tableIds.map((table) => vectors.get(table)),
  );
  return block.filled >= tableIds.length * (1 - mostLacking) ? block : null;
}
