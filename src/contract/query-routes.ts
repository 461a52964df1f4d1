import { z } from 'zod';
import { Id } from './paging.ts';
import { CheckInput, QueryInput, QueryResult, Verdict } from './query.ts';
import type { Route } from './route.ts';

const byId = z.strictObject({ id: Id });
const C = '/api/db-connections';

/** Routes about asking a database. */
export const queryRoutes = {
  runQuery: {
    method: 'POST',
    path: `${C}/:id/query`,
    permission: 'query:read',
    tag: 'query',
    summary: 'Run a statement that reads published tables, within limits and on record',
    params: byId,
    body: QueryInput,
    output: QueryResult,
    sliced: 'rows',
  },
  checkQuery: {
    method: 'POST',
    path: `${C}/:id/check`,
    permission: 'query:read',
    tag: 'query',
    summary: 'The verdict on a statement, without running it',
    params: byId,
    body: CheckInput,
    output: Verdict,
  },
} as const satisfies Record<string, Route>;
