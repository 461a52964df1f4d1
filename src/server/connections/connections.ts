import type { z } from 'zod';
import type { ConnectionListQuery, CredentialInput, EditInput, RegisterInput, Slot, TestInput } from '../../contract/connections.ts';
import type { EngineId } from '../../contract/engines.ts';
import type { Permission } from '../../contract/permissions.ts';
import { engineOf } from '../engines/registry.ts';
import type { Actor } from '../platform/actor.ts';
import { Fault } from '../platform/fault.ts';
import { addSampleConnection } from './add-sample-connection.ts';
import { testLimits, testsUsed } from './attempts-store.ts';
import type { ConnectionsDeps } from './connections-deps.ts';
import { deleteCredential, replaceCredential } from './credentials.ts';
import { editConnection } from './edit-connection.ts';
import { createHealthWatch } from './health-watch.ts';
import { type HowOpened, openSession } from './open-session.ts';
import { probeConnection } from './probe-connection.ts';
import { getConnection, listConnections } from './read-connections.ts';
import { registerConnection } from './register-connection.ts';
import { requireConnection } from './require-connection.ts';
import { findBinding } from './seal-login.ts';
import { createSessionPool } from './session-pool.ts';
import { createSignIns, requireUsable } from './sign-ins.ts';
import { deleteConnection, disableConnection, enableConnection } from './switch-connection.ts';
import { type Following, personKey, testConnection } from './test-connection.ts';
import { confirmServer, testStored } from './test-stored.ts';
import { createTunnelPool } from './tunnel-pool.ts';

export type { ConnectionRow } from './connection-store.ts';
export type { ConnectionsDeps } from './connections-deps.ts';
export type { OpenedSession } from './open-session.ts';
export { requireOpenToKeys } from './open-to-keys.ts';
export { requireConnection } from './require-connection.ts';
export type { LentSession, Loan } from './session-pool.ts';

/** Registering, testing, editing and opening databases: the only door of this feature. */
export type Connections = ReturnType<typeof createConnections>;

/** Binds the use cases to what they stand on. Each takes the actor first. */
export function createConnections(deps: ConnectionsDeps) {
  const tunnels = createTunnelPool(deps);
  const opening = { ...deps, tunnels, signIns: createSignIns(deps.store) };
  const watch = createHealthWatch({ store: deps.store, log: deps.log, probe: (row, signal) => probeConnection(opening, row, signal) });
  /** Every opening of a session tells the watch that there is a connection: it may have been made by another process. */
  const openOne = (id: string, how: HowOpened) => {
    watch.poke();
    return openSession(opening, id, how);
  };
  const pool = createSessionPool({
    async current(id) {
      const row = await requireUsable(deps.store, id);
      return { version: row.version, engine: engineOf(row.db_type as EngineId) };
    },
    open: openOne,
  });
  /** After a change that ends sessions: what is open belongs to what was. */
  async function retiring<T>(id: string, change: Promise<T>, why?: Fault): Promise<T> {
    const changed = await change;
    watch.retire(id);
    pool.retire(id, why);
    tunnels.retire(id);
    watch.poke();
    return changed;
  }
  /** After what may have set when it is looked at next: with none that is due there is no timer. */
  async function poking<T>(change: Promise<T>): Promise<T> {
    const changed = await change;
    watch.poke();
    return changed;
  }
  return {
    test: (actor: Actor, input: TestInput, following: Following) => testConnection(deps, actor, input, following),
    register: (actor: Actor, input: RegisterInput, signal: AbortSignal) => registerConnection(deps, actor, input, signal),
    addSample: (actor: Actor, signal: AbortSignal) => addSampleConnection(deps, actor, signal),
    list: (actor: Actor, query: z.output<typeof ConnectionListQuery>) => listConnections(deps, actor, query),
    get: (actor: Actor, id: string) => getConnection(deps, actor, id),
    edit: (actor: Actor, id: string, input: EditInput, following: Following) =>
      input.address === undefined
        ? editConnection(deps, actor, id, input, following)
        : retiring(id, editConnection(deps, actor, id, input, following)),
    remove: (actor: Actor, id: string, confirmName: string) => retiring(id, deleteConnection(deps, actor, id, confirmName)),
    testStored: (actor: Actor, id: string, following: Following) => poking(testStored(deps, actor, id, following)),
    confirmServer: (actor: Actor, id: string, reason: string, following: Following) =>
      retiring(id, confirmServer(deps, actor, id, reason, following)),
    replaceCredential: (actor: Actor, id: string, slot: Slot, input: z.output<typeof CredentialInput>, following: Following) =>
      retiring(id, replaceCredential(deps, actor, id, slot, input, following)),
    deleteCredential: (actor: Actor, id: string, slot: Slot) => retiring(id, deleteCredential(deps, actor, id, slot)),
    disable: (actor: Actor, id: string, reason: string) =>
      retiring(id, disableConnection(deps, actor, id, reason), new Fault('connection.disabled', { detail: `It was disabled: ${reason}` })),
    enable: (actor: Actor, id: string) => poking(enableConnection(deps, actor, id)),
    /** For other features: the connection if the actor may do this with it. */
    require: (actor: Actor, id: string, permission: Permission) => requireConnection(deps.store, actor, id, permission),
    /** For other features: a read-only session with what is stored. */
    openSession: openOne,
    /** For other features: a session of the pool, lent for the time that `work` takes. */
    withSession: pool.withSession,
    sessionCounts: pool.counts,
    /** For the vault: what a stored credential is bound to. */
    bindingOf: (id: string, slot: string) => findBinding(deps.store, id, slot),
    /** Begins to look at connections by itself; not where that is switched off. */
    startProbes(): void {
      if (deps.probeMs > 0) watch.start();
    },
    /** Ends every session of the pool and every tunnel, when the server stops. */
    async close(): Promise<void> {
      await watch.stop();
      await pool.close();
      await tunnels.close();
    },
    /** How many tests a person may make in a minute, and has made. */
    async limitsOf(actor: Pick<Actor, 'userId'>) {
      return { testsPerMinute: testLimits.person, testsUsed: await testsUsed(deps.store, personKey(actor)) };
    },
  };
}
