import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { WireError } from './wire-error.ts';

/** What the driver is doing now on whose behalf: sockets that it makes meanwhile are seen here. */
const dialling = new AsyncLocalStorage<Door>();
/** Peers of other programs that may wait at a door before the driver's own is known. */
const mostWaiting = 16;

subscribe('net.client.socket', (message) => {
  const socket = (message as { socket?: Socket }).socket;
  if (socket) dialling.getStore()?.made(socket);
});

/**
 * A listener on this machine's loopback for exactly one connection: that which the driver makes. The driver dials by itself and takes no socket,
 * so it dials this, and what comes in is handed on over a connection that the outbound guard made. Whoever else comes is turned away unheard: the
 * driver's own socket is seen as it is made, and only a peer with that socket's very port is let in.
 */
export class Door {
  readonly #listener: Server;
  readonly #enter: (peer: Socket) => void;
  readonly #waiting = new Set<Socket>();
  #own: Socket | null = null;
  #open = true;

  private constructor(listener: Server, enter: (peer: Socket) => void) {
    this.#listener = listener;
    this.#enter = enter;
    listener.on('connection', (peer: Socket) => this.#arrive(peer));
  }

  /** Opens a door; `enter` is called with the driver's connection, of which nothing has been read yet. */
  static async open(enter: (peer: Socket) => void): Promise<Door> {
    const listener = createServer({ pauseOnConnect: true });
    const door = new Door(listener, enter);
    listener.listen({ host: '127.0.0.1', port: 0, exclusive: true, backlog: mostWaiting });
    await once(listener, 'listening');
    return door;
  }

  get port(): number {
    const address = this.#listener.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  /** Does what makes the driver dial. Every socket that it makes while doing so, and ever after on its behalf, is seen. */
  lead<T>(work: () => Promise<T>): Promise<T> {
    return dialling.run(this, work);
  }

  /** A socket that the driver has made and is about to connect. There is one of them; another would lead elsewhere. */
  made(socket: Socket): void {
    if (this.#own || !this.#open) {
      // Node connects in a later tick: by then there is nothing left to connect.
      process.nextTick(() => socket.destroy(new WireError('redirected')));
      return;
    }
    this.#own = socket;
    // Before the listeners of the driver, which may write at once.
    socket.prependOnceListener('connect', () => this.#choose());
  }

  #arrive(peer: Socket): void {
    peer.on('error', () => undefined);
    if (!this.#open || this.#waiting.size >= mostWaiting) {
      peer.destroy();
      return;
    }
    this.#waiting.add(peer);
    this.#choose();
  }

  #choose(): void {
    const own = this.#own;
    if (!own || own.connecting || own.localPort === undefined) return;
    // The driver was led to this door and nowhere else.
    if (own.remotePort !== this.port || own.remoteAddress !== '127.0.0.1') {
      own.destroy(new WireError('not_ours'));
      return;
    }
    for (const peer of this.#waiting) {
      this.#waiting.delete(peer);
      if (peer.remoteAddress === '127.0.0.1' && peer.remotePort === own.localPort) {
        this.close();
        dialling.exit(() => this.#enter(peer));
        return;
      }
      peer.destroy();
    }
  }

  /** Lets nobody in any more. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#listener.close();
    for (const peer of this.#waiting) peer.destroy();
    this.#waiting.clear();
  }
}
