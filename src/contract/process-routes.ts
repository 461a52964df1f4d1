import { z } from 'zod';
import type { Route } from './route.ts';

/** Routes about the process itself. */
export const processRoutes = {
  getHealth: {
    method: 'GET',
    path: '/healthz',
    permission: 'public',
    tag: 'process',
    summary: 'Whether the process lives',
    output: z.object({ status: z.literal('alive') }),
  },
  getReadiness: {
    method: 'GET',
    path: '/readyz',
    permission: 'public',
    tag: 'process',
    summary: 'Whether store, jobs and vault answer',
    output: z.object({ status: z.literal('ready'), store: z.boolean(), jobs: z.boolean(), vault: z.boolean() }),
  },
  getOpenApi: {
    method: 'GET',
    path: '/api/openapi.json',
    permission: 'public',
    tag: 'process',
    summary: 'This surface as OpenAPI 3.1',
    output: z.record(z.string(), z.json()),
  },
} as const satisfies Record<string, Route>;
