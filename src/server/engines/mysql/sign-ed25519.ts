import { createHash } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { bytesToNumberLE } from '@noble/curves/utils.js';

/** How many bytes the server draws for this method, no more and no less. */
export const drawnForEd25519 = 32;

const { Point } = ed25519;
const { Fn } = Point;

const sha512 = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash('sha512');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
/** A number of the curve's order, of bytes that begin with the lowest. */
const reduced = (bytes: Uint8Array): bigint => Fn.create(bytesToNumberLE(bytes));
const onCurve = (scalar: bigint): Uint8Array => Point.BASE.multiply(scalar).toBytes();

/**
 * Signs what MariaDB drew, as its client_ed25519 does: Ed25519 of RFC 8032, but that the secret is made of a password of any length where the
 * standard has 32 bytes. Node's own takes those alone.
 */
export function signEd25519(password: string, drawn: Uint8Array): Buffer {
  const expanded = sha512(Buffer.from(password));
  const clamped = Buffer.from(expanded.subarray(0, 32));
  clamped[0] = (clamped[0] ?? 0) & 0xf8;
  clamped[31] = ((clamped[31] ?? 0) & 0x3f) | 0x40;
  const secret = reduced(clamped);
  const once = reduced(sha512(expanded.subarray(32), drawn));
  const commitment = onCurve(once);
  const challenge = reduced(sha512(commitment, onCurve(secret), drawn));
  return Buffer.concat([commitment, Fn.toBytes(Fn.add(once, Fn.mul(challenge, secret)))]);
}
