import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { readLogin, writeLogin } from './login-file.ts';

const made: string[] = [];
function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-login-'));
  made.push(folder);
  return folder;
}
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
});
const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);
const login = { url: 'https://portcullis.example.com', apiKey: 'pk_one' };

test('is readable by its owner alone, even where folder and file were open before', () => {
  const folder = join(emptyFolder(), 'portcullis');
  mkdirSync(folder, { mode: 0o755 });
  writeFileSync(join(folder, 'login.json'), '{}', { mode: 0o644 });
  const path = writeLogin(folder, login);
  expect([mode(folder), mode(path)]).toEqual(['700', '600']);
  expect(readLogin(folder)).toEqual(login);
});

test('is missing without an error, and broken with one', () => {
  const folder = emptyFolder();
  expect(readLogin(folder)).toBeNull();
  writeFileSync(join(folder, 'login.json'), '{"url":', { mode: 0o600 });
  expect(() => readLogin(folder)).toThrow(/run `portcullis login` again/);
});

test.each([0o640, 0o604, 0o620, 0o644])('is refused with a word where others have the mode %o', (open) => {
  const folder = emptyFolder();
  const path = writeLogin(folder, login);
  chmodSync(path, open);
  expect(() => readLogin(folder)).toThrow(/can be read by others.*chmod 600/);
  chmodSync(path, 0o600);
  expect(readLogin(folder)).toEqual(login);
});
