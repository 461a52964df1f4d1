import type { z } from 'zod';
import type { CheckInput, QueryInput } from '../../contract/query.ts';
import type { Actor } from '../platform/actor.ts';
import { AnswerRoom } from './answer-room.ts';
import { checkQuery } from './check-query.ts';
import { PersonSeats } from './person-seats.ts';
import { keepCatalogs } from './published-catalogs.ts';
import type { Caller, QueryContext, QueryDeps } from './query-deps.ts';
import { runQuery } from './run-query.ts';

export { createGuard } from './guard-pool.ts';
export type { QueryDeps } from './query-deps.ts';

/** Asking databases: judged, within limits, on record. The only door of this feature. */
export type Query = ReturnType<typeof createQuery>;

/** Binds the use cases to what they stand on. Each takes the actor first. */
export function createQuery(deps: QueryDeps) {
  const context: QueryContext = {
    ...deps,
    published: keepCatalogs(deps.published),
    room: deps.room ?? new AnswerRoom(),
    seats: new PersonSeats('run'),
    checks: new PersonSeats('are checked'),
  };
  return {
    run: (actor: Actor, input: z.output<typeof QueryInput> & { readonly id: string }, caller: Caller) =>
      runQuery(context, actor, input, caller),
    check: (actor: Actor, input: CheckInput & { readonly id: string }, signal: AbortSignal) => checkQuery(context, actor, input, signal),
    close: () => deps.guard.close(),
  };
}
