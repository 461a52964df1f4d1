import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { Pace } from '../network/pace.ts';
import { FrameReader } from './frames.ts';
import type { SignIn } from './sign-in.ts';
import { WireError } from './wire-error.ts';

/** How much a server may send before it is taken for hostile. */
export interface Allowance {
  readonly bytes: number;
  readonly packets: number;
}

/**
 * A connected socket in the shape the driver wants, which can go on encrypted below the driver. It counts what comes in, ends the session when
 * the server sends more than was allowed for the statement that runs, and hands on nothing but packets in their order, judged while we sign in.
 */
export class Wire extends Duplex {
  readonly #frames: FrameReader;
  readonly #pace = new Pace(() => this.#resume());
  #socket: Socket;
  /** Whether the driver has enough for now. */
  #full = false;
  #left: number;
  #detach: () => void;
  #changing = false;

  /** `allowed`: what the server may send until told otherwise. */
  constructor(socket: Socket, judge: SignIn, allowed: Allowance) {
    super({ allowHalfOpen: false });
    this.#frames = new FrameReader(judge, allowed.packets);
    this.#left = allowed.bytes;
    this.#socket = socket;
    this.#detach = this.#attach(socket);
    // Whoever waits asks for `errored`; an error that nobody waits for must not end the process.
    this.on('error', () => undefined);
  }

  #attach(socket: Socket): () => void {
    const take = (chunk: Buffer) => this.#take(chunk);
    const ended = () => this.push(null);
    const failed = (error: Error) => this.destroy(error);
    const closed = () => this.destroy();
    socket.on('data', take).on('end', ended).on('error', failed).on('close', closed);
    socket.setNoDelay(true);
    if (socket.destroyed) this.destroy(socket.errored ?? undefined);
    return () => socket.off('data', take).off('end', ended).off('error', failed).off('close', closed);
  }

  /** Goes on over another socket: `upgrade` makes it of the one there is by now, and tells of it as soon as it is there. */
  async secure<T extends { readonly socket: Socket }>(upgrade: (raw: Socket, hold: (socket: Socket) => void) => Promise<T>): Promise<T> {
    const raw = this.#socket.on('error', () => undefined);
    this.#changing = true;
    this.#detach();
    raw.pause();
    // Words that came behind the greeting would be put into the encrypted talk from outside.
    if (this.#frames.waiting || raw.readableLength > 0) throw new WireError('not_spoken');
    const encrypted = await upgrade(raw, (socket) => {
      this.#socket = socket;
    });
    if (this.destroyed) {
      encrypted.socket.destroy();
      throw this.errored ?? new WireError('closed_early');
    }
    this.#changing = false;
    this.#detach = this.#attach(encrypted.socket);
    return encrypted;
  }

  /** Allows the server this much from now on. */
  allow(allowed: Allowance): void {
    this.#left = allowed.bytes;
    this.#frames.packets = allowed.packets;
  }

  #take(chunk: Buffer): void {
    if (this.destroyed) return;
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

  #resume(): void {
    if (!this.#changing && !this.#full && !this.#pace.resting) this.#socket.resume();
  }

  override _read(): void {
    this.#full = false;
    this.#resume();
  }
  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#frames.sent(chunk);
    this.#socket.write(chunk, done);
  }
  override _final(done: (error?: Error | null) => void): void {
    this.#socket.end(() => done());
  }
  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}
