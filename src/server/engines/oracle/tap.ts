import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** A connected socket as a stream that can be let go of, so that another encryption can begin over the same socket. */
export class Tap extends Duplex {
  #raw: Socket | null;
  readonly #data = (chunk: Buffer): void => {
    if (!this.push(chunk)) this.#raw?.pause();
  };
  readonly #end = (): void => {
    this.push(null);
  };
  readonly #gone = (error?: Error | boolean): void => {
    this.destroy(error instanceof Error ? error : undefined);
  };

  constructor(raw: Socket) {
    super({ allowHalfOpen: false });
    this.#raw = raw;
    this.on('error', () => undefined);
    raw.on('data', this.#data).on('end', this.#end).on('error', this.#gone).on('close', this.#gone);
    raw.setNoDelay(true).resume();
    if (raw.destroyed) this.destroy(raw.errored ?? undefined);
  }

  /** The socket, as it is; nothing is read from it or written to it through this any more. */
  letGo(): Socket | null {
    const raw = this.#raw;
    this.#raw = null;
    raw?.pause().off('data', this.#data).off('end', this.#end).off('error', this.#gone).off('close', this.#gone);
    return raw;
  }

  override _read(): void {
    this.#raw?.resume();
  }
  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#raw) this.#raw.write(chunk, done);
    else done();
  }
  override _final(done: (error?: Error | null) => void): void {
    if (this.#raw) this.#raw.end(() => done());
    else done();
  }
  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.letGo()?.destroy();
    done(error);
  }
}
