import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { editedTls, tlsOf } from './tls-flags.ts';

const folder = mkdtempSync(join(tmpdir(), 'portcullis-cli-'));
const file = join(folder, 'certificate.pem');
writeFileSync(file, 'a certificate');
afterAll(() => rmSync(folder, { recursive: true }));

test('without a word the certificate is verified', () => {
  expect(tlsOf({})).toEqual({ mode: 'verify-full' });
  expect(tlsOf({ caFile: file })).toEqual({ mode: 'verify-full', ca: 'a certificate' });
  expect(tlsOf({ tls: 'pinned:AB:CD' })).toEqual({ mode: 'pinned', sha256: 'AB:CD' });
  expect(tlsOf({ tls: 'disable' })).toEqual({ mode: 'disable' });
});

test.each([
  [{ tls: 'off' }, '--tls must be'],
  [{ tls: 'disable', caFile: file }, '--ca-file goes with'],
  [{ tls: 'disable', clientCertFile: file }, '--client-cert-file does not go'],
  [{ caFile: join(folder, 'none') }, 'ENOENT'],
])('%o is refused', (flags, text) => {
  expect(() => tlsOf(flags)).toThrow(text);
});

test('an edit gives another way, or other certificates of the same', () => {
  const before = { mode: 'verify-full', ca: 'the one before' };
  expect(editedTls(before, {})).toEqual(before);
  expect(editedTls(before, { clientCertFile: file })).toEqual({ ...before, clientCertificate: 'a certificate' });
  expect(editedTls(before, { caFile: file })).toEqual({ mode: 'verify-full', ca: 'a certificate' });
  // Another way altogether: nothing of the one before stands.
  expect(editedTls(before, { tls: 'verify-full' })).toEqual({ mode: 'verify-full' });
  expect(() => editedTls({ mode: 'pinned', sha256: 'AB' }, { caFile: file })).toThrow('--ca-file goes with');
  expect(() => editedTls({ mode: 'disable' }, { clientCertFile: file })).toThrow('give --tls too');
});
