import { WireError } from './wire-error.ts';

/** Reads bytes of the protocol in their order; whatever reaches beyond their end is malformed. */
export class BinaryReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** So many bytes, still in the place where they came in. */
  bytes(count: number): Buffer {
    const from = this.#at;
    this.#at += count;
    if (this.#at > this.#bytes.length) throw new WireError('malformed');
    return this.#bytes.subarray(from, this.#at);
  }
  uint(size: 1 | 2 | 3 | 4): number {
    return this.bytes(size).readUIntLE(0, size);
  }
  int(size: 1 | 2 | 4): number {
    return this.bytes(size).readIntLE(0, size);
  }
  /** A length as the protocol writes it, short or long. */
  length(): number {
    const first = this.uint(1);
    if (first < 0xfb) return first;
    if (first === 0xfc) return this.uint(2);
    if (first === 0xfd) return this.uint(3);
    const long = first === 0xfe ? this.bytes(8).readBigUInt64LE(0) : -1n;
    if (long < 0n || long > 0x7fff_ffffn) throw new WireError('malformed');
    return Number(long);
  }
  /** Bytes behind their length. */
  counted(): Buffer {
    return this.bytes(this.length());
  }
  get rest(): number {
    return this.#bytes.length - this.#at;
  }
}
