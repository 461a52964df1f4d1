import type { SearchEverywhereResult } from '../../contract/retrieval.ts';
import { documentsOf } from '../catalog/catalog.ts';
import type { Store } from '../platform/database.ts';
import type { IndexCache } from './index-cache.ts';
import type { SearchedConnection } from './passage-store.ts';
import { type Found, presentTables } from './present-tables.ts';
import type { QuestionVectors } from './question-vectors.ts';
import { rankConnections } from './rank-connections.ts';

/** What the searches of this feature stand on. */
export interface RetrievalDeps {
  readonly store: Store;
  readonly indexes: IndexCache;
  /** Null where there is no embedder: words alone answer. */
  readonly questions: QuestionVectors | null;
}

/** A question in words, and how many tables are wanted. */
export interface Question {
  readonly question: string;
  readonly limit: number;
}

/** Finds the tables of these connections that answer the question. Whether they may be asked is decided before. */
export async function findTables(
  deps: RetrievalDeps,
  connections: readonly SearchedConnection[],
  question: Question,
): Promise<SearchEverywhereResult> {
  const { ranked, heard } = await rankConnections(deps, connections, question);
  const documents =
    ranked.length === 0
      ? new Map()
      : await documentsOf(
          deps.store.db,
          ranked.map(({ id }) => id),
        );
  const shown = connections.map((connection, source) => {
    const found = ranked.flatMap((table): Found[] => {
      const document = documents.get(table.id);
      return table.source === source && document ? [{ document, score: table.score, meant: table.meant }] : [];
    });
    const { tables, joins } = presentTables(found, heard.get(source) ?? [], connection);
    const of = { connectionId: connection.id, connectionName: connection.name };
    return {
      tables: tables.map((table, i) => ({ table: { ...table, ...of }, readable: found[i]?.document.readable === true })),
      joins: joins.map((join) => ({ ...join, connectionId: connection.id })),
    };
  });
  // Best first; those that the credential may not read stand at the end, but are never hidden.
  const tables = shown
    .flatMap((one) => one.tables)
    .sort((a, b) => Number(b.readable) - Number(a.readable) || b.table.score - a.table.score);
  return { tables: tables.map(({ table }) => table), joins: shown.flatMap(({ joins }) => joins) };
}
