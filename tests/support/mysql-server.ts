import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ConnectionOptions, createConnection } from 'mysql2/promise';
import { findPrograms, type Kind, type Programs } from './mysql-binaries.ts';
import type { ServerTls } from './postgres-folder.ts';

/** One row of an answer, by column name. */
export type Row = Record<string, unknown>;

/** What a test may ask of its own server. */
export interface MysqlOptions {
  /** Turns TLS on with this certificate; MySQL makes one by itself otherwise, MariaDB has none. */
  readonly ssl?: ServerTls;
  /** Further options, as `--name=value`. */
  readonly settings?: readonly string[];
}

/** A running server of this family that belongs to one test file. */
export interface MysqlServer {
  readonly kind: Kind;
  readonly port: number;
  readonly folder: string;
  readonly root: { readonly username: string; readonly password: string };
  /** Runs one or several statements as root through the socket; the last one's rows. */
  sql(text: string, database?: string): Promise<Row[]>;
  /** Ends all sessions and comes back on the same port. */
  restart(): Promise<void>;
  /** Ends the server at once and removes its folder; the second call does nothing. */
  stop(): Promise<void>;
}

const startLimitMs = 60_000;
const root = { username: 'root', password: 'root-of-a-test' };

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  await new Promise((done) => probe.close(done));
  return typeof address === 'object' && address ? address.port : 0;
}

const spawnOptions = (folder: string, { account }: Programs) => ({
  ...account,
  cwd: folder,
  env: { PATH: '/usr/bin:/bin:/usr/sbin', LC_ALL: 'C.UTF-8' },
});

async function initialise(folder: string, programs: Programs): Promise<void> {
  const [program = '', ...args] = programs.initialise;
  const own = [...args, `--datadir=${join(folder, 'data')}`, ...(programs.account ? ['--user=mysql'] : [])];
  const run = spawn(program, own, { ...spawnOptions(folder, programs), stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  run.stderr.on('data', (chunk) => {
    complaint += chunk;
  });
  const [code] = await once(run, 'close');
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${complaint.slice(-2000)}`);
}

/** A shell that outlives the tests by a moment: when their process ends, however it does, it ends the server and removes the folder. */
function watchOver(folder: string): () => void {
  const script = 'read -r _; kill -KILL "$(head -n 1 data/pid)"; sleep 0.5; cd / && rm -rf -- "$0"';
  const shell = spawn('/bin/sh', ['-c', script, folder], { cwd: folder, detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  shell.unref();
  (shell.stdin as unknown as { unref(): void }).unref();
  return () => {
    shell.kill('SIGKILL');
  };
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.ref();
  child.kill(signal);
  await gone;
}

/** Starts a MariaDB or a MySQL of its own for a test, in a temporary folder and on a free port of 127.0.0.1. */
export async function startMysql(kind: Kind, options: MysqlOptions = {}): Promise<MysqlServer> {
  const programs = findPrograms(kind);
  if (typeof programs === 'string') throw new Error(`Cannot start it: ${programs}`);
  // A Unix socket's path may not be longer than 107 bytes.
  const folder = await mkdtemp('/tmp/portcullis-my-');
  const { account } = programs;
  const own = async (name: string, text: string): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, text, { mode: 0o600 });
    if (account) await chown(path, account.uid, account.gid);
    return path;
  };
  if (account) await chown(folder, account.uid, account.gid);
  const dismiss = watchOver(folder);
  await initialise(folder, programs);
  const socket = join(folder, 's.sock');
  const ssl: string[] = [];
  // `ca` is whom the server believes about clients.
  for (const part of ['cert', 'key', 'ca'] as const) {
    const text = options.ssl?.[part];
    if (text !== undefined) ssl.push(`--ssl-${part}=${await own(`server-${part}.pem`, text)}`);
  }
  const port = await freePort();
  const way: ConnectionOptions = { socketPath: socket, user: root.username, multipleStatements: true, dateStrings: true };

  async function start(password: string): Promise<ChildProcess> {
    const log = openSync(join(folder, 'log'), 'a', 0o600);
    const [program = '', ...args] = programs instanceof Object ? programs.server : [];
    const given = [
      `--datadir=${join(folder, 'data')}`,
      `--socket=${socket}`,
      `--port=${port}`,
      `--pid-file=${join(folder, 'data/pid')}`,
      '--bind-address=127.0.0.1',
      '--skip-log-bin',
      '--innodb-buffer-pool-size=64M',
      '--innodb-flush-log-at-trx-commit=2',
      // A test’s server need not outlive the machine.
      '--innodb-flush-method=nosync',
      '--skip-innodb-doublewrite',
      `--tmpdir=${folder}`,
      '--performance-schema=OFF',
      ...(account ? ['--user=mysql'] : []),
      ...ssl,
      ...(options.settings ?? []),
    ];
    const child = spawn(program, [...args, ...given], {
      ...spawnOptions(folder, programs as Programs),
      detached: true,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    for (const giveUpAt = Date.now() + startLimitMs; Date.now() < giveUpAt && child.exitCode === null; await sleep(50)) {
      const client = await createConnection({ ...way, password }).catch(() => null);
      if (!client) continue;
      await client.end();
      child.unref();
      return child;
    }
    await end(child, 'SIGKILL');
    throw new Error(`The server did not start: ${(await readFile(join(folder, 'log'), 'utf8')).slice(-2000)}`);
  }

  let running = await start('').catch(async (error) => {
    dismiss();
    await rm(folder, { recursive: true, force: true });
    throw error;
  });
  let secret = '';
  async function sql(text: string, database?: string): Promise<Row[]> {
    const client = await createConnection({ ...way, password: secret, ...(database ? { database } : {}) });
    try {
      const [answer] = await client.query(text);
      const last: unknown = Array.isArray(answer) && Array.isArray(answer.at(-1)) ? answer.at(-1) : answer;
      return Array.isArray(last) ? (last as Row[]) : [];
    } finally {
      await client.end();
    }
  }
  // From the network too, so that tests can come as the strongest account there is.
  const everywhere = `CREATE USER root@'%' IDENTIFIED BY '${root.password}'; GRANT ALL ON *.* TO root@'%' WITH GRANT OPTION`;
  await sql(
    `SET PASSWORD FOR root@localhost = ${kind === 'mariadb' ? `PASSWORD('${root.password}')` : `'${root.password}'`}; ${everywhere}`,
  );
  secret = root.password;

  return {
    kind,
    port,
    folder,
    root,
    sql,
    async restart() {
      await end(running, 'SIGTERM');
      running = await start(secret);
    },
    async stop() {
      await end(running, 'SIGKILL');
      dismiss();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
