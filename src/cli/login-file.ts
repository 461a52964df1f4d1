import { chmodSync, closeSync, fstatSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Failed } from './failure.ts';

const Login = z.object({ url: z.string(), apiKey: z.string() });
/** What `portcullis login` keeps: where the server is, and the key for it alone. */
export type Login = z.infer<typeof Login>;

const file = (folder: string): string => join(folder, 'login.json');

/** The kept login, or null. Where others can read or change it, it is not used. */
export function readLogin(folder: string): Login | null {
  let opened: number;
  try {
    opened = openSync(file(folder), 'r');
  } catch {
    return null;
  }
  let text: string;
  try {
    // Asked of the file that is open, so that it is the one that is read.
    if ((fstatSync(opened).mode & 0o077) !== 0 && process.platform !== 'win32') {
      throw new Failed(
        'login.missing',
        `${file(folder)} holds a key and can be read by others: end that key if they may have seen it, then run \`chmod 600\` on the file or \`portcullis login\` again.`,
      );
    }
    text = readFileSync(opened, 'utf8');
  } finally {
    closeSync(opened);
  }
  try {
    return Login.parse(JSON.parse(text));
  } catch {
    throw new Failed('login.missing', `${file(folder)} cannot be read: run \`portcullis login\` again.`);
  }
}

/** Keeps the login where its owner alone can read it; gives the file's path. */
export function writeLogin(folder: string, login: Login): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  writeFileSync(file(folder), `${JSON.stringify(login)}\n`, { mode: 0o600 });
  // The mode above holds for a new file only.
  chmodSync(file(folder), 0o600);
  return file(folder);
}
