import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Debian's OpenSSH server on 127.0.0.1, which lets this user in by key alone. */
export interface Sshd {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly hostKeySha256: string;
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  }).then((there) => {
    socket.destroy();
    return there as boolean;
  });
}

/** Starts it with a key to let in, and with lines of sshd_config that come first. */
export async function startSshd(authorized: string, lines: readonly string[] = []): Promise<Sshd> {
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-sshd-'));
  const [key, keys, config] = [join(folder, 'host'), join(folder, 'authorized'), join(folder, 'config')];
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  const sha256 = /SHA256:\S+/.exec(execFileSync('ssh-keygen', ['-lf', `${key}.pub`], { encoding: 'utf8' }))?.[0] ?? '';
  writeFileSync(keys, `${authorized}\n`, { mode: 0o600 });
  // Its own folder, where it gives up the rights of root; a machine without the service started has none.
  if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  chmodSync(folder, 0o700);
  const port = await freePort();
  const settings = [
    ...lines,
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${key}`,
    `AuthorizedKeysFile ${keys}`,
    'PidFile none',
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin prohibit-password',
  ];
  writeFileSync(config, `${settings.join('\n')}\n`);
  const child = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  const said: string[] = [];
  child.stderr.on('data', (chunk) => said.push(String(chunk)));
  for (let tries = 0; !(await answers(port)); tries++) {
    if (tries > 100 || child.exitCode !== null) throw new Error(`sshd does not answer: ${said.join('')}`);
    await pause(50);
  }
  return { host: '127.0.0.1', port, user: userInfo().username, hostKeySha256: sha256, stop: () => stop(child, folder) };
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  if (child.exitCode === null) {
    const over = once(child, 'exit');
    child.kill('SIGTERM');
    await over;
  }
  rmSync(folder, { recursive: true, force: true });
}
