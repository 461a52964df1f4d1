import { may, maySee } from '../../contract/permissions.ts';
import type { SearchResult } from '../../contract/retrieval.ts';
import type { Actor } from '../platform/actor.ts';
import { Fault } from '../platform/fault.ts';
import { findTables, type Question, type RetrievalDeps } from './find-tables.ts';
import { findConnection, type SearchedConnection } from './passage-store.ts';

/** Finds the tables of one connection that answer a question. Before its schema was read, there are none. */
export async function searchConnection(
  deps: RetrievalDeps,
  actor: Actor,
  { id, ...question }: Question & { readonly id: string },
): Promise<SearchResult> {
  const connection = await findConnection(deps.store.db, actor.organizationId, id);
  if (!connection || !maySee(actor, subjectOf(connection)))
    throw new Fault('connection.unknown', { detail: 'There is none with this id that you may see.' });
  if (!may(actor, 'catalog:search', subjectOf(connection)))
    throw new Fault('caller.forbidden', { detail: 'This key may not search: it needs the scope schema:read.' });
  if (connection.is_active === 0) throw new Fault('connection.disabled', { detail: 'It is searched again once it is enabled.' });
  const { tables, joins } = await findTables(deps, connection.snapshot === null ? [] : [connection], question);
  return {
    tables: tables.map(({ connectionId: _, connectionName: __, ...table }) => table),
    joins: joins.map(({ connectionId: _, ...join }) => join),
  };
}

/** What decides who may see a connection. */
export function subjectOf({ created_by_user_id, visibility }: SearchedConnection) {
  return { createdBy: created_by_user_id, visibility: visibility === 'organization' ? 'organization' : 'private' } as const;
}
