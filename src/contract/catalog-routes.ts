import { z } from 'zod';
import * as catalog from './catalog.ts';
import * as connections from './connections.ts';
import { Id, PageQuery, page } from './paging.ts';
import * as retrieval from './retrieval.ts';
import type { Route } from './route.ts';

const byId = z.strictObject({ id: Id });
const byRun = z.strictObject({ id: Id, runId: Id });
const C = '/api/db-connections';

/** Routes about reading schemas, and finding tables in them. */
export const catalogRoutes = {
  startIngestion: {
    method: 'POST',
    path: `${C}/:id/ingestions`,
    permission: 'connection:manage',
    tag: 'catalog',
    summary: 'Read the schema again',
    params: byId,
    output: connections.IngestionRun,
    status: 202,
  },
  listIngestions: {
    method: 'GET',
    path: `${C}/:id/ingestions`,
    permission: 'catalog:read',
    tag: 'catalog',
    summary: 'The runs, newest first',
    params: byId,
    query: PageQuery,
    output: page(connections.IngestionRun),
  },
  getIngestion: {
    method: 'GET',
    path: `${C}/:id/ingestions/:runId`,
    permission: 'catalog:read',
    tag: 'catalog',
    summary: 'One run with its log',
    params: byRun,
    output: connections.IngestionRun,
  },
  watchIngestion: {
    method: 'GET',
    path: `${C}/:id/ingestions/:runId/events`,
    permission: 'catalog:read',
    tag: 'catalog',
    summary: 'The run as it goes on, until it ends',
    params: byRun,
    output: connections.IngestionRun,
    events: connections.IngestionRun,
  },
  cancelIngestion: {
    method: 'POST',
    path: `${C}/:id/ingestions/:runId/cancel`,
    permission: 'connection:manage',
    tag: 'catalog',
    summary: 'Cancel a run',
    params: byRun,
    output: connections.IngestionRun,
  },
  acceptIngestion: {
    method: 'POST',
    path: `${C}/:id/ingestions/:runId/accept`,
    permission: 'connection:manage',
    tag: 'catalog',
    summary: 'Accept the loss that a held run found',
    params: byRun,
    output: connections.IngestionRun,
  },
  listTables: {
    method: 'GET',
    path: `${C}/:id/catalog/tables`,
    permission: 'catalog:read',
    tag: 'catalog',
    summary: 'The tables of the published snapshot',
    params: byId,
    query: PageQuery.extend({ schema: z.string().max(200).optional(), q: z.string().max(200).optional() }),
    output: page(catalog.TableSummary),
  },
  getTable: {
    method: 'GET',
    path: `${C}/:id/catalog/tables/:schema/:table`,
    permission: 'catalog:read',
    tag: 'catalog',
    summary: 'One table with columns and keys',
    params: z.strictObject({ id: Id, schema: z.string(), table: z.string() }),
    output: catalog.TableDetail,
  },
  listChanges: {
    method: 'GET',
    path: `${C}/:id/catalog/changes`,
    permission: 'catalog:read',
    tag: 'catalog',
    summary: 'What the readings found different, newest first',
    params: byId,
    query: PageQuery,
    output: page(catalog.SnapshotChanges),
  },
  search: {
    method: 'POST',
    path: `${C}/:id/search`,
    permission: 'catalog:search',
    tag: 'retrieval',
    summary: 'Find the tables that answer a question',
    params: byId,
    body: retrieval.SearchInput,
    output: retrieval.SearchResult,
  },
  searchEverywhere: {
    method: 'POST',
    path: '/api/search',
    permission: 'catalog:search',
    tag: 'retrieval',
    summary: 'The same over every connection I may ask',
    body: retrieval.SearchInput,
    output: retrieval.SearchEverywhereResult,
  },
} as const satisfies Record<string, Route>;
