import type { Socket } from 'node:net';
import type { Fault } from './fault.ts';
import type { Destination, Dial, Dialling } from './outbound.ts';
import type { AdmitTarget } from './outbound-target.ts';
import type { Secret } from './secret.ts';
import { type Proof, signInOver } from './ssh-client.ts';
import { lost, type SshPlace } from './ssh-faults.ts';
import { type HostKey, openKey, type TunnelLogin } from './ssh-key.ts';
import { SshLink } from './ssh-link.ts';

/** Where a tunnel leads over, and what it stands on. */
export interface TunnelMade {
  readonly place: SshPlace;
  readonly login: TunnelLogin;
  /** The guarded way out: the SSH host is dialled through it. */
  readonly dial: Dial;
  /** Judges where the SSH server is asked to connect to. */
  readonly admit: AdmitTarget;
  /** Told of the key that the server shows, before it is judged. */
  readonly onHostKey?: (key: HostKey) => void;
  /** Told when there is no session with the SSH server any more: it ended, or could not be opened. The next dial opens another. */
  readonly onEnd?: () => void;
  /** Milliseconds after which a tunnel that nobody uses is closed. */
  readonly idleMs?: number;
}

/** A way out that leads through an SSH server. One session with it is shared by all that is dialled, and opened anew once it is lost. */
export interface Tunnel {
  readonly dial: Dial;
  /** Ends it and everything that goes through it; nothing is dialled any more. Resolves when its socket is closed. */
  close(reason?: Fault): Promise<void>;
}

const IDLE_MS = 60_000;

/** Makes a tunnel; it is opened with the first dial. */
export function createTunnel({ place, login, dial, admit, onHostKey, onEnd, idleMs = IDLE_MS }: TunnelMade): Tunnel {
  let current: Promise<SshLink> | null = null;
  let opening: { readonly ending: AbortController; waiting: number } | null = null;
  let closed: Fault | null = null;
  let key: Promise<Secret> | null = null;

  const proofOf = async (signal: AbortSignal): Promise<Proof> => {
    if ('password' in login) return login;
    const opened = key ?? openKey(login.privateKey, login.passphrase, signal);
    key = opened;
    // Nobody waits any longer: whoever comes next has it opened anew.
    const forget = (): void => {
      if (key === opened) key = null;
    };
    signal.addEventListener('abort', forget, { once: true });
    return { key: await opened };
  };

  async function open(signal: AbortSignal, passed: Dialling['passed']): Promise<SshLink> {
    const socket = await dial({ host: place.host, port: place.port, field: 'address.ssh.host' }, { signal, ...(passed ? { passed } : {}) });
    // Statements are small: none waits for the next one to fill a packet.
    socket.setNoDelay(true).setKeepAlive(true, 30_000);
    try {
      const session = await signInOver(socket, place, await unlessAborted(proofOf(signal), signal), { signal, onHostKey });
      if (onEnd) socket.once('close', onEnd);
      return new SshLink(socket, session, place, idleMs);
    } catch (error) {
      socket.destroy();
      throw signal.aborted ? signal.reason : error;
    }
  }

  /** The one session there is, or a new one. Opening ends early only when everyone who waits for it has gone. */
  async function link(signal: AbortSignal, passed: Dialling['passed']): Promise<SshLink> {
    signal.throwIfAborted();
    if (closed) throw closed;
    const standing = await current?.catch(() => null);
    if (standing?.alive) return standing;
    if (!opening) {
      const mine = { ending: new AbortController(), waiting: 0 };
      opening = mine;
      const made = open(mine.ending.signal, passed);
      current = made;
      const done = (): void => {
        if (opening === mine) opening = null;
      };
      made.then(done, () => {
        done();
        onEnd?.();
      });
    }
    const waited = opening;
    const made = current as Promise<SshLink>;
    waited.waiting++;
    try {
      return await unlessAborted(made, signal);
    } finally {
      waited.waiting--;
      if (waited.waiting === 0 && signal.aborted) waited.ending.abort(signal.reason);
    }
  }

  async function through(to: Destination, { signal, passed }: Dialling): Promise<Socket> {
    const host = admit(to);
    for (let again = false; ; again = true) {
      const session = await link(signal, passed);
      try {
        const socket = await session.forward({ host, port: to.port }, signal);
        passed?.('tunnel', `${session.describe()}, forwards to ${to.host}:${to.port}`);
        return socket;
      } catch (error) {
        // It may have been lost since it was last used: then it is opened anew, once.
        if (again || session.alive || signal.aborted || closed) throw error;
      }
    }
  }

  return {
    dial: through,
    async close(reason = lost(place, 'closed')) {
      closed ??= reason;
      opening?.ending.abort(closed);
      await current?.then((session) => session.end(reason)).catch(() => undefined);
    },
  };
}

/** The promise, or the signal's reason at once. */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** A way out without a tunnel, which says so. */
export const withoutTunnel =
  (dial: Dial): Dial =>
  async (to, how) => {
    const socket = await dial(to, how);
    how.passed?.('tunnel', 'Not used', 'skipped');
    return socket;
  };

export type { HostKey };
