import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, randomBytes } from 'node:crypto';

/** What holds the master key. It never hands the key out: it wraps and unwraps data keys. */
export interface KeyProvider {
  readonly id: string;
  /** Tells this master key from any other without telling it: 16 bytes. */
  readonly keyId: Uint8Array;
  wrap(dataKey: Uint8Array, aad: Uint8Array): Promise<Uint8Array>;
  /** Rejects when the bytes were not wrapped by this key for this additional data. The caller zeroes what it gets. */
  unwrap(wrapped: Uint8Array, aad: Uint8Array): Promise<Uint8Array>;
}

export const KEY_ID_BYTES = 16;
const NONCE = 12;
const TAG = 16;
/** Keeps a wrapped data key from being taken for anything else that AES-GCM seals here. */
const purpose = Buffer.from('portcullis data key 1\0');

/** The provider that keeps the master key in this process. Takes the key's bytes over and zeroes them. */
export function localKeyProvider(masterKey: Uint8Array): KeyProvider {
  if (masterKey.length !== 32) throw new TypeError('a master key has 32 bytes');
  const derived = Buffer.from(hkdfSync('sha256', masterKey, Buffer.alloc(0), 'portcullis wrap 1', 32));
  const wrapKey = createSecretKey(derived);
  const keyId = createHmac('sha256', masterKey).update('portcullis key id 1').digest().subarray(0, KEY_ID_BYTES);
  derived.fill(0);
  masterKey.fill(0);
  return {
    id: 'local',
    keyId,
    async wrap(dataKey, aad) {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv('aes-256-gcm', wrapKey, nonce).setAAD(Buffer.concat([purpose, aad]));
      const body = Buffer.concat([cipher.update(dataKey), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]);
    },
    async unwrap(wrapped, aad) {
      const nonce = wrapped.subarray(0, NONCE);
      const decipher = createDecipheriv('aes-256-gcm', wrapKey, nonce, { authTagLength: TAG });
      decipher.setAAD(Buffer.concat([purpose, aad])).setAuthTag(wrapped.subarray(NONCE, NONCE + TAG));
      return Buffer.concat([decipher.update(wrapped.subarray(NONCE + TAG)), decipher.final()]);
    },
  };
}
