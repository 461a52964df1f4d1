import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { now } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';
import { systemAad } from './additional-data.ts';
import { openEnvelope, sealEnvelope } from './envelope.ts';
import type { KeyProvider } from './key-provider.ts';
import type { KeyRing } from './key-ring.ts';
import { refuse } from './master-key.ts';
import { claimSystemKey, findSystemKey } from './vault-store.ts';

/** What a key of the server is for; no key serves two of these. */
export type SystemKeyPurpose = 'cookie' | 'receipt' | 'fingerprint' | 'audit';

/** The master keys that open, and the one that seals now. */
export interface Keys {
  readonly ring: KeyRing;
  readonly sealing: () => Promise<KeyProvider>;
}

/** The server's own keys: random, sealed in the store, made at their first use by whichever process comes first. */
export function systemKeys(keys: Keys, db: Database): (purpose: SystemKeyPurpose) => Promise<KeyObject> {
  const held = new Map<SystemKeyPurpose, Promise<KeyObject>>();
  return (purpose) => {
    const known = held.get(purpose);
    if (known) return known;
    const coming = systemKeyWithin(keys, db, purpose).then(({ key }) => key);
    held.set(purpose, coming);
    // A failure is not kept: the store may answer the next time.
    coming.catch(() => held.delete(purpose));
    return coming;
  };
}

/** A key within a transaction, so that it is kept with what it was made for, or not at all. `made`: nobody had it before. */
export async function systemKeyWithin(keys: Keys, trx: Database, purpose: SystemKeyPurpose): Promise<{ key: KeyObject; made: boolean }> {
  const standing = await findSystemKey(trx, purpose);
  if (standing) return { key: await unseal(keys, purpose, standing), made: false };
  const { sealed, made } = await make(keys, trx, purpose);
  return { key: await unseal(keys, purpose, sealed), made };
}

async function unseal(keys: Keys, purpose: SystemKeyPurpose, sealed: Uint8Array): Promise<KeyObject> {
  const bytes = await open(keys.ring, systemAad(`key ${purpose}`), sealed).catch(() => {
    throw refuse(`The key for ${purpose} in the store (table system_keys) does not open: restore the store from your backup.`);
  });
  try {
    return createSecretKey(bytes);
  } finally {
    bytes.fill(0);
  }
}

const open = async (ring: KeyRing, aad: Uint8Array, sealed: Uint8Array): Promise<Buffer> => openEnvelope(ring.holding(sealed), aad, sealed);

async function make({ sealing }: Keys, db: Database, purpose: SystemKeyPurpose): Promise<{ sealed: Uint8Array; made: boolean }> {
  const fresh = randomBytes(32);
  try {
    const own = await sealEnvelope(await sealing(), 1, systemAad(`key ${purpose}`), fresh);
    const kept = await claimSystemKey(db, purpose, own, now());
    if (!kept) throw refuse(`The key for ${purpose} could not be kept in the store.`);
    return { sealed: kept, made: Buffer.compare(kept, own) === 0 };
  } finally {
    fresh.fill(0);
  }
}
