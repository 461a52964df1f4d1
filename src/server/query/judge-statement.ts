import type { EngineId } from '../../contract/engines.ts';
import { type ConnectionRow, requireOpenToKeys } from '../connections/connections.ts';
import type { GuardResult } from '../engines/guard.ts';
import { isGuarded } from '../engines/guards.ts';
import { engineOf } from '../engines/registry.ts';
import type { Actor } from '../platform/actor.ts';
import { Fault } from '../platform/fault.ts';
import type { QueryContext } from './query-deps.ts';

/** A verdict, and what it is about. */
export interface Judged {
  readonly connection: ConnectionRow;
  readonly result: GuardResult;
}

/** Judges a statement against what is published of a connection that the actor may ask. */
export async function judgeStatement(
  context: QueryContext,
  actor: Actor,
  { id, sql }: { id: string; sql: string },
  signal: AbortSignal,
): Promise<Judged> {
  const connection = await context.requireConnection(actor, id, 'query:read');
  if (connection.is_active === 0)
    throw new Fault('connection.disabled', {
      detail: connection.disabled_reason ? `It was disabled: ${connection.disabled_reason}` : 'Enable it first.',
    });
  requireOpenToKeys(actor, connection);
  const { snapshot } = connection;
  if (snapshot === null)
    throw new Fault('schema.unread', { detail: 'Wait until its schema has been read: only published tables can be asked.', retryAfter: 5 });
  const engine = connection.db_type as EngineId;
  if (!isGuarded(engine)) throw new Fault('slot.unavailable', { detail: 'Statements for this kind of database cannot be judged yet.' });
  const result = await context.guard.classify({
    engine,
    sql,
    connectionId: id,
    snapshot,
    searchPath: engineOf(engine).grammar.searchPath,
    published: () => context.published(id, snapshot),
    by: actor.userId,
    signal,
  });
  return { connection, result };
}
