import { z } from 'zod';
import * as catalog from './catalog.ts';
import * as connections from './connections.ts';
import { EngineDescription } from './engines.ts';
import * as identity from './identity.ts';
import { Id, PageQuery, page } from './paging.ts';
import * as retrieval from './retrieval.ts';
import type { Route } from './route.ts';

const byId = z.strictObject({ id: Id });
const byRun = z.strictObject({ id: Id, runId: Id });
const C = '/api/db-connections';

/** The whole surface. The key is the operation id and the verb of the typed client. */
export const api = {
  getHealth: { method: 'GET', path: '/healthz', permission: 'public', tag: 'process', summary: 'Whether the process lives', output: z.object({ status: z.literal('alive') }) },
  getReadiness: { method: 'GET', path: '/readyz', permission: 'public', tag: 'process', summary: 'Whether store, jobs and vault answer', output: z.object({ status: z.literal('ready'), store: z.boolean(), jobs: z.boolean(), vault: z.boolean() }) },
  getOpenApi: { method: 'GET', path: '/api/openapi.json', permission: 'public', tag: 'process', summary: 'This surface as OpenAPI 3.1', output: z.record(z.string(), z.json()) },

  getSetup: { method: 'GET', path: '/api/setup', permission: 'public', tag: 'identity', summary: 'Whether the first Admin exists', output: identity.SetupState },
  setup: { method: 'POST', path: '/api/setup', permission: 'public', tag: 'identity', summary: 'Make the organisation and its first Admin, once', body: identity.SetupInput, output: identity.SetupResult, status: 201 },
  getMe: { method: 'GET', path: '/api/me', permission: 'self:read', tag: 'identity', summary: 'Who I am', output: identity.Me },
  switchOrganization: { method: 'POST', path: '/api/me/organization', permission: 'self:read', tag: 'identity', summary: 'Work in another organisation of mine (browser sign-ins only)', body: z.strictObject({ organizationId: Id }), output: null, status: 204 },
  listApiKeys: { method: 'GET', path: '/api/api-keys', permission: 'key:manage', tag: 'identity', summary: 'My API keys; an Admin sees everyone’s', query: PageQuery, output: page(identity.ApiKey) },
  createApiKey: { method: 'POST', path: '/api/api-keys', permission: 'key:manage', tag: 'identity', summary: 'Make an API key of mine', body: identity.ApiKeyInput, output: identity.CreatedApiKey, status: 201 },
  revokeApiKey: { method: 'DELETE', path: '/api/api-keys/:id', permission: 'key:manage', tag: 'identity', summary: 'Revoke an API key', params: byId, output: null, status: 204 },
  listMembers: { method: 'GET', path: '/api/members', permission: 'member:read', tag: 'identity', summary: 'The members of the organisation', query: PageQuery, output: page(identity.Member) },
  changeMemberRole: { method: 'PATCH', path: '/api/members/:id', permission: 'member:manage', tag: 'identity', summary: 'Change a member’s role', params: byId, body: identity.RoleInput, output: identity.Member },
  removeMember: { method: 'DELETE', path: '/api/members/:id', permission: 'member:manage', tag: 'identity', summary: 'Remove a member; their keys and sign-ins end', params: byId, output: null, status: 204 },
  inviteMember: { method: 'POST', path: '/api/members/invitations', permission: 'member:manage', tag: 'identity', summary: 'Make a one-time invitation link', body: identity.InvitationInput, output: identity.OneTimeLink, status: 201 },
  acceptInvitation: { method: 'POST', path: '/api/invitations/accept', permission: 'public', tag: 'identity', summary: 'Join with an invitation link', body: identity.AcceptInvitationInput, output: z.object({ email: z.string() }), status: 201 },
  createPasswordLink: { method: 'POST', path: '/api/members/:id/password-link', permission: 'member:manage', tag: 'identity', summary: 'Make a one-time link for a lost password', params: byId, output: identity.OneTimeLink, status: 201 },
  acceptPasswordLink: { method: 'POST', path: '/api/password-links/accept', permission: 'public', tag: 'identity', summary: 'Set a new password with a link', body: identity.AcceptPasswordInput, output: z.object({ email: z.string() }) },
  getOrganization: { method: 'GET', path: '/api/organization', permission: 'organization:read', tag: 'identity', summary: 'The organisation', output: identity.Organization },
  editOrganization: { method: 'PATCH', path: '/api/organization', permission: 'organization:manage', tag: 'identity', summary: 'Rename the organisation', body: identity.OrganizationInput, output: identity.Organization },
  getVault: { method: 'GET', path: '/api/vault', permission: 'vault:read', tag: 'vault', summary: 'Which key seals the secrets, and how many there are', output: identity.VaultStatus },

  listEngines: { method: 'GET', path: '/api/engines', permission: 'engine:read', tag: 'connections', summary: 'The kinds of database and the fields each asks for', output: z.object({ items: z.array(EngineDescription) }) },
  testDbConnection: { method: 'POST', path: `${C}/test`, permission: 'connection:create', tag: 'connections', summary: 'Test a database stage by stage, without keeping anything', body: connections.TestInput, output: connections.TestResult, events: connections.StageResult },
  createDbConnection: { method: 'POST', path: C, permission: 'connection:create', tag: 'connections', summary: 'Register a database', body: connections.RegisterInput, output: connections.Connection, status: 201 },
  listDbConnections: { method: 'GET', path: C, permission: 'connection:read', tag: 'connections', summary: 'The connections I may see', query: connections.ConnectionListQuery, output: page(connections.Connection) },
  getDbConnection: { method: 'GET', path: `${C}/:id`, permission: 'connection:read', tag: 'connections', summary: 'One connection', params: byId, output: connections.Connection },
  editDbConnection: { method: 'PATCH', path: `${C}/:id`, permission: 'connection:manage', tag: 'connections', summary: 'Edit a connection; a new address comes with its credential and is tested', params: byId, body: connections.EditInput, output: connections.Connection },
  deleteDbConnection: { method: 'DELETE', path: `${C}/:id`, permission: 'connection:manage', tag: 'connections', summary: 'Delete a connection; its secrets are destroyed at once', params: byId, body: connections.DeleteInput, output: null, status: 204 },
  testStoredDbConnection: { method: 'POST', path: `${C}/:id/test`, permission: 'connection:manage', tag: 'connections', summary: 'Test what is stored', params: byId, output: connections.TestResult, events: connections.StageResult },
  putCredential: { method: 'PUT', path: `${C}/:id/credentials/:slot`, permission: 'connection:manage', tag: 'connections', summary: 'Replace a credential; tested before it replaces the old one', params: z.strictObject({ id: Id, slot: connections.Slot }), body: connections.CredentialInput, output: connections.Connection },
  deleteCredential: { method: 'DELETE', path: `${C}/:id/credentials/:slot`, permission: 'connection:manage', tag: 'connections', summary: 'Destroy a credential', params: z.strictObject({ id: Id, slot: connections.Slot }), output: connections.Connection },
  disableDbConnection: { method: 'POST', path: `${C}/:id/disable`, permission: 'connection:manage', tag: 'connections', summary: 'Stop all use of a connection, with a reason', params: byId, body: connections.DisableInput, output: connections.Connection },
  enableDbConnection: { method: 'POST', path: `${C}/:id/enable`, permission: 'connection:manage', tag: 'connections', summary: 'Allow its use again', params: byId, output: connections.Connection },

  startIngestion: { method: 'POST', path: `${C}/:id/ingestions`, permission: 'connection:manage', tag: 'catalog', summary: 'Read the schema again', params: byId, output: connections.IngestionRun, status: 202 },
  listIngestions: { method: 'GET', path: `${C}/:id/ingestions`, permission: 'catalog:read', tag: 'catalog', summary: 'The runs, newest first', params: byId, query: PageQuery, output: page(connections.IngestionRun) },
  getIngestion: { method: 'GET', path: `${C}/:id/ingestions/:runId`, permission: 'catalog:read', tag: 'catalog', summary: 'One run with its log', params: byRun, output: connections.IngestionRun },
  watchIngestion: { method: 'GET', path: `${C}/:id/ingestions/:runId/events`, permission: 'catalog:read', tag: 'catalog', summary: 'The run as it goes on, until it ends', params: byRun, output: connections.IngestionRun, events: connections.IngestionRun },
  cancelIngestion: { method: 'POST', path: `${C}/:id/ingestions/:runId/cancel`, permission: 'connection:manage', tag: 'catalog', summary: 'Cancel a run', params: byRun, output: connections.IngestionRun },
  acceptIngestion: { method: 'POST', path: `${C}/:id/ingestions/:runId/accept`, permission: 'connection:manage', tag: 'catalog', summary: 'Accept the loss that a held run found', params: byRun, output: connections.IngestionRun },

  listTables: { method: 'GET', path: `${C}/:id/catalog/tables`, permission: 'catalog:read', tag: 'catalog', summary: 'The tables of the published snapshot', params: byId, query: PageQuery.extend({ schema: z.string().max(200).optional(), q: z.string().max(200).optional() }), output: page(catalog.TableSummary) },
  getTable: { method: 'GET', path: `${C}/:id/catalog/tables/:schema/:table`, permission: 'catalog:read', tag: 'catalog', summary: 'One table with columns and keys', params: z.strictObject({ id: Id, schema: z.string(), table: z.string() }), output: catalog.TableDetail },
  listChanges: { method: 'GET', path: `${C}/:id/catalog/changes`, permission: 'catalog:read', tag: 'catalog', summary: 'What the readings found different, newest first', params: byId, query: PageQuery, output: page(catalog.SnapshotChanges) },
  search: { method: 'POST', path: `${C}/:id/search`, permission: 'catalog:search', tag: 'retrieval', summary: 'Find the tables that answer a question', params: byId, body: retrieval.SearchInput, output: retrieval.SearchResult },
  searchEverywhere: { method: 'POST', path: '/api/search', permission: 'catalog:search', tag: 'retrieval', summary: 'The same over every connection I may ask', body: retrieval.SearchInput, output: retrieval.SearchEverywhereResult },
} as const satisfies Record<string, Route>;

export type Api = typeof api;
export type OperationId = keyof Api;
