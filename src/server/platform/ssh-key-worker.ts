import { createPrivateKey, type KeyObject } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import ssh2 from 'ssh2';

/** What the worker is given: a private key as somebody pasted it. */
export interface KeyTask {
  readonly text: string;
  readonly passphrase: string | null;
}
/** The key without encryption, in a form that the client reads at once; or why there is none. */
export type KeyAnswer = { readonly key: string } | { readonly problem: 'unreadable' | 'passphrase' | 'public' | 'weak' };

const field = (bytes: Uint8Array | string): Buffer => {
  const content = Buffer.from(bytes as Uint8Array);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
};

/** An Ed25519 key as OpenSSH writes it: the client reads it in no other form. */
function openSshForm(key: KeyObject): string {
  const { d = '', x = '' } = key.export({ format: 'jwk' });
  const [secret, open] = [Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')];
  const name = field('ssh-ed25519');
  const check = Buffer.alloc(8);
  const inner = Buffer.concat([check, name, field(open), field(Buffer.concat([secret, open])), field('')]);
  const padding = Buffer.from([1, 2, 3, 4, 5, 6, 7].slice(0, (8 - (inner.length % 8)) % 8));
  const count = Buffer.from([0, 0, 0, 1]);
  const none = Buffer.concat([field('none'), field('none'), field(''), count]);
  const whole = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    none,
    field(Buffer.concat([name, field(open)])),
    field(Buffer.concat([inner, padding])),
  ]);
  const lines = whole.toString('base64').match(/.{1,70}/g) ?? [];
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines.join('\n')}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

/** The same key in the one form for its kind; null for kinds that are not strong enough any more. */
function oneForm(key: KeyObject): string | null {
  switch (key.asymmetricKeyType) {
    case 'ed25519':
      return openSshForm(key);
    case 'ec':
      return key.export({ format: 'pem', type: 'sec1' }).toString();
    case 'rsa':
      return (key.asymmetricKeyDetails?.modulusLength ?? 0) < 2048 ? null : key.export({ format: 'pem', type: 'pkcs1' }).toString();
    default:
      return null;
  }
}

/** Reads a key of OpenSSH, PEM or PuTTY. Deriving a key from a passphrase takes seconds: that is why this is not done where requests are served. */
export function readKey({ text, passphrase }: KeyTask): KeyAnswer {
  try {
    if (/-----BEGIN PRIVATE KEY-----/.test(text)) {
      const key = oneForm(createPrivateKey(text));
      return key === null ? { problem: 'weak' } : { key };
    }
    const parsed = ssh2.utils.parseKey(text, passphrase ?? undefined);
    if (parsed instanceof Error)
      return { problem: /passphrase|decrypt|integrity|cipher/i.test(parsed.message) ? 'passphrase' : 'unreadable' };
    if (!parsed.isPrivateKey()) return { problem: 'public' };
    const key = oneForm(createPrivateKey(parsed.getPrivatePEM()));
    return key === null ? { problem: 'weak' } : { key };
  } catch {
    return { problem: 'unreadable' };
  }
}

if (parentPort) parentPort.postMessage(readKey(workerData as KeyTask));
