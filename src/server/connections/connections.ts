/** Registering, testing, editing and opening databases: the only door of this feature. */
export { testLimits, testsUsed } from './attempts-store.ts';
export type { ConnectionRow } from './connection-store.ts';
export type { ConnectionsDeps, RunRequest } from './connections-deps.ts';
export { deleteCredential, replaceCredential } from './credentials.ts';
export { editConnection } from './edit-connection.ts';
export { type OpenedSession, openSession } from './open-session.ts';
export { getConnection, listConnections } from './read-connections.ts';
export { registerConnection } from './register-connection.ts';
export { requireConnection } from './require-connection.ts';
export { deleteConnection, disableConnection, enableConnection } from './switch-connection.ts';
export { personKey, testConnection } from './test-connection.ts';
export { testStored } from './test-stored.ts';
