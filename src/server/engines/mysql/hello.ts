import { WireError } from './wire-error.ts';

/** What a server says of itself before anything else. */
export interface Hello {
  readonly version: string;
  /** Whether it can go on encrypted. */
  readonly encrypts: boolean;
  /** How it would have us sign in, unless it says otherwise later. */
  readonly method: string;
}

const protocol = 10;
/** Flags of what both sides must be able to do: the protocol of 4.1, a secure sign-in, and its method by name. */
const needed = 0x0000_0200 | 0x0000_8000 | 0x0008_0000;
const ssl = 0x0000_0800;
/** Bytes behind the version: thread, salt, flags, character set, status, flags, length of the salt, reserved. */
const fixedLength = 4 + 8 + 1 + 2 + 1 + 2 + 2 + 1 + 10;

/** Text up to a zero byte, or to the end. */
export function textUntilZero(bytes: Buffer, from: number): { readonly text: string; readonly end: number } {
  const zero = bytes.indexOf(0, from);
  const end = zero < 0 ? bytes.length : zero;
  return { text: bytes.toString('latin1', from, end), end: Math.min(end + 1, bytes.length) };
}

/** Reads the first packet of a server, or throws where it is none of this protocol. */
export function readHello(bytes: Buffer): Hello {
  const zero = bytes.indexOf(0, 1);
  if (bytes[0] !== protocol || zero < 2 || zero > 256 || bytes.length < zero + 1 + fixedLength) throw new WireError('not_spoken');
  const at = zero + 1 + 4 + 8 + 1;
  const flags = bytes.readUInt16LE(at) + bytes.readUInt16LE(at + 5) * 65_536;
  if ((flags & needed) !== needed) throw new WireError('not_spoken');
  const salt = Math.max(13, (bytes[at + 7] ?? 0) - 8);
  const { text } = textUntilZero(bytes, Math.min(at + 18 + salt, bytes.length));
  return { version: bytes.toString('latin1', 1, zero), encrypts: (flags & ssl) !== 0, method: text };
}
