import type { OperationId } from '../../src/contract/api.ts';

/** What each operation is asked with, where it takes a body. */
export const bodies: Partial<Record<OperationId, unknown>> = {
  createApiKey: { name: 'k', scopes: ['schema:read'] },
  changeMemberRole: { role: 'manager' },
  inviteMember: { email: 'new@example.com', role: 'user' },
  editOrganization: { name: 'Example' },
  testDbConnection: {
    dbType: 'postgresql',
    address: { host: '127.0.0.1', port: 1, database: 'x', tls: { mode: 'verify-full' }, ssh: null },
    credentials: { readOnly: { username: 'u', password: 'p' } },
  },
  createDbConnection: {
    name: 'x',
    dbType: 'postgresql',
    address: { host: '127.0.0.1', port: 1, database: 'x', tls: { mode: 'verify-full' }, ssh: null },
    credentials: { readOnly: { username: 'u', password: 'p' } },
  },
  searchEverywhere: { question: 'orders' },
  search: { question: 'orders' },
  runQuery: { sql: 'select 1' },
  checkQuery: { sql: 'select 1' },
  editDbConnection: { description: 'd' },
  putCredential: { username: 'u', password: 'p' },
  confirmServer: { reason: 'because' },
  disableDbConnection: { reason: 'because' },
  deleteDbConnection: { confirmName: 'not its name' },
};

/** What a permitted deed finds here: there is no run with the id, nobody listens on the port, the name is another. */
export const found: Partial<Record<OperationId, string>> = {
  addSampleConnection: 'name.taken',
  createDbConnection: 'port.refused',
  runQuery: 'schema.unread',
  checkQuery: 'schema.unread',
  putCredential: 'port.refused',
  testStoredDbConnection: 'credential.required',
  confirmServer: 'credential.required',
  deleteDbConnection: 'name.mismatched',
  getIngestion: 'run.unknown',
  watchIngestion: 'run.unknown',
  cancelIngestion: 'run.unknown',
  acceptIngestion: 'run.unknown',
  getTable: 'table.unknown',
  getAuditEntry: 'entry.unknown',
};
