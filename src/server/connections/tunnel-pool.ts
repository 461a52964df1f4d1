import type { Dial } from '../platform/outbound.ts';
import type { ConnectionRow } from './connection-store.ts';
import type { Through } from './resolve-tunnel.ts';
import { openWay, type WayOut, type WaysOut } from './way-out.ts';

/** One tunnel a connection, shared among its sessions: opened with the first, closed when idle or when the connection is another one. */
export type TunnelPool = ReturnType<typeof createTunnelPool>;

/** Makes the pool. */
export function createTunnelPool(ways: WaysOut) {
  const held = new Map<string, { readonly version: number; readonly way: WayOut }>();

  function retire(connectionId: string): void {
    const found = held.get(connectionId);
    held.delete(connectionId);
    void found?.way.close();
  }

  return {
    retire,
    /** How many connections have a tunnel at this moment. */
    get size(): number {
      return held.size;
    },
    /** The way to the database of a connection, at this version of it. */
    dialOf({ id, version }: Pick<ConnectionRow, 'id' | 'version'>, through: Through | null): Dial {
      if (through === null) return openWay(ways, null).dial;
      const found = held.get(id);
      if (found?.version === version) return found.way.dial;
      // Another process may have changed it; one that read the row before must not bring back what was.
      if (found && found.version > version) return openWay(ways, through).dial;
      retire(id);
      // With the session its login goes too: a connection that another process deleted leaves none here.
      const onEnd = (): void => {
        if (held.get(id)?.way === way) held.delete(id);
      };
      const way: WayOut = openWay(ways, through, { onEnd });
      held.set(id, { version, way });
      return way.dial;
    },
    /** Ends every tunnel, when the server stops. */
    async close(): Promise<void> {
      const ways = [...held.values()];
      held.clear();
      await Promise.all(ways.map(({ way }) => way.close()));
    },
  };
}
