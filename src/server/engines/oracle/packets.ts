import { Refusal, WireError } from './wire-error.ts';

const headerLength = 8;
/** Kinds of packets that a server sends. */
const accept = 2;
const refuse = 4;
const redirect = 5;
const data = 6;
const resend = 11;
const marker = 12;
const control = 14;

/** Set in a RESEND: the next process of the server begins its encryption anew over the same connection. */
const renewal = 0x08;
const compressed = 0x400;
/** Versions of the protocol that the driver speaks; from `long` on a packet tells its length in four bytes. */
const versions = { lowest: 300, long: 315, highest: 319 };
const longest = 2_097_152;
const mostResends = 4;

/** What came in, cut into whole packets. */
export interface Taken {
  /** To be handed on as it is. */
  readonly whole: Buffer | null;
  /** The server wants to encrypt anew: only then is the packet to be handed on. */
  readonly renew: boolean;
}

/** The number of an error in what a listener says of its refusal. The text itself may be anything, and goes no further. */
function refusalOf(text: string): Refusal {
  const number = /\(\s*ERR\s*=\s*(\d{1,5})\s*\)/i.exec(text) ?? /\(\s*CODE\s*=\s*(\d{1,5})\s*\)/i.exec(text);
  return new Refusal(number ? Number(number[1]) : null);
}

/**
 * Cuts what a server sends into packets of Oracle Net and lets through only what the driver may meet. A redirect would have the driver dial an
 * address of the server's choice, and a refusal is a text that the driver would parse: both end here. So does compression, which is never asked
 * for and would let few bytes become many.
 */
export class PacketReader {
  #held: Buffer[] = [];
  #size = 0;
  #accepted = false;
  #long = false;
  #resends = 0;
  /** A refusal whose text comes in a packet of its own. */
  #refused = false;

  /** How many packets may still come: each costs more to hold than its bytes tell. */
  packets: number;
  constructor(packets: number) {
    this.packets = packets;
  }

  /** Adds what came in. `most`: no packet may be longer. */
  take(chunk: Buffer, most: number): Taken {
    this.#held.push(chunk);
    this.#size += chunk.length;
    const all = this.#held.length === 1 ? chunk : Buffer.concat(this.#held, this.#size);
    let at = 0;
    let renew = false;
    while (all.length - at > 4) {
      this.#judgeKind(all[at + 4] ?? 0);
      if (all.length - at < headerLength) break;
      const length = this.#long ? all.readUInt32BE(at) : all.readUInt16BE(at);
      if (length < headerLength || length > longest) throw new WireError(this.#accepted ? 'malformed' : 'not_spoken');
      if (length > most) throw new WireError('flood');
      if (at + length > all.length) break;
      this.packets -= 1;
      if (this.packets < 0) throw new WireError('flood');
      const packet = all.subarray(at, at + length);
      at += length;
      if (this.#judge(packet)) renew = true;
      // Before it is answered nothing more may come: whoever put it there is not the one that was asked.
      if ((renew || packet[4] === accept) && at < all.length) throw new WireError('malformed');
    }
    this.#held = at === all.length ? [] : [all.subarray(at)];
    this.#size = all.length - at;
    return { whole: at > 0 ? all.subarray(0, at) : null, renew };
  }

  #judgeKind(kind: number): void {
    const fits = this.#accepted
      ? kind === data || kind === marker || kind === control
      : this.#refused
        ? kind === data
        : kind === accept || kind === refuse || kind === redirect || kind === resend;
    if (!fits) throw new WireError(this.#accepted ? 'malformed' : 'not_spoken');
  }

  /** Whether the encryption is to begin anew. Throws where the packet may not be handed on. */
  #judge(packet: Buffer): boolean {
    switch (packet[4]) {
      case accept:
        this.#accept(packet);
        return false;
      case redirect:
        throw new WireError('redirected');
      case refuse:
        if (packet.length < 12) throw new WireError('malformed');
        this.#refused = true;
        if (packet.length > 12) throw refusalOf(packet.toString('latin1', 12));
        return false;
      case resend:
        this.#resends += 1;
        if (this.#resends > mostResends) throw new WireError('malformed');
        if (((packet[5] ?? 0) & renewal) === 0) return false;
        packet[5] = (packet[5] ?? 0) & ~renewal;
        return true;
      case data:
        if (packet.length < 10) throw new WireError('malformed');
        if (this.#refused) throw refusalOf(packet.toString('latin1', 10));
        if (packet.readUInt16BE(8) & compressed) throw new WireError('malformed');
        return false;
      default:
        if (packet.length < (packet[4] === marker ? 11 : 10)) throw new WireError('malformed');
        return false;
    }
  }

  #accept(packet: Buffer): void {
    const version = packet.length < 32 ? 0 : packet.readUInt16BE(8);
    if (version < versions.lowest || version > versions.highest) throw new WireError('malformed');
    this.#accepted = true;
    this.#long = version >= versions.long;
    if (!this.#long) return;
    // Its own lengths, flags of compression, and further flags that the driver reads from version 318 on.
    if (packet.length < (version >= 318 ? 45 : 41) || (packet[40] ?? 0) & 0x80) throw new WireError('malformed');
  }
}
