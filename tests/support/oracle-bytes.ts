/** Writes what Oracle's protocol is made of. Every method answers with the writer itself. */
export class Writer {
  readonly #parts: Buffer[] = [];

  get bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }
  raw(bytes: Buffer | string): this {
    this.#parts.push(Buffer.from(bytes));
    return this;
  }
  u8(...values: readonly number[]): this {
    return this.raw(Buffer.from(values));
  }
  u16(value: number): this {
    return this.u8(value >> 8, value);
  }
  /** Numbers of variable length, one after another. */
  ub(...values: readonly number[]): this {
    for (const value of values) {
      if (value === 0) {
        this.u8(0);
        continue;
      }
      const digits = value.toString(16);
      const bytes = Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex');
      this.u8(bytes.length).raw(bytes);
    }
    return this;
  }
  /** A length and as many bytes, in pieces where they are many; null is no length. */
  sized(bytes: Buffer | string | null): this {
    if (bytes === null) return this.u8(0);
    const all = Buffer.from(bytes);
    if (all.length <= 252) return this.u8(all.length).raw(all);
    this.u8(254);
    for (let at = 0; at < all.length; at += 32_767) {
      const piece = all.subarray(at, at + 32_767);
      this.ub(piece.length).raw(piece);
    }
    return this.ub(0);
  }
  /** The same with the whole length before it. */
  told(bytes: Buffer | string): this {
    const all = Buffer.from(bytes);
    return all.length === 0 ? this.ub(0) : this.ub(all.length).sized(all);
  }
  pair(key: string, value: string, flags = 0): this {
    return this.told(key).told(value).ub(flags);
  }
}

/** Reads the same. */
export class Reader {
  readonly #bytes: Buffer;
  #at = 0;
  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  u8(): number {
    const value = this.#bytes[this.#at] ?? 0;
    this.#at += 1;
    return value;
  }
  /** Leaves out as many single bytes. */
  skip(count: number): this {
    this.#at += count;
    return this;
  }
  ub(): number {
    let value = 0;
    for (let left = this.u8() & 0x7f; left > 0; left -= 1) value = value * 256 + this.u8();
    return value;
  }
  /** Leaves out as many numbers of variable length. */
  skipNumbers(count: number): this {
    for (let left = count; left > 0; left -= 1) this.ub();
    return this;
  }
  take(count: number): Buffer {
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }
  sized(): Buffer | null {
    const length = this.u8();
    if (length === 0 || length === 255) return null;
    if (length !== 254) return this.take(length);
    const pieces: Buffer[] = [];
    for (let piece = this.ub(); piece > 0; piece = this.ub()) pieces.push(this.take(piece));
    return Buffer.concat(pieces);
  }
  text(): string {
    return this.sized()?.toString() ?? '';
  }
  pair(): [key: string, value: string] {
    const key = this.ub() > 0 ? this.text() : '';
    const value = this.ub() > 0 ? this.text() : '';
    this.ub();
    return [key, value];
  }
}
