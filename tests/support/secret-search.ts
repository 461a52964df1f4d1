import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The ways in which a secret could have been written down. */
export function formsOf(secret: string): ReadonlyMap<string, Buffer> {
  const bytes = Buffer.from(secret, 'utf8');
  const forms = new Map<string, Buffer>([
    ['plain', bytes],
    ['url', Buffer.from(encodeURIComponent(secret))],
    ['form', Buffer.from(new URLSearchParams([['', secret]]).toString().slice(1))],
    ['json', Buffer.from(JSON.stringify(secret).slice(1, -1))],
    ['json in json', Buffer.from(JSON.stringify(JSON.stringify(secret)).slice(3, -3))],
    ['hex', Buffer.from(bytes.toString('hex'))],
    ['utf-16', Buffer.from(secret, 'utf16le')],
  ]);
  // Inside a longer text base64 begins at one of three offsets; what does not depend on the neighbours is searched.
  for (const shift of [0, 1, 2]) {
    const inner = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const stable = inner.slice(shift === 0 ? 0 : shift + 1, inner.length - 2);
    forms.set(`base64 at ${shift}`, Buffer.from(stable));
    forms.set(`base64url at ${shift}`, Buffer.from(stable.replaceAll('+', '-').replaceAll('/', '_')));
  }
  return forms;
}

/** Under which forms the secret stands in the bytes. */
export function findSecret(bytes: Buffer, secret: string): string[] {
  return [...formsOf(secret)].filter(([, form]) => bytes.includes(form)).map(([name]) => name);
}

/** Every file under a folder with its bytes. */
export function filesUnder(folder: string): { path: string; bytes: Buffer }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, bytes: readFileSync(path) }));
}

/** Rows as one text, bytes as they are and as hexadecimal digits. */
export function rowsAsBytes(rows: readonly Record<string, unknown>[]): Buffer {
  return Buffer.concat(
    rows.flatMap((row) =>
      Object.values(row).map((value) =>
        value instanceof Uint8Array
          ? Buffer.from(value)
          : Buffer.from(`${typeof value === 'object' ? JSON.stringify(value) : String(value)}\n`),
      ),
    ),
  );
}
