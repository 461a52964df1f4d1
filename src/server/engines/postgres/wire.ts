import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { Pace } from '../network/pace.ts';
import { FrameReader } from './frames.ts';
import { WireError } from './wire-error.ts';

/** How much a server may send before it is taken for hostile. */
export interface Allowance {
  readonly bytes: number;
  readonly messages: number;
}

/**
 * A connected (and encrypted) socket in the shape the driver wants. It counts what comes in, ends the session when the server sends more than
 * was allowed for the statement that runs, and hands on nothing but well-formed messages.
 */
export class Wire extends Duplex {
  readonly #socket: Socket;
  readonly #frames: FrameReader;
  readonly #pace = new Pace(() => {
    if (!this.#full) this.#socket.resume();
  });
  #left: number;
  /** Whether the driver has enough for now. */
  #full = false;
  #heard = false;

  /** `allowed`: what the server may send until told otherwise. */
  constructor(socket: Socket, allowed: Allowance) {
    super({ allowHalfOpen: false });
    this.#socket = socket;
    this.#left = allowed.bytes;
    this.#frames = new FrameReader(allowed.messages);
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy());
    socket.setNoDelay(true);
    // Whoever waits asks for `errored`; an error that nobody waits for must not end the process.
    this.on('error', () => undefined);
    if (socket.destroyed) this.destroy(socket.errored ?? undefined);
  }

  /** Whether the server has said anything at all since the wire was made. */
  get heard(): boolean {
    return this.#heard;
  }

  /** Allows the server this much from now on. */
  allow(allowed: Allowance): void {
    this.#left = allowed.bytes;
    this.#frames.messages = allowed.messages;
  }

  #take(chunk: Buffer): void {
    if (this.destroyed) return;
    this.#heard = true;
    this.#left -= chunk.length;
    try {
      if (this.#left < 0) throw new WireError('flood');
      const whole = this.#frames.take(chunk, this.#left + chunk.length);
      const rest = this.#pace.took(chunk.length);
      if (whole && !this.push(whole)) this.#full = true;
      if (this.#full || rest) this.#socket.pause();
    } catch (error) {
      this.destroy(error as Error);
    }
  }

  /** The driver connects what it is given: this is connected already. */
  connect(): this {
    process.nextTick(() => this.emit('connect'));
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }

  override _read(): void {
    this.#full = false;
    if (!this.#pace.resting) this.#socket.resume();
  }
  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, done);
  }
  /** What was written together leaves together. */
  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#socket.write(Buffer.concat(chunks.map(({ chunk }) => chunk)), done);
  }
  override _final(done: (error?: Error | null) => void): void {
    this.#socket.end(() => done());
  }
  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}
