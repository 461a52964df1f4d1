import { readFileSync, writeFileSync } from 'node:fs';

interface Entry {
  readonly dev?: true;
  readonly resolved?: string;
  devDependencies?: unknown;
}

// A lock file does not travel with a package, npm-shrinkwrap.json does: it makes an install the same everywhere.
// Made by `prepack` out of the lock file, without what is only for developing, and removed by `postpack`.
const root = new URL('../', import.meta.url);
const lock: { packages: Record<string, Entry> } = JSON.parse(readFileSync(new URL('package-lock.json', root), 'utf8'));

const kept = Object.entries(lock.packages).filter(([, entry]) => !entry.dev);
const located = kept.filter(([, entry]) => entry.resolved !== undefined).map(([path]) => path);
if (located.length > 0) {
  throw new Error(`package-lock.json names where it took ${located.join(', ')} from: make it with omit-lockfile-registry-resolved=true`);
}
for (const [, entry] of kept) delete entry.devDependencies;
writeFileSync(new URL('npm-shrinkwrap.json', root), `${JSON.stringify({ ...lock, packages: Object.fromEntries(kept) }, null, 2)}\n`);
