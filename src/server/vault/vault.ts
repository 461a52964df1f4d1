import type { KeyObject } from 'node:crypto';
import type { VaultStatus } from '../../contract/identity.ts';
import { now } from '../platform/clock.ts';
import type { Store } from '../platform/database.ts';
import { Fault } from '../platform/fault.ts';
import { reveal, Secret } from '../platform/secret.ts';
import { aadOf, currentVersion, type SealedFor, systemAad } from './additional-data.ts';
import { openEnvelope, sealEnvelope, versionOf } from './envelope.ts';
import { type KeyProvider, localKeyProvider } from './key-provider.ts';
import { findMasterKey, type KeyPlace, refuse } from './master-key.ts';
import { type SystemKeyPurpose, systemKeys } from './system-keys.ts';
import { claimMark, countSecrets, findMark, holdsSecrets, type Mark } from './vault-store.ts';

export type { SealedFor } from './additional-data.ts';
export type { SystemKeyPurpose } from './system-keys.ts';

/** Seals and opens credentials, and keeps every other key of the server. */
export interface Vault {
  /** What the operator has to be told at start: that a master key was made, and where. */
  readonly notice: string | null;
  /** Seals a secret for one destination. `v` is stored beside the bytes. */
  seal(about: SealedFor, secret: Secret): Promise<{ sealed: Uint8Array; v: number }>;
  /** Opens it for the same destination. Throws credential.unreadable when anything differs. */
  open(about: SealedFor, sealed: Uint8Array): Promise<Secret>;
  /** A random key of the server with one purpose, made at its first use. */
  key(purpose: SystemKeyPurpose): Promise<KeyObject>;
  status(organizationId: string): Promise<VaultStatus>;
  /** Whether the store's mark still opens. */
  healthy(): Promise<boolean>;
}

const knownText = Buffer.from('portcullis vault mark 1');
const markAad = systemAad('mark');

/** Opens the vault over the store: finds the master key and proves that it is the one that seals this store. */
export async function openVault(how: { config: KeyPlace; store: Store; embedded: boolean }): Promise<Vault> {
  const { db } = how.store;
  const standing = await findMark(db);
  const sealedAlready = standing !== undefined || (await holdsSecrets(db));
  const { key, source, notice } = findMasterKey(how.config, how.embedded, sealedAlready);
  const provider = localKeyProvider(key);
  if (!standing && sealedAlready)
    throw refuse('The store holds secrets but not the mark of the key that seals them (table vault_marks): restore it from your backup.');
  await prove(provider, standing ?? (await claimMark(db, await makeMark(provider), now())), source);

  return {
    notice,
    async seal(about, secret) {
      const aad = aadOf(about);
      if (!aad) throw new TypeError('the current version has no layout');
      const plain = Buffer.from(reveal(secret), 'utf8');
      try {
        return { sealed: await sealEnvelope(provider, currentVersion, aad, plain), v: currentVersion };
      } finally {
        plain.fill(0);
      }
    },
    async open(about, sealed) {
      const v = versionOf(sealed);
      const aad = v === null ? null : aadOf(about, v);
      if (!aad) throw unreadable();
      const plain = await openEnvelope(provider, aad, sealed).catch((error: unknown) => {
        throw unreadable(error);
      });
      try {
        return new Secret(plain.toString('utf8'));
      } finally {
        plain.fill(0);
      }
    },
    key: systemKeys(provider, db),
    async status(organizationId) {
      const { secrets, oldest } = await countSecrets(db, organizationId);
      return { provider: provider.id, keyId: hex(provider.keyId), source, secrets, oldestSecretAt: oldest };
    },
    async healthy() {
      const mark = await findMark(db);
      return mark !== undefined && (await opens(provider, mark));
    },
  };
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const unreadable = (cause?: unknown): Fault =>
  new Fault('credential.unreadable', {
    detail: 'The stored credential opens only for the destination it was entered for: enter the password again.',
    ...(cause === undefined ? {} : { cause }),
  });

async function makeMark(provider: KeyProvider): Promise<Mark> {
  return { key_id: hex(provider.keyId), sealed: await sealEnvelope(provider, 1, markAad, knownText) };
}

async function opens(provider: KeyProvider, mark: Mark): Promise<boolean> {
  return openEnvelope(provider, markAad, mark.sealed).then(
    (text) => text.equals(knownText),
    () => false,
  );
}

async function prove(provider: KeyProvider, mark: Mark | undefined, source: string): Promise<void> {
  if (mark && mark.key_id !== hex(provider.keyId))
    throw refuse(
      `The key from ${source} is not the one that seals this store: it has the id ${hex(provider.keyId)}, the store was sealed with ${mark.key_id}. Give the key it was sealed with (PORTCULLIS_MASTER_KEY, PORTCULLIS_MASTER_KEY_FILE, or master.key in the data folder).`,
    );
  if (!mark || !(await opens(provider, mark)))
    throw refuse('The mark of the master key in the store (table vault_marks) is damaged: restore the store from your backup.');
}
