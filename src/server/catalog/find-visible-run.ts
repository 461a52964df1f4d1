import type { Permission } from '../../contract/permissions.ts';
import type { ConnectionRow } from '../connections/connections.ts';
import type { Actor } from '../platform/actor.ts';
import { Fault } from '../platform/fault.ts';
import type { CatalogDeps } from './catalog-deps.ts';
import { findRun, type RunRow } from './run-store.ts';

/** A run of a connection, by both their ids. */
export interface RunInput {
  readonly id: string;
  readonly runId: string;
}

/** A run with its connection, if the actor may do this with it. */
export async function findVisibleRun(
  deps: CatalogDeps,
  actor: Actor,
  { id, runId }: RunInput,
  permission: Permission,
): Promise<{ readonly run: RunRow; readonly connection: ConnectionRow }> {
  const connection = await deps.requireConnection(deps.store, actor, id, permission);
  const run = await findRun(deps.store.db, runId);
  if (run?.connection_id !== id) throw new Fault('run.unknown', { detail: 'The connection has no run with this id.' });
  return { run, connection };
}
