import { WireError } from './wire-error.ts';

const headerLength = 5;

/** Where a zero-terminated text ends, just behind its zero, or -1. */
function afterText(bytes: Buffer, from: number, end: number): number {
  const zero = bytes.indexOf(0, from);
  return zero < 0 || zero >= end ? -1 : zero + 1;
}

function isTexts(bytes: Buffer, from: number, end: number, count: number): boolean {
  let at = from;
  for (let i = 0; i < count && at >= 0; i += 1) at = afterText(bytes, at, end);
  return at === end;
}

function isReport(bytes: Buffer, from: number, end: number): boolean {
  let at = from;
  while (at >= 0 && at < end && bytes[at] !== 0) at = afterText(bytes, at + 1, end);
  return at === end - 1;
}

function isRowDescription(bytes: Buffer, from: number, end: number): boolean {
  if (end - from < 2) return false;
  let at = from + 2;
  for (let left = bytes.readInt16BE(from); left > 0; left -= 1) {
    at = afterText(bytes, at, end);
    if (at < 0 || at + 18 > end) return false;
    at += 18;
  }
  return at === end;
}

function isDataRow(bytes: Buffer, from: number, end: number): boolean {
  if (end - from < 2) return false;
  let at = from + 2;
  const count = bytes.readInt16BE(from);
  if (count < 0) return false;
  for (let left = count; left > 0; left -= 1) {
    if (at + 4 > end) return false;
    const length = bytes.readInt32BE(at);
    if (length < -1) return false;
    at += 4 + Math.max(length, 0);
    if (at > end) return false;
  }
  return at === end;
}

function isMechanisms(bytes: Buffer, from: number, end: number): boolean {
  let at = from;
  while (at >= 0 && at < end && bytes[at] !== 0) at = afterText(bytes, at, end);
  return at === end - 1;
}

/** Whether a message is what its first byte says, to its last byte. `from` is behind the header. */
function isWhole(type: string, bytes: Buffer, from: number, end: number): boolean {
  const length = end - from;
  switch (type) {
    case 'E':
    case 'N':
      return isReport(bytes, from, end);
    case 'S':
      return isTexts(bytes, from, end, 2);
    case 'C':
      return isTexts(bytes, from, end, 1);
    case 'K':
      return length === 8;
    case 'Z':
      return length === 1;
    case 'T':
      return isRowDescription(bytes, from, end);
    case 'D':
      return isDataRow(bytes, from, end);
    case 'A':
      return length > 4 && isTexts(bytes, from + 4, end, 2);
    default:
      return ['1', '2', '3', 'n', 's', 'I'].includes(type) && length === 0;
  }
}

/**
 * Cuts what a server sends into messages and lets through only whole, well-formed ones of the kinds that we ask for. The driver trusts what
 * it reads: a torn error message hangs its parser for ever, an unknown sign-in request throws outside of every promise.
 */
export class FrameReader {
  #held: Buffer[] = [];
  #size = 0;
  #needed = headerLength;
  #signedIn = false;
  /** What the server asked for last in the sign-in. */
  #asked: number | null = null;

  /** Whether a sign-in request is whole and in its turn: one that comes again and again would have us prove ourselves without end. */
  #isSignIn(bytes: Buffer, from: number, end: number): boolean {
    if (this.#signedIn || end - from < 4) return false;
    const length = end - from - 4;
    const kind = bytes.readInt32BE(from);
    if (![0, 3, 5, 10, 11, 12].includes(kind)) throw new WireError('method_unknown');
    if (kind === 0) {
      this.#signedIn = true;
      return length === 0;
    }
    const before = this.#asked;
    this.#asked = kind;
    if (kind > 10) return before === kind - 1;
    if (before !== null) return false;
    return kind === 10 ? isMechanisms(bytes, from + 4, end) : length === (kind === 5 ? 4 : 0);
  }

  #isInTurn(type: string, bytes: Buffer, from: number, end: number): boolean {
    if (type === 'R') return this.#isSignIn(bytes, from, end);
    return (this.#signedIn || type === 'E' || type === 'N') && isWhole(type, bytes, from, end);
  }

  /** How many messages may still come: each costs more to hold than its bytes tell. */
  messages: number;
  constructor(messages: number) {
    this.messages = messages;
  }

  /** Adds what came in; answers with the whole messages there are by now, unchanged, or null. `most`: no message may be longer. */
  take(chunk: Buffer, most: number): Buffer | null {
    this.#held.push(chunk);
    this.#size += chunk.length;
    if (this.#size < this.#needed) return null;
    const all = this.#held.length === 1 ? chunk : Buffer.concat(this.#held, this.#size);
    let at = 0;
    this.#needed = headerLength;
    while (all.length - at >= headerLength) {
      const length = all.readUInt32BE(at + 1);
      if (length < 4) throw new WireError('malformed');
      if (length > most) throw new WireError('flood');
      const end = at + 1 + length;
      if (end > all.length) {
        this.#needed = 1 + length;
        break;
      }
      const type = String.fromCharCode(all[at] ?? 0);
      if (!this.#isInTurn(type, all, at + headerLength, end)) throw new WireError('malformed');
      this.messages -= 1;
      if (this.messages < 0) throw new WireError('flood');
      at = end;
    }
    this.#held = at === all.length ? [] : [all.subarray(at)];
    this.#size = all.length - at;
    return at > 0 ? all.subarray(0, at) : null;
  }
}
