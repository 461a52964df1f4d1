import { randomBytes } from 'node:crypto';
import { closeSync, constants, fstatSync, fsyncSync, linkSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Fault } from '../platform/fault.ts';
import { reveal, type Secret } from '../platform/secret.ts';

/** Where the operator put the master key, as the configuration says it. */
export interface KeyPlace {
  readonly masterKey: Secret | null;
  readonly masterKeyFile: string | null;
  /** The key to rotate to. */
  readonly masterKeyNext?: Secret | null;
  readonly masterKeyNextFile?: string | null;
  readonly databaseUrl: Secret | null;
  readonly dataDir: string;
}

/** The master key, what to call the place it came from, and what the operator has to be told. */
export interface FoundKey {
  readonly key: Buffer;
  readonly source: string;
  readonly notice: string | null;
}

/** A start that must not go on: the key is missing, wrong or badly kept. */
export const refuse = (detail: string): Fault => new Fault('store.unavailable', { detail });

/**
 * Finds the master key. Only the embedded store may make one, in its own folder, and only while nothing is sealed yet
 * (`sealedAlready`): a new key beside old secrets would lose them without a word.
 */
export function findMasterKey(place: KeyPlace, embedded: boolean, sealedAlready: boolean): FoundKey {
  if (place.masterKey && place.masterKeyFile)
    throw refuse('PORTCULLIS_MASTER_KEY and PORTCULLIS_MASTER_KEY_FILE are both set: give one of them.');
  if (place.masterKey) {
    const key = fromBase64(reveal(place.masterKey));
    if (!key) throw refuse('PORTCULLIS_MASTER_KEY must be 32 bytes in base64, as `openssl rand -base64 32` prints.');
    return { key, source: 'PORTCULLIS_MASTER_KEY', notice: null };
  }
  if (place.masterKeyFile) {
    const [key] = readKeyFile(place.masterKeyFile, 'The file named by PORTCULLIS_MASTER_KEY_FILE') ?? [];
    if (!key) throw refuse('The file named by PORTCULLIS_MASTER_KEY_FILE does not exist: restore it, or name the right one.');
    return { key, source: 'PORTCULLIS_MASTER_KEY_FILE', notice: null };
  }
  if (!embedded || place.databaseUrl)
    throw refuse('PORTCULLIS_MASTER_KEY is needed with PORTCULLIS_DATABASE_URL, so that the key is never kept beside what it seals.');

  const path = ownKeyFile(place);
  const source = 'master.key in the data folder';
  const [found] = readKeyFile(path, `The master key file ${path}`) ?? [];
  if (found) return { key: found, source, notice: null };
  if (sealedAlready)
    throw refuse(
      `The master key file ${path} is missing, but the store holds secrets sealed with it. Restore the file from your backup, or give its content as PORTCULLIS_MASTER_KEY. No new key was made.`,
    );
  const notice = `A master key was made in ${path}. Stored passwords cannot be opened without it: keep a copy apart from the backups of this folder.`;
  return { key: makeKeyFile(path), source, notice };
}

/** The embedded store's own key file; while its key is rotated it holds both keys, a line each. */
export const ownKeyFile = (place: Pick<KeyPlace, 'dataDir'>): string => join(place.dataDir, 'master.key');

/** Reads a key file that its owner alone may read; null when it is not there. */
export function readKeyFile(path: string, what: string): Buffer[] | null {
  let file: number;
  try {
    // Not blocking: a pipe in its place would otherwise hold the start for ever.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    if (code === 'ENOENT') return null;
    throw refuse(`${what} cannot be read (${code}): check its owner and permissions.`);
  }
  const content = Buffer.alloc(256);
  try {
    const facts = fstatSync(file);
    if (!facts.isFile()) throw refuse(`${what} is not a regular file.`);
    if ((facts.mode & 0o177) !== 0)
      throw refuse(`${what} has permissions 0${(facts.mode & 0o777).toString(8)}: only its owner may have access to it (chmod 600).`);
    const length = readSync(file, content);
    const keys = length === 32 ? [Buffer.from(content.subarray(0, 32))] : fromLines(content.toString('latin1', 0, length));
    if (!keys) throw refuse(`${what} must hold 32 bytes, raw or in base64, as \`openssl rand -base64 32\` prints.`);
    return keys;
  } finally {
    content.fill(0);
    closeSync(file);
  }
}

/** Makes the key file: whole and on disk before it has its name, and never over another one. */
function makeKeyFile(path: string): Buffer {
  const key = randomBytes(32);
  try {
    writeKeyFile(path, [key], linkSync);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw refuse(`The master key file ${path} could not be made (${code}): check the data folder, or set PORTCULLIS_MASTER_KEY.`);
  }
  return key;
}

/** Writes a key file: whole and on disk before `name` gives it its name, by linking (never over another) or renaming (in its place). */
export function writeKeyFile(path: string, keys: readonly Buffer[], name: (draft: string, path: string) => void): void {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  const file = openSync(draft, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    writeSync(file, keys.map((key) => `${key.toString('base64')}\n`).join(''));
    fsyncSync(file);
    name(draft, path);
  } finally {
    closeSync(file);
    rmSync(draft, { force: true });
  }
  const folder = openSync(dirname(path), constants.O_RDONLY);
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** One key, or the two of a rotation. */
function fromLines(text: string): Buffer[] | null {
  const keys = text.trim().split(/\s+/).map(fromBase64);
  const read = keys.filter((key) => key !== null);
  return read.length === keys.length && read.length <= 2 ? read : null;
}

/** 32 bytes of strict base64, with or without padding; null for anything else. */
export function fromBase64(text: string): Buffer | null {
  const trimmed = text.trim();
  return /^[A-Za-z0-9+/]{43}=?$/.test(trimmed) ? Buffer.from(trimmed, 'base64') : null;
}
