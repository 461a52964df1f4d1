import type { Actor } from '../platform/actor.ts';
import type { Store } from '../platform/database.ts';
import { nameOfSpace } from './embed-tables.ts';
import type { Embedder } from './embedder.ts';
import type { Question } from './find-tables.ts';
import { IndexCache } from './index-cache.ts';
import { LocalEmbedder } from './local-embedder.ts';
import { type Preparation, prepareSearch } from './prepare-search.ts';
import { QuestionVectors } from './question-vectors.ts';
import { type EmbeddingsEndpoint, RemoteEmbedder } from './remote-embedder.ts';
import { searchConnection } from './search-connection.ts';
import { searchEverywhere } from './search-everywhere.ts';

export type { Embedder } from './embedder.ts';

/** Finding the tables that answer a question: the only door of this feature. */
export type Retrieval = ReturnType<typeof createRetrieval>;

/** The embedder of this server: the endpoint the operator named, else the encoder that comes with the package. */
export const createEmbedder = (endpoint: EmbeddingsEndpoint | null): Embedder =>
  endpoint ? new RemoteEmbedder(endpoint) : new LocalEmbedder();

/** Binds the use cases to the store. The indexes they search are kept in memory. Without an embedder words alone answer. */
export function createRetrieval({ store, embedder = null }: { readonly store: Store; readonly embedder?: Embedder | null }) {
  const indexes = new IndexCache(store, embedder && nameOfSpace(embedder));
  const deps = { store, indexes, questions: embedder && new QuestionVectors(embedder) };
  return {
    search: (actor: Actor, input: Question & { readonly id: string }) => searchConnection(deps, actor, input),
    searchEverywhere: (actor: Actor, input: Question) => searchEverywhere(deps, actor, input),
    /** For the ingestion: makes what was published searchable. */
    buildPassages: (connectionId: string, how: Preparation) => prepareSearch({ store, embedder }, connectionId, how),
    close: async () => embedder?.close(),
  };
}
