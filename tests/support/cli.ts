import { spawn } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** What a command did. */
export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Stdout as JSON. */
  json<T = Record<string, unknown>>(): T;
}

/** The command line of one person: their own configuration folder, and a server to talk to. */
export type Cli = (
  args: readonly string[],
  how?: { readonly stdin?: string; readonly env?: Readonly<Record<string, string>> },
) => Promise<CliResult>;

/** Runs bin/portcullis.js as a process without a terminal. `env`: what every command of it is told. */
export function commandLine(configHome: string, env: Readonly<Record<string, string>> = {}): Cli {
  return async (args, how = {}) => {
    const child = spawn(process.execPath, [join(root, 'bin', 'portcullis.js'), ...args], {
      cwd: configHome,
      env: { PATH: process.env.PATH ?? '', HOME: configHome, XDG_CONFIG_HOME: configHome, ...env, ...how.env },
      stdio: 'pipe',
    });
    const out = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        out[name] += text;
      });
    }
    // A command that refuses at once may be gone before its input arrives.
    child.stdin.on('error', () => undefined).end(how.stdin ?? '');
    const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
    return {
      code,
      ...out,
      json<T>() {
        if (out.stdout === '') throw new Error(`nothing on stdout; stderr: ${out.stderr}`);
        return JSON.parse(out.stdout) as T;
      },
    };
  };
}
