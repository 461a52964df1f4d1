import type { Store } from '../platform/database.ts';
import { type Building, buildPassages } from './build-passages.ts';
import { embedTables } from './embed-tables.ts';
import { type Embedder, EmbedderError } from './embedder.ts';
import { removeStalePassages } from './passage-store.ts';

/** How the ingestion follows it: `note` writes a line into the log of the run. */
export interface Preparation extends Building {
  readonly note?: (message: string) => Promise<void>;
}

/**
 * Makes what was published searchable: first by words, which suffices to search, then by vectors. An embedder that fails costs the
 * vectors alone: words answer, and the next reading tries again.
 */
export async function prepareSearch(
  { store, embedder }: { readonly store: Store; readonly embedder: Embedder | null },
  connectionId: string,
  { signal, progress, note = async () => {} }: Preparation,
): Promise<void> {
  if (!embedder) {
    await buildPassages(store, connectionId, { signal, progress });
    return removeStalePassages(store.db, connectionId);
  }
  // The bar is for the vectors, which take nearly all of the time.
  await buildPassages(store, connectionId, { signal, progress: (_, total) => progress(0, total) });
  await note('Can be searched by words');
  try {
    const texts = await embedTables(store, embedder, connectionId, { signal, progress });
    await note(`Embedded ${texts} texts of new or changed tables`);
  } catch (error) {
    if (!(error instanceof EmbedderError)) throw error;
    signal.throwIfAborted();
    await note(`No vectors: ${error.message}. Search goes by words, and the next reading tries again. Given up`);
    return;
  }
  // The vectors of texts that stayed have been taken over.
  await removeStalePassages(store.db, connectionId);
}
