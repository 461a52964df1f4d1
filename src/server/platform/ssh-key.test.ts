import ssh2 from 'ssh2';
import { describe, expect, test } from 'vitest';
import { makeSshKeys } from '../../../tests/support/ssh-keys.ts';
import { Secret } from './secret.ts';
import { openKey } from './ssh-key.ts';

const never = new AbortController().signal;
/** A key whose passphrase takes a while to become a key. */
const slowKey = (): string =>
  ssh2.utils.generateKeyPairSync('ed25519', { passphrase: 'slow', cipher: 'aes256-ctr', rounds: 20 } as never).private;

describe('opening private keys', () => {
  test('one that takes long does not hold up those without a passphrase, and is left when nobody waits', async () => {
    const slow = new Secret(slowKey());
    const settled: string[] = [];
    const going = new AbortController();
    const first = openKey(slow, new Secret('slow'), never).finally(() => settled.push('derived'));
    const left = openKey(slow, new Secret('slow'), going.signal).catch((error: Error) => settled.push(error.message));
    const plain = openKey(new Secret(makeSshKeys().privateKey), null, never).finally(() => settled.push('plain'));
    going.abort(new Error('gone'));
    await Promise.allSettled([first, left, plain]);
    expect(settled).toEqual(['plain', 'derived', 'gone']);
  });
});
