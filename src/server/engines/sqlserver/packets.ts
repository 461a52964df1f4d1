import { WireError } from './wire-error.ts';

/** Kinds of packets that are of use here. */
export const packetKind = { batch: 1, call: 3, answer: 4, attention: 6, transaction: 14, login: 16, prelogin: 18 } as const;

export const headerLength = 8;
/** The longest piece that is put into a packet of ours to the driver. */
const longest = 32_000;
/** What a packet costs at the least: each is held by itself, however short. */
const leastCost = 256;

/** A packet, or as many as it takes, the last of them marked as the end of a message. */
export function packetsOf(kind: number, payload: Buffer, isLast = true): Buffer {
  const packets: Buffer[] = [];
  for (let at = 0; at < payload.length || packets.length === 0; at += longest) {
    const piece = payload.subarray(at, at + longest);
    const head = Buffer.from([kind, isLast && at + longest >= payload.length ? 1 : 0, 0, 0, 0, 0, (packets.length + 1) & 0xff, 0]);
    head.writeUInt16BE(headerLength + piece.length, 2);
    packets.push(Buffer.concat([head, piece]));
  }
  return Buffer.concat(packets);
}

/** A piece of a message of the server. */
export interface Packet {
  readonly payload: Buffer;
  readonly isLast: boolean;
}

/** Cuts what a server sends into packets; refuses what is none, or not of these kinds. */
export class PacketReader {
  #held: Buffer[] = [];
  #size = 0;
  #needed = headerLength;
  readonly #kinds: readonly number[];

  constructor(kinds: readonly number[]) {
    this.#kinds = kinds;
  }

  /** Whether nothing of a packet has been left lying. */
  get isEmpty(): boolean {
    return this.#size === 0;
  }

  /** Adds what came in; answers with the whole packets there are by now, and what they cost beyond their bytes. */
  take(chunk: Buffer): { packets: readonly Packet[]; extra: number } {
    this.#held.push(chunk);
    this.#size += chunk.length;
    const packets: Packet[] = [];
    let extra = 0;
    if (this.#size < this.#needed) return { packets, extra };
    const all = this.#held.length === 1 ? chunk : Buffer.concat(this.#held, this.#size);
    let at = 0;
    this.#needed = headerLength;
    while (all.length - at >= headerLength) {
      const length = all.readUInt16BE(at + 2);
      if (length < headerLength || !this.#kinds.includes(all[at] ?? 0)) throw new WireError('malformed');
      if (at + length > all.length) {
        this.#needed = length;
        break;
      }
      packets.push({ payload: all.subarray(at + headerLength, at + length), isLast: ((all[at + 1] ?? 0) & 1) === 1 });
      extra += Math.max(0, leastCost - length);
      at += length;
    }
    this.#held = at === all.length ? [] : [all.subarray(at)];
    this.#size = all.length - at;
    return { packets, extra };
  }
}
