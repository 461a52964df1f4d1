import { createHash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { Fault } from './fault.ts';
import { reveal, Secret } from './secret.ts';
import type { KeyAnswer, KeyTask } from './ssh-key-worker.ts';

/** The public key that an SSH server shows, for a person to compare: as ssh-keygen -l prints it. */
export interface HostKey {
  readonly type: string;
  readonly sha256: string;
}

/** Reads the kind and the fingerprint of a public key as it crosses the wire. */
export function hostKeyOf(blob: Buffer): HostKey {
  const length = blob.length >= 4 ? blob.readUInt32BE(0) : 0;
  const type = blob.subarray(4, 4 + Math.min(length, 64)).toString('latin1');
  const sha256 = `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
  return { type: /^[\w.@-]+$/.test(type) ? type : 'unknown', sha256 };
}

/** How to get into an SSH server: a password, or a private key with the passphrase that opens it. */
export type TunnelLogin = { readonly password: Secret } | { readonly privateKey: Secret; readonly passphrase: Secret | null };

const fault = (field: 'privateKey' | 'passphrase', detail: string, ...tryThis: string[]): Fault =>
  new Fault('key.unusable', { stage: 'tunnel', field: `credentials.tunnel.${field}`, detail, tryThis });

const problems: Record<Extract<KeyAnswer, { problem: string }>['problem'], () => Fault> = {
  unreadable: () =>
    fault(
      'privateKey',
      'This is not a private key that can be read.',
      'Paste the whole file, from BEGIN to END, such as ~/.ssh/id_ed25519.',
      'Of encrypted keys those of OpenSSH, PEM and PuTTY (version 2) are read: ssh-keygen -p -f <file> writes one.',
    ),
  passphrase: () =>
    fault('passphrase', 'The passphrase does not open this private key.', 'Enter the passphrase that the key was made with.'),
  public: () => fault('privateKey', 'This is a public key.', 'Paste the private one: the file of the same name without .pub.'),
  weak: () =>
    fault(
      'privateKey',
      'Keys of this kind or length are not safe any more.',
      'Make another one: ssh-keygen -t ed25519, or RSA from 2048 bits on.',
    ),
};

/** Says at once what can be seen of a key without opening it. */
export function checkKeyText(text: string, passphrase: string | null): void {
  if (/^(ssh-|ecdsa-)/.test(text.trim())) throw problems.public();
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----|^PuTTY-User-Key-File-/.test(text)) throw problems.unreadable();
  if (!isEncrypted(text) || passphrase) return;
  throw fault('passphrase', 'This private key is encrypted.', 'Enter its passphrase.');
}

function isEncrypted(text: string): boolean {
  const inner = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]*?)-----END/.exec(text)?.[1];
  // Behind the name of the format: the length of the cipher's name, and the name.
  if (inner !== undefined) return Buffer.from(inner, 'base64').subarray(19, 23).toString('latin1') !== 'none';
  return /ENCRYPTED|^Encryption: (?!none)/m.test(text);
}

/** Milliseconds that deriving a key from its passphrase may take. */
const LIMIT_MS = 12_000;
/** The end of those who wait: deriving a key may take seconds, so that keys without a passphrase do not stand behind those with one. */
const lanes = { derived: Promise.resolve() as Promise<unknown>, plain: Promise.resolve() as Promise<unknown> };

/**
 * Opens a private key, one of its kind at a time and in a thread of its own: it answers with the key as the client reads it. One that nobody waits
 * for any more (`signal`) is left, so that others come sooner.
 */
export function openKey(privateKey: Secret, passphrase: Secret | null, signal: AbortSignal): Promise<Secret> {
  const lane = passphrase === null ? 'plain' : 'derived';
  const opened = lanes[lane].then(() => inWorker({ text: reveal(privateKey), passphrase: passphrase && reveal(passphrase) }, signal));
  lanes[lane] = opened.catch(() => undefined);
  return opened;
}

async function inWorker(task: KeyTask, signal: AbortSignal): Promise<Secret> {
  signal.throwIfAborted();
  // The worker's own file ends as this one does: .ts in the repository, .js in the package.
  const file = new URL(`./ssh-key-worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);
  const worker = new Worker(file, { workerData: task });
  const { promise, resolve, reject } = Promise.withResolvers<KeyAnswer>();
  worker.once('message', resolve).once('error', reject);
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  const timer = setTimeout(
    () =>
      reject(
        fault(
          'privateKey',
          `Opening this key takes more than ${LIMIT_MS / 1000} s.`,
          'Write it with fewer rounds: ssh-keygen -p -a 24 -f <file>.',
        ),
      ),
    LIMIT_MS,
  );
  try {
    const answer = await promise;
    if ('problem' in answer) throw problems[answer.problem]();
    return new Secret(answer.key);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
    void worker.terminate();
  }
}
