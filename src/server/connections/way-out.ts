import type { HostKey } from '../../contract/connections.ts';
import type { Dial } from '../platform/outbound.ts';
import type { AdmitTarget } from '../platform/outbound-target.ts';
import { createTunnel, withoutTunnel } from '../platform/ssh-tunnel.ts';
import type { Through } from './resolve-tunnel.ts';

/** The guarded ways out of the process. */
export interface WaysOut {
  readonly dial: Dial;
  /** Judges what an SSH server may be asked to connect to. */
  readonly admitTarget: AdmitTarget;
}

/** The way to one database: engines dial through it and do not know whether it leads through a tunnel. */
export interface WayOut {
  readonly dial: Dial;
  /** Ends what it holds open. */
  close(): Promise<void>;
}

/** Makes the way: straight, or through a tunnel of its own. */
export function openWay(
  ways: WaysOut,
  through: Through | null,
  told: { readonly onHostKey?: (key: HostKey) => void; readonly onEnd?: () => void } = {},
): WayOut {
  if (through === null) return { dial: withoutTunnel(ways.dial), close: async () => undefined };
  const { dial, admitTarget: admit } = ways;
  return createTunnel({ ...through, ...told, dial, admit });
}
