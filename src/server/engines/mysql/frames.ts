import { WireError } from './wire-error.ts';

const headerLength = 4;
const longest = 0xff_ffff;

/** Judges the packets of a sign-in; afterwards the driver is on its own. */
interface Judge {
  readonly done: boolean;
  /** How long a packet may be, and what it is that sends a longer one, while we sign in. */
  readonly most: { readonly length: number; readonly otherwise: 'not_spoken' | 'malformed' };
  see(packet: Buffer): void;
}

/**
 * Cuts what a server sends into packets and lets through only whole ones that come in their order: the driver says what it finds out of order
 * on the process's own output, and goes on.
 */
export class FrameReader {
  readonly #judge: Judge;
  #held: Buffer[] = [];
  #size = 0;
  #needed = headerLength;
  /** The number that the next packet has to bear. */
  #next = 0;
  #continues = false;

  /** How many packets may still come: each costs more to hold than its bytes tell. */
  packets: number;
  constructor(judge: Judge, packets: number) {
    this.#judge = judge;
    this.packets = packets;
  }

  /** Whether part of a packet is in, whose rest is not. */
  get waiting(): boolean {
    return this.#size > 0;
  }

  /** Notes a packet that was sent to the server: its answer is numbered from there. */
  sent(packet: Buffer): void {
    this.#next = ((packet[3] ?? 0) + 1) & 0xff;
  }

  /** Looks at the head of a packet whose rest may still be on its way. */
  #expect(length: number, number: number, first: number | undefined): void {
    const { done, most } = this.#judge;
    if (!done && length > most.length) throw new WireError(most.otherwise);
    // What nobody asked for is the server's last word, or nonsense.
    if (number !== this.#next) throw new WireError(number === 0 && (first ?? 0xff) === 0xff && done ? 'closed_early' : 'malformed');
  }

  #accept(packet: Buffer, number: number): void {
    const [first] = packet;
    this.#next = (number + 1) & 0xff;
    if (this.#continues) return;
    if (!this.#judge.done) this.#judge.see(packet);
    // The first packet of an answer that asks for a file of the client.
    else if (number === 1 && first === 0xfb) throw new WireError('file_asked');
  }

  /** Adds what came in; answers with the whole packets there are by now, unchanged, or null. `most`: no packet may be longer. */
  take(chunk: Buffer, most: number): Buffer | null {
    this.#held.push(chunk);
    this.#size += chunk.length;
    if (this.#size < this.#needed) return null;
    const all = this.#held.length === 1 ? chunk : Buffer.concat(this.#held, this.#size);
    let at = 0;
    this.#needed = headerLength;
    while (all.length - at >= headerLength) {
      const length = all.readUIntLE(at, 3);
      if (length > most) throw new WireError('flood');
      this.#expect(length, all[at + 3] ?? 0, all[at + headerLength]);
      const end = at + headerLength + length;
      if (end > all.length) {
        this.#needed = headerLength + length;
        break;
      }
      this.#accept(all.subarray(at + headerLength, end), all[at + 3] ?? 0);
      this.#continues = length === longest;
      this.packets -= 1;
      if (this.packets < 0) throw new WireError('flood');
      at = end;
    }
    this.#held = at === all.length ? [] : [all.subarray(at)];
    this.#size = all.length - at;
    return at > 0 ? all.subarray(0, at) : null;
  }
}
