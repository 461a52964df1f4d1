import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { Fault } from '../../platform/fault.ts';
import type { FilesPlace } from '../engine.ts';

/** A database file that may be opened, and what the operating system knows it by. */
export interface FoundFile {
  readonly path: string;
  readonly dev: bigint;
  readonly ino: bigint;
}

const magic = Buffer.from('SQLite format 3\0', 'latin1');

/** The one answer to a file that is missing, forbidden, outside of the folder, no file at all, or ours: nobody learns which files there are. */
export const noSuchFile = (): Fault =>
  new Fault('database.unknown', {
    stage: 'database',
    field: 'address.file',
    detail: 'There is no such database in the folder that the server keeps for this organisation.',
    tryThis: [
      'Check the name. Whoever runs the server puts the file into the folder of the organisation (PORTCULLIS_SQLITE_ROOT, then the organisation’s id).',
      'The file must be readable by the system user that Portcullis runs as.',
    ],
    technical: 'not found',
  });

const notADatabase = (): Fault =>
  new Fault('protocol.mismatched', {
    stage: 'database',
    field: 'address.file',
    detail: 'The file is not a SQLite database, or it is encrypted.',
    tryThis: ['Give the file of a database that the plain sqlite3 program opens.'],
    technical: 'SQLITE_NOTADB (26)',
  });

/** Finds a file of the organisation: a real one, below its folder whatever links say, with the header of a SQLite database, and not ours. */
export async function findFile(name: string, files: FilesPlace): Promise<FoundFile> {
  try {
    const root = await realpath(files.root);
    const path = await realpath(resolve(root, name));
    if (!path.startsWith(join(root, sep))) throw noSuchFile();
    return await examine(path, files);
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw noSuchFile();
  }
}

async function examine(path: string, files: FilesPlace): Promise<FoundFile> {
  // Without blocking: what is no file (a pipe) would be waited for at its opening.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  try {
    const { dev, ino, ...kind } = await file.stat({ bigint: true });
    if ((kind.mode & 0o170_000n) !== 0o100_000n || files.isOwn({ dev, ino })) throw noSuchFile();
    const head = Buffer.alloc(magic.length);
    await file.read(head, 0, head.length, 0);
    if (!head.equals(magic)) throw notADatabase();
    return { path, dev, ino };
  } finally {
    await file.close();
  }
}
