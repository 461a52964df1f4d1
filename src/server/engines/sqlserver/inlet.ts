/** Reading that stops where bytes are missing and goes on when they are there. */
export type Reading<T> = Generator<undefined, T, undefined>;

/** Bytes in the order in which they came, cut as they are needed; what has been read is let go. */
export class Inlet {
  #now: Buffer = Buffer.alloc(0);
  #at = 0;
  #later: Buffer[] = [];
  #size = 0;
  #consumed = 0;

  /** Bytes that have been read. */
  get consumed(): number {
    return this.#consumed;
  }
  /** Bytes that are in and not read yet. */
  get length(): number {
    return this.#now.length - this.#at + this.#size;
  }

  add(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#later.push(bytes);
    this.#size += bytes.length;
  }

  #gather(count: number): boolean {
    if (this.length < count) return false;
    const rest = this.#now.subarray(this.#at);
    this.#now = rest.length === 0 && this.#later.length === 1 ? (this.#later[0] ?? rest) : Buffer.concat([rest, ...this.#later]);
    this.#at = 0;
    this.#later = [];
    this.#size = 0;
    return true;
  }

  /** The next so many bytes in one piece. */
  *take(count: number): Reading<Buffer> {
    while (this.#now.length - this.#at < count && !this.#gather(count)) yield;
    this.#at += count;
    this.#consumed += count;
    return this.#now.subarray(this.#at - count, this.#at);
  }

  /** As many of the next bytes as are in, one at least and no more than `most`. */
  *some(most: number): Reading<Buffer> {
    while (this.#now.length === this.#at && !this.#gather(1)) yield;
    return yield* this.take(Math.min(most, this.#now.length - this.#at));
  }

  *uint8(): Reading<number> {
    return (yield* this.take(1)).readUInt8(0);
  }
  *uint16(): Reading<number> {
    return (yield* this.take(2)).readUInt16LE(0);
  }
  *uint32(): Reading<number> {
    return (yield* this.take(4)).readUInt32LE(0);
  }
  /** A text of two bytes a character, its number of characters before it. */
  *text8(): Reading<string> {
    return (yield* this.take(2 * (yield* this.uint8()))).toString('utf16le');
  }
  *text16(): Reading<string> {
    return (yield* this.take(2 * (yield* this.uint16()))).toString('utf16le');
  }
}
