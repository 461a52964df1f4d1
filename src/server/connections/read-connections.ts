import type { z } from 'zod';
import type { Connection, ConnectionListQuery } from '../../contract/connections.ts';
import type { Actor } from '../platform/actor.ts';
import { listRows } from './connection-store.ts';
import type { ConnectionsDeps } from './connections-deps.ts';
import { presentConnection, presentConnections } from './present-connection.ts';
import { requireConnection } from './require-connection.ts';

/** The connections the actor may see, by alias. */
export async function listConnections(
  deps: ConnectionsDeps,
  actor: Actor,
  query: z.output<typeof ConnectionListQuery>,
): Promise<{ items: Connection[]; nextCursor: string | null }> {
  const rows = await listRows(deps.store.db, {
    organizationId: actor.organizationId,
    visibleTo: actor.role === 'admin' ? null : actor.userId,
    q: query.q,
    cursor: query.cursor,
    limit: query.limit,
  });
  const shown = rows.slice(0, query.limit);
  return {
    items: await presentConnections(deps, actor, shown),
    nextCursor: rows.length > query.limit ? (shown.at(-1)?.name_key ?? null) : null,
  };
}

export async function getConnection(deps: ConnectionsDeps, actor: Actor, id: string): Promise<Connection> {
  return presentConnection(deps, actor, await requireConnection(deps.store, actor, id, 'connection:read'));
}
