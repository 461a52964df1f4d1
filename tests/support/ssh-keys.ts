import { createHash } from 'node:crypto';
import ssh2 from 'ssh2';

/** A pair of keys as OpenSSH writes them, and the fingerprint of the public one. */
export interface SshKeyPair {
  readonly privateKey: string;
  readonly publicKey: string;
  readonly sha256: string;
}

/** Makes a pair; with a passphrase the private key is encrypted, in few rounds. */
export function makeSshKeys(type: 'ed25519' | 'rsa' | 'ecdsa' = 'ed25519', passphrase?: string): SshKeyPair {
  const how = passphrase === undefined ? {} : { passphrase, cipher: 'aes256-ctr', rounds: 2 };
  const bits = { ed25519: {}, rsa: { bits: 2048 }, ecdsa: { bits: 256 } }[type];
  let pair = ssh2.utils.generateKeyPairSync(type as 'ed25519', { ...bits, ...how } as never);
  // Now and then the library makes one that it cannot read itself.
  while (ssh2.utils.parseKey(pair.private, passphrase) instanceof Error)
    pair = ssh2.utils.generateKeyPairSync(type as 'ed25519', { ...bits, ...how } as never);
  const blob = Buffer.from(pair.public.split(' ')[1] ?? '', 'base64');
  const sha256 = `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
  return { privateKey: pair.private, publicKey: pair.public, sha256 };
}
