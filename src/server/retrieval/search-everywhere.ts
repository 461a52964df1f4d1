import { may, maySee } from '../../contract/permissions.ts';
import type { SearchEverywhereResult } from '../../contract/retrieval.ts';
import type { Actor } from '../platform/actor.ts';
import { findTables, type Question, type RetrievalDeps } from './find-tables.ts';
import { listSearchable } from './passage-store.ts';
import { subjectOf } from './search-connection.ts';

/** Finds the tables that answer a question, in every connection the actor may ask. */
export async function searchEverywhere(deps: RetrievalDeps, actor: Actor, question: Question): Promise<SearchEverywhereResult> {
  const all = await listSearchable(deps.store.db, actor.organizationId);
  const visible = all.filter((connection) => maySee(actor, subjectOf(connection)) && may(actor, 'catalog:search', subjectOf(connection)));
  return findTables(deps, visible, question);
}
