import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerFolder } from './postgres-folder.ts';
import { spawnOptions } from './postgres-folder.ts';

const START_LIMIT_MS = 60_000;

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done, fail) => {
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', done);
  });
  const address = probe.address();
  await new Promise((done) => probe.close(done));
  if (address === null || typeof address === 'string') {
    throw new Error('The operating system gave no port');
  }
  return address.port;
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function readIfThere(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

async function spawnOn(server: ServerFolder, port: number): Promise<ChildProcess | 'port taken'> {
  const logPath = join(server.folder, 'log');
  const log = openSync(logPath, 'w', 0o600);
  const args = ['-D', 'data', '-p', String(port)];
  const child = spawn(join(server.bin, 'postgres'), args, {
    ...spawnOptions(server),
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const giveUpAt = Date.now() + START_LIMIT_MS;
  while (!hasEnded(child) && Date.now() < giveUpAt) {
    // The last line of this file is the server's own word on whether it takes connections.
    const status = await readIfThere(join(server.folder, 'data/postmaster.pid'));
    if (status.startsWith(`${child.pid}\n`) && /^ready\s*$/m.test(status)) {
      child.unref();
      return child;
    }
    await sleep(20);
  }
  await endProcess(child, 'SIGQUIT');
  const text = await readIfThere(logPath);
  if (text.includes('Address already in use')) {
    return 'port taken';
  }
  throw new Error(`PostgreSQL did not start: ${text.slice(-2000)}`);
}

/** Starts the server on `port`, or on a free one; another process may take that first, so it tries several. */
export async function startProcess(server: ServerFolder, port?: number): Promise<{ child: ChildProcess; port: number }> {
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    const chosen = port ?? (await freePort());
    const child = await spawnOn(server, chosen);
    if (child !== 'port taken') {
      return { child, port: chosen };
    }
    await sleep(100);
  }
  throw new Error(port === undefined ? 'No free port in five attempts' : `Port ${port} is taken`);
}

/** Sends the signal and waits until the process is gone. */
export async function endProcess(child: ChildProcess, signal: 'SIGQUIT' | 'SIGINT'): Promise<void> {
  if (hasEnded(child)) {
    return;
  }
  const gone = new Promise((done) => child.once('exit', done));
  child.ref();
  child.kill(signal);
  await gone;
}

/**
 * A shell that outlives the tests by a moment: when their process ends, however it does, its end of the pipe closes,
 * and the shell ends the server and removes the folder. The returned function dismisses it.
 */
export function watchOver(server: ServerFolder): () => void {
  const script = 'read -r _; kill -QUIT "$(head -n 1 data/postmaster.pid)" && sleep 0.5; cd / && rm -rf -- "$0"';
  const shell = spawn('/bin/sh', ['-c', script, server.folder], {
    cwd: server.folder,
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  shell.unref();
  (shell.stdin as unknown as { unref(): void }).unref();
  return () => {
    shell.kill('SIGKILL');
  };
}
