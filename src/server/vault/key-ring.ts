import { keyIdOf } from './envelope.ts';
import { type KeyProvider, localKeyProvider } from './key-provider.ts';

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** The master keys that were given: one, or two while one takes the other's place. */
export class KeyRing {
  readonly #keys = new Map<string, KeyProvider>();
  readonly #read: () => readonly Buffer[];

  /** `read` looks again for the keys that are given; their bytes are taken over. */
  constructor(read: () => readonly Buffer[]) {
    this.#read = read;
  }

  /** Takes a key over and says what it is called. */
  add(masterKey: Uint8Array): KeyProvider {
    const provider = localKeyProvider(masterKey);
    const known = this.#keys.get(hex(provider.keyId)) ?? provider;
    this.#keys.set(hex(known.keyId), known);
    return known;
  }

  /** The key of this id. One that another process has begun to use may have been given since we looked. */
  find(keyId: string | null): KeyProvider | undefined {
    if (keyId === null) return undefined;
    if (!this.#keys.has(keyId)) for (const key of this.#read()) this.add(key);
    return this.#keys.get(keyId);
  }

  /** The key that holds sealed bytes. */
  holding(sealed: Uint8Array): KeyProvider {
    const keyId = keyIdOf(sealed);
    const provider = this.find(keyId);
    if (!provider) throw new Error(keyId === null ? 'not sealed bytes' : `the master key ${keyId} was not given`);
    return provider;
  }
}
