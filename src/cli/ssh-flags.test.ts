import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { editedSsh, sshOf, tunnelLoginOf } from './ssh-flags.ts';

test.each([
  ['me@bastion.example.com', { user: 'me', host: 'bastion.example.com', port: 22 }],
  ['me@bastion.example.com:2222', { user: 'me', host: 'bastion.example.com', port: 2222 }],
  ['me@[2001:db8::1]:22', { user: 'me', host: '2001:db8::1', port: 22 }],
])('%s says where the SSH server is', (ssh, expected) => {
  expect(sshOf({ ssh, sshHostKey: 'SHA256:x' })).toEqual({ ...expected, hostKeySha256: 'SHA256:x' });
  expect(sshOf({ ssh })).toEqual({ ...expected, hostKeySha256: null });
});

test.each(['bastion', 'me@', 'me@host:port', '@host', 'a@b@c'])('%s is not where an SSH server is', (ssh) => {
  expect(() => sshOf({ ssh })).toThrow('--ssh must be');
});

test('without --ssh there is no tunnel, and no host key of one', () => {
  expect(sshOf({})).toBeNull();
  expect(() => sshOf({ sshHostKey: 'SHA256:x' })).toThrow('--ssh');
});

test('a tunnel takes a password, or a key with or without a passphrase', () => {
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-cli-'));
  const sshKeyFile = join(folder, 'key');
  writeFileSync(sshKeyFile, 'a key');
  const flag = '--flag';
  expect(tunnelLoginOf(undefined, 'secret', flag)).toEqual({ password: 'secret' });
  expect(tunnelLoginOf(sshKeyFile, undefined, flag)).toEqual({ privateKey: 'a key' });
  expect(tunnelLoginOf(sshKeyFile, 'secret', flag)).toEqual({ privateKey: 'a key', passphrase: 'secret' });
  expect(() => tunnelLoginOf(undefined, undefined, flag)).toThrow('--ssh-key-file, or --flag');
  expect(() => tunnelLoginOf(join(folder, 'none'), undefined, flag)).toThrow('ENOENT');
  rmSync(folder, { recursive: true });
});

test('an edit gives another server, another key of the same, or leaves it', () => {
  const before = { host: 'bastion', port: 22, user: 'me', hostKeySha256: 'SHA256:old' };
  expect(editedSsh(before, {})).toEqual(before);
  expect(editedSsh(before, { sshHostKey: 'SHA256:new' })).toEqual({ ...before, hostKeySha256: 'SHA256:new' });
  // Another server shows another key: the one before is not taken for its.
  expect(editedSsh(before, { ssh: 'me@other' })).toEqual({ ...before, host: 'other', hostKeySha256: null });
  expect(editedSsh(null, {})).toBeNull();
  expect(() => editedSsh(null, { sshHostKey: 'SHA256:x' })).toThrow('--ssh');
});
