import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { KeyPair } from './certificates.ts';

/** What a server does with one connection. When it returns, the connection is closed. */
export type Play = (talk: Talk) => Promise<unknown>;

/** A server that plays its part on every connection. */
export interface HostileServer {
  readonly port: number;
  /** Connections that are open by now. */
  open(): number;
  /** Everything that was said to it, encrypted or not, up to a megabyte. */
  heard(): Buffer;
  close(): Promise<void>;
}

/** One connection, as the server sees it. */
export class Talk {
  readonly #socket: Socket;
  readonly #waiting: Buffer[] = [];
  readonly #hear: (chunk: Buffer) => void;
  #wake: () => void = () => {};
  #closed = false;
  /** Resolves when the connection is gone: awaiting it is stalling. */
  readonly over: Promise<void>;

  constructor(socket: Socket, hear: (chunk: Buffer) => void) {
    this.#socket = socket;
    this.#hear = hear;
    socket.on('error', () => {}).on('data', (chunk) => this.#take(chunk));
    this.over = new Promise((resolve) => {
      socket.once('close', () => {
        this.#closed = true;
        this.#wake();
        resolve();
      });
    });
  }

  #take(chunk: Buffer): void {
    this.#hear(chunk);
    this.#waiting.push(chunk);
    this.#wake();
  }

  /** What the client says next; null once it is gone. */
  async next(): Promise<Buffer | null> {
    while (this.#waiting.length === 0 && !this.#closed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#waiting.shift() ?? null;
  }

  /** Says something, and waits until the client has taken it or is gone. */
  async say(...parts: readonly (Buffer | string)[]): Promise<void> {
    if (this.#closed) return;
    const bytes = parts.length === 1 && Buffer.isBuffer(parts[0]) ? parts[0] : Buffer.concat(parts.map((part) => Buffer.from(part)));
    if (!this.#socket.write(bytes)) await Promise.race([once(this.#socket, 'drain').catch(() => {}), this.over]);
  }

  /** Says the same for as long as the client takes it. */
  async flood(...parts: readonly (Buffer | string)[]): Promise<void> {
    const once = Buffer.concat(parts.map((part) => Buffer.from(part)));
    const many = Buffer.concat(Array.from({ length: Math.max(1, Math.floor(65_536 / once.length)) }, () => once));
    while (!this.#closed) {
      await this.say(many);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Says it byte by byte. */
  async drip(bytes: Buffer, everyMs: number): Promise<void> {
    for (let at = 0; at < bytes.length && !this.#closed; at++) {
      await this.say(bytes.subarray(at, at + 1));
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  }

  /** Goes on encrypted, as the server of a TLS handshake. */
  secure(pair: KeyPair): Talk {
    this.#socket.removeAllListeners('data');
    for (const chunk of this.#waiting.splice(0).reverse()) this.#socket.unshift(chunk);
    return new Talk(new TLSSocket(this.#socket, { isServer: true, key: pair.key, cert: pair.cert }), this.#hear);
  }

  /** Goes on as a relay to a real server, until the client says something that holds `text`; that is not passed on. */
  async relayUntil(port: number, text: string): Promise<void> {
    const real = connect(port, '127.0.0.1');
    real.on('error', () => {}).on('data', (chunk) => void this.say(chunk));
    for (let chunk = await this.next(); chunk && !chunk.includes(text); chunk = await this.next()) real.write(chunk);
    real.removeAllListeners('data').destroy();
  }

  close(): void {
    this.#socket.end();
  }
  /** Closes it with RST. */
  reset(): void {
    this.#socket.resetAndDestroy();
  }
}

/** Starts a server on 127.0.0.1 that plays `play` on every connection. */
export async function startHostileServer(play: Play): Promise<HostileServer> {
  const sockets = new Set<Socket>();
  const said: Buffer[] = [];
  let size = 0;
  const hear = (chunk: Buffer): void => {
    if (size > 1_048_576) return;
    size += said.push(chunk) && chunk.length;
  };
  const listener = createServer((socket) => {
    sockets.add(socket.on('error', () => {}).once('close', () => sockets.delete(socket)));
    const talk = new Talk(socket, hear);
    play(talk).finally(() => talk.close());
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return {
    port: address.port,
    open: () => sockets.size,
    heard: () => Buffer.concat(said),
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
