import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** The server as a process of its own, as `npm start` runs it. */
export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  readonly child: ChildProcess;
  /** All it printed so far. */
  output(): string;
  kill(signal: NodeJS.Signals): Promise<void>;
}

/** Starts it and waits for the line that tells its address. `file`: the entry to run, the repository's own unless given. */
export async function startProcess(
  env: Readonly<Record<string, string>>,
  file = join(root, 'bin', 'portcullis.js'),
  cwd = root,
): Promise<ServerProcess> {
  const child = spawn(process.execPath, [file, 'serve'], {
    cwd,
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', PORTCULLIS_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no address after 30 s: ${output}`)), 30_000);
    const listen = (chunk: Buffer): void => {
      output += chunk.toString();
      const found = /listens on (http:\/\/\S+)/.exec(output)?.[1];
      if (found) {
        clearTimeout(late);
        resolve(found);
      }
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('exit', (code) => {
      clearTimeout(late);
      reject(new Error(`ended with ${code}: ${output}`));
    });
  });
  return {
    url,
    pid: child.pid ?? 0,
    child,
    output: () => output,
    async kill(signal) {
      child.kill(signal);
      await ended;
    },
  };
}
