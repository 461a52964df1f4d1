import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerAccount } from './postgres-binaries.ts';
import { findPostgresBinaries, findServerAccount, postgresAvailable } from './postgres-binaries.ts';

/** PEM texts for a server that speaks TLS. */
export interface ServerTls {
  cert: string;
  key: string;
  ca?: string;
}

/** What a test may ask of its own PostgreSQL. */
export interface PostgresOptions {
  /** Turns TLS on; whether clients must use it is up to `hba`. */
  ssl?: ServerTls;
  /** Lines of pg_hba.conf in place of `host all all 127.0.0.1/32 scram-sha-256`. */
  hba?: string[];
  /** Lines of postgresql.conf. */
  settings?: Record<string, string>;
  /** Off unless the test measures speed or durability. */
  fsync?: boolean;
  /** Folder of initdb and postgres; the newest that is installed unless named. */
  bin?: string | null;
}

/** A folder in which initdb has run. */
export interface ServerFolder {
  folder: string;
  bin: string;
  account: ServerAccount | null;
}

/** What every process of the server is started with: its own account and nothing of the test's environment. */
export function spawnOptions(server: ServerFolder) {
  return { ...server.account, cwd: server.folder, env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' } };
}

async function writeOwned(server: ServerFolder, name: string, text: string): Promise<void> {
  const path = join(server.folder, name);
  await writeFile(path, text, { mode: 0o600 });
  if (server.account !== null) {
    await chown(path, server.account.uid, server.account.gid);
  }
}

async function initdb(server: ServerFolder, password: string): Promise<void> {
  await writeOwned(server, 'password', password);
  const args = ['-D', 'data', '-U', 'postgres', '-E', 'UTF8', '--locale=C.UTF-8', '--auth=scram-sha-256'];
  args.push('--pwfile=password', '--no-sync', '--no-instructions');
  const run = spawn(join(server.bin, 'initdb'), args, { ...spawnOptions(server), stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  run.stderr.on('data', (chunk) => {
    complaint += chunk;
  });
  const [code] = await once(run, 'close');
  await rm(join(server.folder, 'password'), { force: true });
  if (code !== 0) {
    throw new Error(`initdb ended with ${code}: ${complaint}`);
  }
}

function configuration(server: ServerFolder, options: PostgresOptions): string {
  const fsync = options.fsync === true ? 'on' : 'off';
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: server.folder,
    fsync,
    synchronous_commit: fsync,
    full_page_writes: fsync,
    max_connections: '60',
  };
  if (options.ssl !== undefined) {
    Object.assign(settings, { ssl: 'on', ssl_cert_file: '../server.crt', ssl_key_file: '../server.key' });
  }
  if (options.ssl?.ca !== undefined) {
    settings.ssl_ca_file = '../ca.crt';
  }
  const lines = Object.entries({ ...settings, ...options.settings });
  return lines.map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`).join('');
}

/** Makes the folder, its database cluster and its configuration; starts nothing. */
export async function prepareFolder(options: PostgresOptions, password: string): Promise<ServerFolder> {
  const bin = options.bin ?? findPostgresBinaries();
  const missing = postgresAvailable();
  if (bin === null || missing !== null) {
    throw new Error(`Cannot start PostgreSQL: ${missing}`);
  }
  // A Unix socket's path may not be longer than 107 bytes.
  const parent = tmpdir().length < 70 ? tmpdir() : '/tmp';
  const server = { folder: await mkdtemp(join(parent, 'portcullis-pg-')), bin, account: findServerAccount() };
  try {
    if (server.account !== null) {
      await chown(server.folder, server.account.uid, server.account.gid);
    }
    await initdb(server, password);
    await writeOwned(server, 'data/postgresql.conf', configuration(server, options));
    // The tests' own superuser comes in through the socket, so that no test's `hba` can lock it out.
    const hba = ['local all all scram-sha-256', ...(options.hba ?? ['host all all 127.0.0.1/32 scram-sha-256'])];
    await writeOwned(server, 'data/pg_hba.conf', `${hba.join('\n')}\n`);
    if (options.ssl !== undefined) {
      await writeOwned(server, 'server.crt', options.ssl.cert);
      await writeOwned(server, 'server.key', options.ssl.key);
      await writeOwned(server, 'ca.crt', options.ssl.ca ?? '');
    }
    return server;
  } catch (error) {
    await rm(server.folder, { recursive: true, force: true });
    throw error;
  }
}
