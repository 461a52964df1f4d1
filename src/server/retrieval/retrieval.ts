import type { Actor } from '../platform/actor.ts';
import type { Store } from '../platform/database.ts';
import { type Building, buildPassages } from './build-passages.ts';
import type { Question } from './find-tables.ts';
import { IndexCache } from './index-cache.ts';
import { searchConnection } from './search-connection.ts';
import { searchEverywhere } from './search-everywhere.ts';

/** Finding the tables that answer a question: the only door of this feature. */
export type Retrieval = ReturnType<typeof createRetrieval>;

/** Binds the use cases to the store. The indexes they search are kept in memory. */
export function createRetrieval({ store }: { readonly store: Store }) {
  const deps = { store, indexes: new IndexCache(store) };
  return {
    search: (actor: Actor, input: Question & { readonly id: string }) => searchConnection(deps, actor, input),
    searchEverywhere: (actor: Actor, input: Question) => searchEverywhere(deps, actor, input),
    /** For the ingestion: makes what was published searchable. */
    buildPassages: (connectionId: string, how: Building) => buildPassages(store, connectionId, how),
  };
}
