import { auditRoutes } from './audit-routes.ts';
import { catalogRoutes } from './catalog-routes.ts';
import { connectionsRoutes } from './connections-routes.ts';
import { identityRoutes } from './identity-routes.ts';
import { processRoutes } from './process-routes.ts';
import { queryRoutes } from './query-routes.ts';
import type { Route } from './route.ts';

/** The whole surface. The key is the operation id and the verb of the typed client. */
export const api = {
  ...processRoutes,
  ...identityRoutes,
  ...connectionsRoutes,
  ...catalogRoutes,
  ...queryRoutes,
  ...auditRoutes,
} as const satisfies Record<string, Route>;

export type Api = typeof api;
export type OperationId = keyof Api;
