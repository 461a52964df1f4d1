import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { Fault } from './fault.ts';

/** Makes the data folder, readable by its owner alone (0700). */
export function prepareFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if ((statSync(folder).mode & 0o077) !== 0) chmodSync(folder, 0o700);
}

/**
 * Holds the folder for this process until the returned function is called or the process ends, however it ends:
 * the lock is the operating system's, taken through SQLite, so that no stale file can remain.
 */
export function lockFolder(folder: string): () => void {
  const lock = new DatabaseSync(`${folder}/lock.db`, { timeout: 0 });
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    throw new Fault('store.unavailable', {
      detail: `Another Portcullis process uses the data folder ${folder}: stop it first, or name another folder with PORTCULLIS_DATA_DIR.`,
      cause: error,
    });
  }
  return () => lock.close();
}
