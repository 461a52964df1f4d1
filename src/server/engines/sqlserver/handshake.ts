import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { PacketReader, packetKind, packetsOf } from './packets.ts';
import { WireError } from './wire-error.ts';

/** More than any chain of certificates takes. */
const most = 256 * 1024;

/**
 * A socket over which TLS is agreed on as TDS has it: until both sides are done, what they say lies in packets; from then on it lies bare.
 */
export class Handshake extends Duplex {
  readonly #socket: Socket;
  readonly #packets = new PacketReader([packetKind.prelogin, packetKind.answer]);
  #left = most;
  #bare = false;

  constructor(socket: Socket) {
    super({ allowHalfOpen: false });
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy());
    this.on('error', () => undefined);
    if (socket.destroyed) this.destroy(socket.errored ?? undefined);
  }

  /** The handshake is done. */
  goBare(): void {
    this.#bare = true;
    if (!this.#packets.isEmpty) this.destroy(new WireError('malformed'));
  }

  #take(chunk: Buffer): void {
    if (this.destroyed) return;
    try {
      const pieces = this.#bare ? [chunk] : this.#unpack(chunk);
      for (const piece of pieces) if (!this.push(piece)) this.#socket.pause();
    } catch (error) {
      this.destroy(error as Error);
    }
  }

  #unpack(chunk: Buffer): Buffer[] {
    const { packets, extra } = this.#packets.take(chunk);
    this.#left -= chunk.length + extra;
    if (this.#left < 0) throw new WireError('flood');
    return packets.map(({ payload }) => payload).filter((payload) => payload.length > 0);
  }

  override _read(): void {
    this.#socket.resume();
  }
  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(this.#bare ? chunk : packetsOf(packetKind.prelogin, chunk), done);
  }
  /** What was written together is one message. */
  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this._write(Buffer.concat(chunks.map(({ chunk }) => chunk)), 'binary', done);
  }
  override _final(done: (error?: Error | null) => void): void {
    this.#socket.end(() => done());
  }
  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}
