import type { VaultRotation } from '../../contract/identity.ts';
import { now } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';
import { Fault } from '../platform/fault.ts';
import { aadOf, type SealedFor, systemAad } from './additional-data.ts';
import { keyIdOf, rewrapEnvelope, versionOf } from './envelope.ts';
import type { KeyProvider } from './key-provider.ts';
import { hex, type KeyRing } from './key-ring.ts';
import { makeMark } from './marks.ts';
import type { KeyPlace } from './master-key.ts';
import { keepKey, keepsOwnKey, nextKey } from './next-key.ts';
import { claimMark, findMark, finishRotation, listSealed, replaceSealed, type SealedRow } from './vault-store.ts';

/** Tells what a stored credential is bound to; null when it is gone meanwhile. */
export type AboutOf = (connectionId: string, slot: string) => Promise<SealedFor | null>;

export interface RotationDeps {
  readonly db: Database;
  readonly ring: KeyRing;
  readonly place: KeyPlace;
}

/** Rows that are moved at once: they share a commit. */
const AT_ONCE = 20;

/**
 * Puts another master key in place of the one in use: every data key is wrapped anew, row by row, none of the secrets is opened. Whenever it is
 * cut short each row is whole under one of the two keys, both stay given, and the next call goes on.
 */
export async function rotateKey(deps: RotationDeps, aboutOf: AboutOf): Promise<VaultRotation> {
  const { db, ring, place } = deps;
  const standing = await findMark(db, 'master');
  const from = ring.find(standing?.key_id ?? null);
  if (!from) throw new Fault('store.unavailable', { detail: 'The mark of the master key is missing in the store (table vault_marks).' });
  const to = await target(deps, from, aboutOf);
  const { moved, left } = await moveAll(deps, to, aboutOf);
  const done = left === 0;
  if (done) await finishRotation(db, await makeMark(to), now());
  const todo = keepsOwnKey(place)
    ? 'Copy master.key of the data folder again: a copy of before does not open this store any more.'
    : 'Give the new key as PORTCULLIS_MASTER_KEY (or _FILE) to every process, take PORTCULLIS_MASTER_KEY_NEXT (or _FILE) away, and start them again.';
  return { keyId: hex(to.keyId), previousKeyId: hex(from.keyId), moved, unreadable: left, done, todo: done ? todo : null };
}

/**
 * After a rotation: moves what somebody sealed who had looked up the key before it ended, then lets the own key file hold the key in use alone.
 * Does nothing while a rotation is under way.
 */
export async function sweepKeys(deps: RotationDeps, aboutOf: AboutOf): Promise<void> {
  const { db, ring, place } = deps;
  if (await findMark(db, 'next')) return;
  const used = ring.find((await findMark(db, 'master'))?.key_id ?? null);
  if (!used || (await moveAll(deps, used, aboutOf)).left > 0) return;
  keepKey(place, (key) => hex(ring.add(key).keyId) === hex(used.keyId));
}

/** Moves every row to a key; says how many are left, since neither key opens them. */
async function moveAll(deps: RotationDeps, to: KeyProvider, aboutOf: AboutOf): Promise<{ moved: number; left: number }> {
  let moved = 0;
  let left = await rowsOutside(deps.db, to);
  // A row that was changed while it was moved is met again.
  for (let tries = 0; left.length > 0 && tries < 3; tries++) {
    for (let at = 0; at < left.length; at += AT_ONCE) {
      const done = await Promise.all(left.slice(at, at + AT_ONCE).map((row) => move(deps, to, row, aboutOf)));
      moved += done.filter(Boolean).length;
    }
    left = await rowsOutside(deps.db, to);
  }
  return { moved, left: left.length };
}

/** The key of the rotation under way, or that of a new one, announced in the store before anything is wrapped by it. */
async function target(deps: RotationDeps, from: KeyProvider, aboutOf: AboutOf): Promise<KeyProvider> {
  const { db, ring, place } = deps;
  const begun = await findMark(db, 'next');
  if (begun) {
    const to = ring.find(begun.key_id);
    if (to) return to;
    throw new Fault('store.unavailable', { detail: `A rotation to the master key ${begun.key_id} is under way, which was not given.` });
  }
  // The rotation before may have left its old key beside the one in use.
  await sweepKeys(deps, aboutOf);
  const to = ring.add(nextKey(place));
  if (hex(to.keyId) === hex(from.keyId))
    throw new Fault('request.invalid', { detail: 'The key in PORTCULLIS_MASTER_KEY_NEXT is the one in use already: give another one.' });
  const claimed = await claimMark(db, 'next', await makeMark(to), now());
  const winner = claimed && ring.find(claimed.key_id);
  if (!winner) throw new Fault('store.unavailable', { detail: 'Another process rotates to a key that this one was not given.' });
  return winner;
}

/** The rows that another key holds, and those that hold nothing that could be opened. */
async function rowsOutside(db: Database, to: KeyProvider): Promise<SealedRow[]> {
  const wanted = hex(to.keyId);
  return (await listSealed(db)).filter(({ sealed }) => keyIdOf(sealed) !== wanted);
}

/** Wraps one row's data key anew, if the row is still as it was read. False where that is not possible. */
async function move({ db, ring }: RotationDeps, to: KeyProvider, row: SealedRow, aboutOf: AboutOf): Promise<boolean> {
  try {
    const aad = 'purpose' in row ? systemAad(`key ${row.purpose}`) : await aadOfCredential(row, aboutOf);
    if (!aad) return false;
    return await replaceSealed(db, row, await rewrapEnvelope(ring.holding(row.sealed), to, aad, row.sealed));
  } catch (error) {
    if (error instanceof Error && 'code' in error && !String(error.code).startsWith('ERR_')) throw error;
    // It does not open: damaged, or its connection was changed by hand. It stays as it is, and so does the old key.
    return false;
  }
}

async function aadOfCredential(row: Extract<SealedRow, { slot: string }>, aboutOf: AboutOf): Promise<Uint8Array | null> {
  const about = await aboutOf(row.connection_id, row.slot);
  const v = versionOf(row.sealed);
  return about && v !== null ? aadOf(about, v) : null;
}
