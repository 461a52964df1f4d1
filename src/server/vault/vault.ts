import type { KeyObject } from 'node:crypto';
import type { VaultRotation, VaultStatus } from '../../contract/identity.ts';
import { now } from '../platform/clock.ts';
import type { Database, Store } from '../platform/database.ts';
import { Fault } from '../platform/fault.ts';
import { reveal, Secret } from '../platform/secret.ts';
import { aadOf, currentVersion, type SealedFor } from './additional-data.ts';
import { openEnvelope, sealEnvelope, versionOf } from './envelope.ts';
import type { KeyProvider } from './key-provider.ts';
import { hex, KeyRing } from './key-ring.ts';
import { makeMark, opensMark } from './marks.ts';
import { findMasterKey, type KeyPlace, refuse } from './master-key.ts';
import { givenKeys } from './next-key.ts';
import { type AboutOf, rotateKey, sweepKeys } from './rotate-key.ts';
import { type SystemKeyPurpose, systemKeys, systemKeyWithin } from './system-keys.ts';
import { claimMark, countSecrets, findMark, holdsSecrets, type Mark } from './vault-store.ts';

export type { SealedFor } from './additional-data.ts';
export type { AboutOf } from './rotate-key.ts';
export { rotateVault } from './rotate-vault.ts';
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
  /** The same in a transaction of the caller; `made`: this is its first use. */
  keyWithin(trx: Database, purpose: SystemKeyPurpose): Promise<{ readonly key: KeyObject; readonly made: boolean }>;
  status(organizationId: string): Promise<VaultStatus>;
  /** Whether the store's mark still opens. */
  healthy(): Promise<boolean>;
  /** Puts another master key in place of the one in use, or goes on with a rotation that was cut short. */
  rotate(aboutOf: AboutOf): Promise<VaultRotation>;
  /** Goes on with a rotation that was cut short, if there is one. */
  resume(aboutOf: AboutOf): Promise<VaultRotation | null>;
  /** Waits for what it is doing. */
  close(): Promise<void>;
}

/** Milliseconds after a rotation in which whoever sealed with the old key has put that into the store. */
const SWEEP_MS = 60_000;

/** Opens the vault over the store: finds the master key and proves that it is the one that seals this store. */
export async function openVault(how: { config: KeyPlace; store: Store; embedded: boolean }): Promise<Vault> {
  const { config, store } = how;
  const { db } = store;
  const standing = await findMark(db, 'master');
  const sealedAlready = standing !== undefined || (await holdsSecrets(db));
  const { key, source, notice } = findMasterKey(config, how.embedded, sealedAlready);
  const ring = new KeyRing(() => givenKeys(config));
  const first = ring.add(key);
  if (!standing && sealedAlready)
    throw refuse('The store holds secrets but not the mark of the key that seals them (table vault_marks): restore it from your backup.');
  const mark = standing ?? (await claimMark(db, 'master', await makeMark(first), now()));
  await prove(ring, mark, source, hex(first.keyId));
  await proveNext(ring, await findMark(db, 'next'));
  /** While a rotation is under way, what is new is sealed by the new key. */
  const sealing = async (): Promise<KeyProvider> => {
    const now = (await findMark(db, 'next')) ?? (await findMark(db, 'master'));
    const provider = ring.find(now?.key_id ?? null);
    if (!provider)
      throw refuse(`The master key ${now?.key_id} seals this store now, and was not given to this process: start it with that key.`);
    return provider;
  };
  const deps = { db, ring, place: config };
  let rotating: Promise<VaultRotation> | undefined;
  let resuming: Promise<VaultRotation | null> | undefined;
  let sweeping: NodeJS.Timeout | undefined;
  const rotate = (aboutOf: AboutOf): Promise<VaultRotation> => {
    rotating ??= rotateKey(deps, aboutOf).finally(() => {
      rotating = undefined;
      clearTimeout(sweeping);
      // A start that comes before does the same.
      sweeping = setTimeout(() => sweepKeys(deps, aboutOf).catch(() => {}), SWEEP_MS).unref();
    });
    return rotating;
  };

  return {
    notice,
    async seal(about, secret) {
      const aad = aadOf(about);
      if (!aad) throw new TypeError('the current version has no layout');
      const plain = Buffer.from(reveal(secret), 'utf8');
      try {
        return { sealed: await sealEnvelope(await sealing(), currentVersion, aad, plain), v: currentVersion };
      } finally {
        plain.fill(0);
      }
    },
    async open(about, sealed) {
      const v = versionOf(sealed);
      const aad = v === null ? null : aadOf(about, v);
      if (!aad) throw unreadable();
      const plain = await openWith(ring, aad, sealed);
      try {
        return new Secret(plain.toString('utf8'));
      } finally {
        plain.fill(0);
      }
    },
    key: systemKeys({ ring, sealing }, db),
    keyWithin: (trx, purpose) => systemKeyWithin({ ring, sealing }, trx, purpose),
    async status(organizationId) {
      const { secrets, oldest } = await countSecrets(db, organizationId);
      const [master, next] = [await findMark(db, 'master'), await findMark(db, 'next')];
      const keyId = master?.key_id ?? hex(first.keyId);
      return { provider: first.id, keyId, source, secrets, oldestSecretAt: oldest, rotatingTo: next?.key_id ?? null };
    },
    async healthy() {
      const mark = await findMark(db, 'master');
      const provider = mark && ring.find(mark.key_id);
      return mark !== undefined && provider !== undefined && (await opensMark(provider, mark));
    },
    rotate,
    resume(aboutOf) {
      resuming = findMark(db, 'next').then((next) => (next ? rotate(aboutOf) : sweepKeys(deps, aboutOf).then(() => null)));
      return resuming;
    },
    async close() {
      await Promise.allSettled([rotating, resuming]);
      clearTimeout(sweeping);
    },
  };
}

const unreadable = (cause?: unknown): Fault =>
  new Fault('credential.unreadable', {
    detail: 'The stored credential opens only for the destination it was entered for: enter the password again.',
    ...(cause === undefined ? {} : { cause }),
  });

async function openWith(ring: KeyRing, aad: Uint8Array, sealed: Uint8Array): Promise<Buffer> {
  try {
    return await openEnvelope(ring.holding(sealed), aad, sealed);
  } catch (error) {
    throw unreadable(error);
  }
}

async function prove(ring: KeyRing, mark: Mark | undefined, source: string, given: string): Promise<void> {
  const provider = mark && ring.find(mark.key_id);
  if (mark && !provider)
    throw refuse(
      `The key from ${source} is not the one that seals this store: it has the id ${given}, the store was sealed with ${mark.key_id}. Give the key it was sealed with (PORTCULLIS_MASTER_KEY, PORTCULLIS_MASTER_KEY_FILE, or master.key in the data folder).`,
    );
  if (!mark || !provider || !(await opensMark(provider, mark)))
    throw refuse('The mark of the master key in the store (table vault_marks) is damaged: restore the store from your backup.');
}

async function proveNext(ring: KeyRing, next: Mark | undefined): Promise<void> {
  if (!next) return;
  const provider = ring.find(next.key_id);
  if (!provider)
    throw refuse(
      `A rotation to the master key ${next.key_id} is under way: some secrets are sealed by it already. Give it as PORTCULLIS_MASTER_KEY_NEXT (or _FILE) beside the old one until the rotation has ended.`,
    );
  if (!(await opensMark(provider, next)))
    throw refuse('The mark of the next master key in the store (table vault_marks) is damaged: restore the store from your backup.');
}
