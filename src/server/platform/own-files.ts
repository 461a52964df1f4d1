import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What the operating system knows a file by, however it is called. */
interface FileIdentity {
  readonly dev: bigint;
  readonly ino: bigint;
}

/** Tells whether a file is one that lies in our data folder itself (the store, its log, keys, locks), under whatever name it is reached. */
export function ownFiles(folder: string): (file: FileIdentity) => boolean {
  return (file) => {
    for (const entry of listed(folder)) {
      const own = statSync(join(folder, entry), { bigint: true, throwIfNoEntry: false });
      if (own?.isFile() && own.dev === file.dev && own.ino === file.ino) return true;
    }
    return false;
  };
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    // With a store elsewhere there may be no such folder: then nothing in it is ours. Any other trouble is not a no.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
