import type { z } from 'zod';
import type { ConnectionListQuery, CredentialInput, EditInput, RegisterInput, Slot, TestInput } from '../../contract/connections.ts';
import type { Permission } from '../../contract/permissions.ts';
import type { Actor } from '../platform/actor.ts';
import { testLimits, testsUsed } from './attempts-store.ts';
import type { ConnectionsDeps } from './connections-deps.ts';
import { deleteCredential, replaceCredential } from './credentials.ts';
import { editConnection } from './edit-connection.ts';
import { openSession } from './open-session.ts';
import { getConnection, listConnections } from './read-connections.ts';
import { registerConnection } from './register-connection.ts';
import { requireConnection } from './require-connection.ts';
import { deleteConnection, disableConnection, enableConnection } from './switch-connection.ts';
import { type Following, personKey, testConnection } from './test-connection.ts';
import { testStored } from './test-stored.ts';

export type { ConnectionRow } from './connection-store.ts';
export type { ConnectionsDeps } from './connections-deps.ts';
export type { OpenedSession } from './open-session.ts';
export { requireConnection } from './require-connection.ts';

/** Registering, testing, editing and opening databases: the only door of this feature. */
export type Connections = ReturnType<typeof createConnections>;

/** Binds the use cases to what they stand on. Each takes the actor first. */
export function createConnections(deps: ConnectionsDeps) {
  return {
    test: (actor: Actor, input: TestInput, following: Following) => testConnection(deps, actor, input, following),
    register: (actor: Actor, input: RegisterInput, signal: AbortSignal) => registerConnection(deps, actor, input, signal),
    list: (actor: Actor, query: z.output<typeof ConnectionListQuery>) => listConnections(deps, actor, query),
    get: (actor: Actor, id: string) => getConnection(deps, actor, id),
    edit: (actor: Actor, id: string, input: EditInput, signal: AbortSignal) => editConnection(deps, actor, id, input, signal),
    remove: (actor: Actor, id: string, confirmName: string) => deleteConnection(deps, actor, id, confirmName),
    testStored: (actor: Actor, id: string, following: Following) => testStored(deps, actor, id, following),
    replaceCredential: (actor: Actor, id: string, slot: Slot, input: z.output<typeof CredentialInput>, signal: AbortSignal) =>
      replaceCredential(deps, actor, id, slot, input, signal),
    deleteCredential: (actor: Actor, id: string, slot: Slot) => deleteCredential(deps, actor, id, slot),
    disable: (actor: Actor, id: string, reason: string) => disableConnection(deps, actor, id, reason),
    enable: (actor: Actor, id: string) => enableConnection(deps, actor, id),
    /** For other features: the connection if the actor may do this with it. */
    require: (actor: Actor, id: string, permission: Permission) => requireConnection(deps.store, actor, id, permission),
    /** For other features: a read-only session with what is stored. */
    openSession: (id: string, how: { readonly signal: AbortSignal; readonly statementTimeoutMs: number }) => openSession(deps, id, how),
    /** How many tests a person may make in a minute, and has made. */
    async limitsOf(actor: Pick<Actor, 'userId'>) {
      return { testsPerMinute: testLimits.person, testsUsed: await testsUsed(deps.store, personKey(actor)) };
    },
  };
}
