import { createPrivateKey, createPublicKey, randomBytes, sign, verify } from 'node:crypto';
import { expect, it } from 'vitest';
import { signEd25519 } from './sign-ed25519.ts';

/** What stands before the 32 bytes of a key in DER. */
const publicHead = Buffer.from('302a300506032b6570032100', 'hex');
const privateHead = Buffer.from('302e020100300506032b657004220420', 'hex');

it('signs as Node does where the password has the 32 bytes of the standard', () => {
  for (let round = 0; round < 20; round++) {
    const password = randomBytes(16).toString('hex');
    const key = createPrivateKey({ key: Buffer.concat([privateHead, Buffer.from(password)]), format: 'der', type: 'pkcs8' });
    const drawn = randomBytes(32);
    expect(signEd25519(password, drawn)).toEqual(sign(null, drawn, key));
  }
});

it('signs with the key that MariaDB keeps of a password', () => {
  // SELECT ed25519_password('secret'), as MariaDB documents it.
  const kept = Buffer.from('ZIgUREUg5PVgQ6LskhXmO+eZLS0nC8be6HPjYWR4YJY=', 'base64');
  const key = createPublicKey({ key: Buffer.concat([publicHead, kept]), format: 'der', type: 'spki' });
  const drawn = randomBytes(32);
  expect(verify(null, drawn, key, signEd25519('secret', drawn))).toBe(true);
  expect(verify(null, drawn, key, signEd25519('secrets', drawn))).toBe(false);
  expect(verify(null, randomBytes(32), key, signEd25519('secret', drawn))).toBe(false);
});
