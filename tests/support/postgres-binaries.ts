import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { embeddedBinaries } from './postgres-embedded.ts';

const ROOT = '/usr/lib/postgresql';

/** The account that the server's processes run as; null means this process's own. */
export interface ServerAccount {
  uid: number;
  gid: number;
}

/** The folder with the newest installed initdb and postgres, or else with those that npm brought; null where there are none. */
export function findPostgresBinaries(): string | null {
  return installedBinaries() ?? embeddedBinaries();
}

function installedBinaries(): string | null {
  if (!existsSync(ROOT)) {
    return null;
  }
  const versions = readdirSync(ROOT).filter((name) => /^\d+$/.test(name));
  const newestFirst = versions.sort((a, b) => Number(b) - Number(a));
  const folders = newestFirst.map((version) => join(ROOT, version, 'bin'));
  return folders.find((bin) => existsSync(join(bin, 'initdb')) && existsSync(join(bin, 'postgres'))) ?? null;
}

function idOf(account: string, flag: '-u' | '-g'): number | null {
  const asked = spawnSync('id', [flag, account], { encoding: 'utf8' });
  return asked.status === 0 ? Number(asked.stdout.trim()) : null;
}

/** PostgreSQL refuses to run as root, so root hands it to the account that its package made, or to nobody. */
export function findServerAccount(): ServerAccount | null {
  if (process.getuid?.() !== 0) {
    return null;
  }
  for (const account of ['postgres', 'nobody']) {
    const uid = idOf(account, '-u');
    const gid = idOf(account, '-g');
    if (uid !== null && gid !== null) return { uid, gid };
  }
  return null;
}

/** Null where a throwaway PostgreSQL can be started here, or else the sentence that says what is missing. */
export function postgresAvailable(): string | null {
  if (findPostgresBinaries() === null) {
    return `no PostgreSQL server in ${ROOT}, nor one that npm brought for this platform; install one with: apt-get install postgresql-15`;
  }
  if (process.getuid?.() === 0 && findServerAccount() === null) {
    return 'PostgreSQL does not run as root and there is no account postgres or nobody; get one with: apt-get install postgresql-15';
  }
  return null;
}
