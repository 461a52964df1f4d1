import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { KEY_ID_BYTES, type KeyProvider } from './key-provider.ts';

/*
 * Sealed bytes, in order:
 *   3  "PCV"            1  layout of these bytes (1)      1  v, the version of the additional data
 *   16 key id           2  length of the wrapped data key (big-endian), then the wrapped data key
 *   12 nonce            16 tag                            the rest: ciphertext
 */
const magic = Buffer.from('PCV');
const LAYOUT = 1;
const NONCE = 12;
const TAG = 16;
const HEAD = magic.length + 2 + KEY_ID_BYTES + 2;

/** Seals under a fresh data key, itself wrapped by the master key; both are bound to the additional data. */
export async function sealEnvelope(provider: KeyProvider, v: number, aad: Uint8Array, plain: Uint8Array): Promise<Uint8Array> {
  const dataKey = randomBytes(32);
  try {
    const wrapped = await provider.wrap(dataKey, aad);
    const nonce = randomBytes(NONCE);
    const cipher = createCipheriv('aes-256-gcm', dataKey, nonce).setAAD(aad);
    const body = Buffer.concat([cipher.update(plain), cipher.final()]);
    const head = Buffer.alloc(HEAD);
    magic.copy(head);
    head.writeUInt8(LAYOUT, magic.length);
    head.writeUInt8(v, magic.length + 1);
    head.set(provider.keyId, magic.length + 2);
    head.writeUInt16BE(wrapped.length, HEAD - 2);
    return Buffer.concat([head, wrapped, nonce, cipher.getAuthTag(), body]);
  } finally {
    dataKey.fill(0);
  }
}

/** The version of the additional data that sealed bytes name; null when they are not sealed bytes. */
export function versionOf(sealed: Uint8Array): number | null {
  if (sealed.length < HEAD || !magic.equals(sealed.subarray(0, magic.length)) || sealed[magic.length] !== LAYOUT) return null;
  return sealed[magic.length + 1] ?? null;
}

/** Which master key wraps the data key, as hexadecimal; null when they are not sealed bytes. */
export function keyIdOf(sealed: Uint8Array): string | null {
  if (versionOf(sealed) === null) return null;
  return Buffer.from(sealed.subarray(magic.length + 2, HEAD - 2)).toString('hex');
}

/** The same secret with its data key wrapped by another master key; what is sealed is not opened, and stays as it is. */
export async function rewrapEnvelope(from: KeyProvider, to: KeyProvider, aad: Uint8Array, sealed: Uint8Array): Promise<Uint8Array> {
  const { wrapped, body } = parts(from, sealed);
  const dataKey = await from.unwrap(wrapped, aad);
  try {
    const again = await to.wrap(dataKey, aad);
    const head = Buffer.from(sealed.subarray(0, HEAD));
    head.set(to.keyId, magic.length + 2);
    head.writeUInt16BE(again.length, HEAD - 2);
    return Buffer.concat([head, again, body]);
  } finally {
    dataKey.fill(0);
  }
}

/** The wrapped data key and what comes behind it. */
function parts(provider: KeyProvider, sealed: Uint8Array): { wrapped: Buffer; body: Buffer } {
  if (versionOf(sealed) === null) throw new Error('not sealed bytes');
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  if (!bytes.subarray(magic.length + 2, HEAD - 2).equals(provider.keyId)) throw new Error('sealed under another key');
  const body = HEAD + bytes.readUInt16BE(HEAD - 2);
  if (bytes.length < body + NONCE + TAG) throw new Error('sealed bytes are cut off');
  return { wrapped: bytes.subarray(HEAD, body), body: bytes.subarray(body) };
}

/** Opens sealed bytes; the caller zeroes what it gets. Throws when key, additional data or a single bit differs. */
export async function openEnvelope(provider: KeyProvider, aad: Uint8Array, sealed: Uint8Array): Promise<Buffer> {
  const { wrapped, body } = parts(provider, sealed);
  const dataKey = await provider.unwrap(wrapped, aad);
  try {
    const decipher = createDecipheriv('aes-256-gcm', dataKey, body.subarray(0, NONCE), { authTagLength: TAG });
    decipher.setAAD(aad).setAuthTag(body.subarray(NONCE, NONCE + TAG));
    return Buffer.concat([decipher.update(body.subarray(NONCE + TAG)), decipher.final()]);
  } finally {
    dataKey.fill(0);
  }
}
