import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { ClientChannel } from 'ssh2';

/** How much of what a server sends may wait here and in the channel: several times what it is ever allowed to send ahead. */
const MOST_WAITING = 8 * 1024 * 1024;

/** A forwarded connection in the shape of a connected socket. What is asked of the operating system's socket has no meaning here, and does nothing. */
export class TunnelSocket extends Duplex {
  readonly #channel: ClientChannel;
  #heard = 0;
  #ended = false;

  constructor(channel: ClientChannel) {
    super({ allowHalfOpen: false });
    this.#channel = channel;
    channel.on('data', (chunk: Buffer) => {
      this.#heard += chunk.length;
      if (!this.destroyed && !this.push(chunk)) channel.pause();
    });
    channel.on('end', () => this.#end());
    channel.on('error', (error: Error) => this.destroy(error));
    channel.on('close', () => this.#end());
    // Whoever waits asks for `errored`; an error that nobody waits for must not end the process.
    this.on('error', () => undefined);
  }

  /** Bytes that came through it. */
  get heard(): number {
    return this.#heard;
  }
  /** Whether the server sent more ahead than it was allowed to. */
  get flooded(): boolean {
    return this.readableLength + this.#channel.readableLength > MOST_WAITING;
  }

  /** Nothing more comes from the other end: what came before is still read, and with that it ends by itself. */
  #end(): void {
    if (!this.#ended && !this.destroyed) this.push(null);
    this.#ended = true;
  }

  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  setTimeout(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
  /** As a `net.Socket` does: ends, and destroys once what was written has left. */
  destroySoon(): void {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once('finish', () => this.destroy());
  }
  resetAndDestroy(): this {
    return this.destroy();
  }
  get connecting(): boolean {
    return false;
  }

  override _read(): void {
    this.#channel.resume();
  }
  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#channel.write(chunk, done);
  }
  /** What was written together leaves together. */
  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#channel.write(Buffer.concat(chunks.map(({ chunk }) => chunk)), done);
  }
  override _final(done: (error?: Error | null) => void): void {
    this.#channel.end();
    done();
  }
  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#channel.destroy();
    done(error);
  }

  /** As those who dial take it. */
  asSocket(): Socket {
    return this as unknown as Socket;
  }
}
