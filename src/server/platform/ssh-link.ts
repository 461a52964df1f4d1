import type { Socket } from 'node:net';
import type { Fault } from './fault.ts';
import type { SshSession } from './ssh-client.ts';
import { lost, notSsh, refused, type SshPlace } from './ssh-faults.ts';
import { TunnelSocket } from './ssh-socket.ts';

/** Milliseconds in which a server is told that we go, before its socket is cut. */
const PARTING_MS = 300;
/** Bytes that wait to be sent at the most: what goes through the channels is bounded by their windows. */
const MOST_UNSENT = 32 * 1024 * 1024;
/** Bytes beside what the channels carry, at the most: an honest server sends its frames and next to nothing more. */
const MOST_BESIDE = 2 * 1024 * 1024;
/** The frame around a single byte is so many times as large. */
const FRAME = 64;

/** An open session with an SSH server, and the connections that go through it. */
export class SshLink {
  readonly #socket: Socket;
  readonly #session: SshSession;
  readonly #place: SshPlace;
  readonly #idleMs: number;
  readonly #through = new Set<TunnelSocket>();
  /** Bytes that the server sent, and those of them that came through connections which are closed. */
  #received = 0;
  #carried = 0;
  #over: Fault | null = null;
  #idle: NodeJS.Timeout | undefined;

  constructor(socket: Socket, session: SshSession, place: SshPlace, idleMs: number) {
    this.#socket = socket;
    this.#session = session;
    this.#place = place;
    this.#idleMs = idleMs;
    session.client.on('error', (error) => this.#end(lost(place, levelOf(error), error)));
    session.client.on('close', () => this.#end(lost(place, 'closed by the SSH server')));
    socket.on('data', (chunk: Buffer) => this.#watch(chunk));
    if (socket.destroyed) this.#end(lost(place, 'closed by the SSH server'));
    else this.#rest();
  }

  get alive(): boolean {
    return this.#over === null;
  }

  /** The server and its key, as evidence. */
  describe(): string {
    const { software, hostKey } = this.#session;
    return `${software || 'SSH server'}, host key ${hostKey.type} ${hostKey.sha256}`;
  }

  /** Has the server connect to a place, and answers with the connection. */
  forward(to: { readonly host: string; readonly port: number }, signal: AbortSignal): Promise<Socket> {
    const { promise, resolve, reject } = Promise.withResolvers<Socket>();
    if (this.#over) return Promise.reject(this.#over);
    clearTimeout(this.#idle);
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    // Counted from the asking on, so that it is not closed as idle meanwhile.
    this.#asked++;
    this.#session.client.forwardOut('127.0.0.1', 0, to.host, to.port, (error, channel) => {
      this.#asked--;
      if (error) {
        this.#rest();
        return reject(this.#over ?? refused(this.#place, to, Reflect.get(error, 'reason')));
      }
      const through = new TunnelSocket(channel);
      this.#through.add(through);
      through.once('close', () => {
        this.#through.delete(through);
        this.#carried += through.heard;
        this.#rest();
      });
      if (signal.aborted || this.#over) through.destroy(this.#over ?? undefined);
      else resolve(through.asSocket());
    });
    return promise.finally(() => signal.removeEventListener('abort', abort));
  }
  #asked = 0;

  /** Ends it with the reason that those who still use it are told. Resolves when the socket is closed. */
  async end(reason: Fault): Promise<void> {
    this.#end(reason);
    if (this.#socket.closed) return;
    await new Promise<void>((resolve) => this.#socket.once('close', () => resolve()));
  }

  #end(reason: Fault): void {
    if (this.#over) return;
    this.#over = reason;
    clearTimeout(this.#idle);
    for (const socket of [...this.#through]) socket.destroy(reason);
    this.#session.client.end();
    const timer = setTimeout(() => this.#socket.destroy(), PARTING_MS);
    this.#socket.once('close', () => clearTimeout(timer));
    if (this.#socket.destroyed) clearTimeout(timer);
  }

  /** Nobody uses it: after a while it is closed. */
  #rest(): void {
    clearTimeout(this.#idle);
    if (this.#over || this.#through.size > 0 || this.#asked > 0) return;
    this.#idle = setTimeout(() => this.#end(lost(this.#place, 'idle')), this.#idleMs).unref();
  }

  /** A server that does not keep to what it was allowed to send is not listened to any longer. */
  #watch(chunk: Buffer): void {
    this.#received += chunk.length;
    const carried = [...this.#through].reduce((sum, { heard }) => sum + heard, this.#carried);
    const flood =
      this.#received > MOST_BESIDE + carried * FRAME ||
      this.#socket.writableLength > MOST_UNSENT ||
      [...this.#through].some(({ flooded }) => flooded);
    if (!flood || this.#over) return;
    this.#end(notSsh(this.#place, 'the SSH server sent far more than was asked for'));
    this.#socket.destroy();
  }
}

/** The kind of an error of the client, if it is one of its own words. */
function levelOf(error: Error): string {
  const level: unknown = Reflect.get(error, 'level');
  return typeof level === 'string' && /^[a-z-]{1,30}$/.test(level) ? level : 'error';
}
