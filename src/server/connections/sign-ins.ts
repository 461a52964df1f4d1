import type { Store } from '../platform/database.ts';
import { Fault } from '../platform/fault.ts';
import { type ConnectionRow, findConnectionById } from './connection-store.ts';
import { keepRejection, rejectedSlot, requireUnrejected } from './rejection.ts';
import { otherServer, type ServerFound } from './same-server.ts';
import { settledBefore } from './settled-before.ts';
import { disabled } from './test-stored.ts';

/** The connection as it is now, if it may be used. */
export async function requireUsable(store: Store, connectionId: string): Promise<ConnectionRow> {
  const row = await findConnectionById(store.db, connectionId);
  if (!row) throw new Fault('connection.unknown');
  if (row.is_active === 0) throw disabled(row);
  if (row.server_found !== null) throw otherServer(row, (JSON.parse(row.server_found) as ServerFound).server);
  requireUnrejected(row);
  return row;
}

/** Turns at signing in with what is stored. */
export type SignIns = ReturnType<typeof createSignIns>;

/**
 * Makes them. Statements, readings and looks sign in to a connection one after another, each with the connection as it is by then: of a credential that
 * is not taken any more the server sees one attempt, whoever else is waiting.
 */
export function createSignIns(store: Store) {
  const last = new Map<string, Promise<void>>();
  /** Rejections that the store did not take: nobody signs in before it has. */
  const unkept = new Map<string, () => Promise<void>>();
  /** The version of each connection whose credential was rejected last: the store knows only of the one that is current. */
  const rejectedVersions = new Map<string, number>();

  async function noteRejection(row: ConnectionRow, fault: Fault): Promise<void> {
    if (rejectedSlot(fault) === null) return;
    rejectedVersions.set(row.id, row.version);
    const keep = async (): Promise<void> => {
      await keepRejection(store, row, fault);
      if (unkept.get(row.id) === keep) unkept.delete(row.id);
    };
    unkept.set(row.id, keep);
    await keep();
  }

  return {
    /** Remembers it where a fault says that the stored credential was rejected. */
    noteRejection,
    /**
     * Refuses a further sign-in with what a session was opened with, if that was rejected since. Otherwise a statement is ended in the database, whatever
     * became of the connection.
     */
    async requireStanding(opened: ConnectionRow): Promise<void> {
      const row = await findConnectionById(store.db, opened.id).catch(() => undefined);
      if (row?.version === opened.version) requireUnrejected(row);
      else if (rejectedVersions.get(opened.id) === opened.version) throw new Fault('credential.rejected');
    },
    /** Does `work` when those before have signed in, if the connection may be used then. */
    async inTurn<T>(connectionId: string, signal: AbortSignal, work: (row: ConnectionRow) => Promise<T>): Promise<T> {
      const before = last.get(connectionId) ?? Promise.resolve();
      const { promise: done, resolve: leave } = Promise.withResolvers<void>();
      const turn = before.then(() => done);
      last.set(connectionId, turn);
      void turn.then(() => {
        if (last.get(connectionId) === turn) last.delete(connectionId);
      });
      try {
        await settledBefore(before, signal);
        await unkept.get(connectionId)?.();
        return await work(await requireUsable(store, connectionId));
      } finally {
        leave();
      }
    },
  };
}
