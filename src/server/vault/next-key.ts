import { randomBytes } from 'node:crypto';
import { renameSync } from 'node:fs';
import { reveal } from '../platform/secret.ts';
import { fromBase64, type KeyPlace, ownKeyFile, readKeyFile, refuse, writeKeyFile } from './master-key.ts';

const ownFile = (place: KeyPlace): boolean => !place.masterKey && !place.masterKeyFile && !place.databaseUrl;
const readOwn = (place: KeyPlace): Buffer[] => readKeyFile(ownKeyFile(place), `The master key file ${ownKeyFile(place)}`) ?? [];

/** Every master key that is given at this moment, wherever it stands; none is made. */
export function givenKeys(place: KeyPlace): Buffer[] {
  const named = place.masterKeyFile ? readKeyFile(place.masterKeyFile, 'The file named by PORTCULLIS_MASTER_KEY_FILE') : null;
  const texts = [place.masterKey, place.masterKeyNext].map((key) => (key ? fromBase64(reveal(key)) : null));
  const next = place.masterKeyNextFile ? readKeyFile(place.masterKeyNextFile, 'The file named by PORTCULLIS_MASTER_KEY_NEXT_FILE') : null;
  return [...texts.filter((key) => key !== null), ...(named ?? []), ...(ownFile(place) ? readOwn(place) : []), ...(next ?? [])];
}

/** The key to rotate to: the one that the operator gave, or in the embedded store's own file a new one beside the old. */
export function nextKey(place: KeyPlace): Buffer {
  if (place.masterKeyNext) {
    const key = fromBase64(reveal(place.masterKeyNext));
    if (!key) throw refuse('PORTCULLIS_MASTER_KEY_NEXT must be 32 bytes in base64, as `openssl rand -base64 32` prints.');
    return key;
  }
  if (place.masterKeyNextFile) {
    const [key] = readKeyFile(place.masterKeyNextFile, 'The file named by PORTCULLIS_MASTER_KEY_NEXT_FILE') ?? [];
    if (!key) throw refuse('The file named by PORTCULLIS_MASTER_KEY_NEXT_FILE does not exist: make it with `openssl rand -base64 32`.');
    return key;
  }
  if (!ownFile(place))
    throw refuse(
      'Give the key to rotate to in PORTCULLIS_MASTER_KEY_NEXT or PORTCULLIS_MASTER_KEY_NEXT_FILE, to every process, and start again.',
    );
  const [standing, older] = readOwn(place);
  if (!standing) throw refuse(`The master key file ${ownKeyFile(place)} is missing.`);
  if (older)
    throw refuse('Some secrets open with neither of the keys of the last rotation: enter those credentials again or delete them first.');
  const key = randomBytes(32);
  writeKeyFile(ownKeyFile(place), [standing, key], renameSync);
  return key;
}

/** Whether the embedded store's own file holds its key: then nobody has to put another one anywhere. */
export const keepsOwnKey = ownFile;

/** Leaves in the embedded store's own file the one key that `wanted` says is in use. */
export function keepKey(place: KeyPlace, wanted: (key: Buffer) => boolean): void {
  if (!ownFile(place)) return;
  const keys = readOwn(place);
  const kept = keys.filter((key) => wanted(Buffer.from(key)));
  if (keys.length > 1 && kept.length === 1) writeKeyFile(ownKeyFile(place), kept, renameSync);
}
