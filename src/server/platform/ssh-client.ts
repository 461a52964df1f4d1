import type { Socket } from 'node:net';
import type { AnyAuthMethod, AuthenticationType, Client, ConnectConfig, KeyboardInteractiveAuthMethod, NextAuthHandler } from 'ssh2';
import type { Fault } from './fault.ts';
import { reveal, type Secret } from './secret.ts';
import { changed, incompatible, lost, notSsh, rejected, type SshPlace, unconfirmed } from './ssh-faults.ts';
import { type HostKey, hostKeyOf } from './ssh-key.ts';

/** What is proved to the SSH server: a password, or a private key that is not encrypted. */
export type Proof = { readonly password: Secret } | { readonly key: Secret };

/** A session with an SSH server, signed in. */
export interface SshSession {
  readonly client: Client;
  readonly hostKey: HostKey;
  /** What the server calls itself, such as OpenSSH_9.2p1. */
  readonly software: string;
}

/** Bytes that a server may send before it has let us in: names of algorithms, keys and a banner. */
const MOST_BEFORE = 512 * 1024;
const KEEP_ALIVE_MS = 10_000;

/** Algorithms without SHA-1, CBC, DSA or Diffie-Hellman groups of less than 2048 bits, and none that needs the strict key exchange. */
const algorithms: NonNullable<ConnectConfig['algorithms']> = {
  kex: [
    'curve25519-sha256',
    'curve25519-sha256@libssh.org',
    'ecdh-sha2-nistp256',
    'ecdh-sha2-nistp384',
    'ecdh-sha2-nistp521',
    'diffie-hellman-group16-sha512',
    'diffie-hellman-group18-sha512',
    'diffie-hellman-group14-sha256',
  ],
  serverHostKey: ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521', 'rsa-sha2-512', 'rsa-sha2-256'],
  cipher: ['aes256-gcm@openssh.com', 'aes128-gcm@openssh.com', 'aes256-ctr', 'aes192-ctr', 'aes128-ctr'],
  hmac: ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com', 'hmac-sha2-256', 'hmac-sha2-512'],
  compress: ['none'],
};

/** Signs in over a connected socket, which it ends where that fails. The host key is judged before anything of the login is sent. */
export async function signInOver(
  socket: Socket,
  place: SshPlace,
  proof: Proof,
  { signal, onHostKey }: { readonly signal: AbortSignal; readonly onHostKey?: ((key: HostKey) => void) | undefined },
): Promise<SshSession> {
  const { default: ssh2 } = await import('ssh2');
  signal.throwIfAborted();
  const client = new ssh2.Client();
  const { promise, resolve, reject } = Promise.withResolvers<SshSession>();
  let hostKey: HostKey | null = null;
  let verdict: Fault | null = null;
  const login = authentication(place, proof);
  const software = softwareOf(socket);
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });

  client.on('ready', () => (hostKey ? resolve({ client, hostKey, software: software() }) : reject(notSsh(place, 'no host key'))));
  // Stays for good: an error of a session that is open ends it, and must not end the process.
  client.on('error', (error) => reject(verdict ?? login.fault() ?? explain(error, place, software())));
  client.on('close', () => reject(verdict ?? login.fault() ?? notSsh(place, 'closed before the sign-in had ended')));
  client.on('change password', () => reject(rejected(place, false, [], true)));
  try {
    client.connect({
      sock: socket,
      ident: 'Portcullis',
      username: place.user,
      algorithms,
      // Whoever waits has a limit of their own.
      readyTimeout: 0,
      keepaliveInterval: KEEP_ALIVE_MS,
      keepaliveCountMax: 3,
      authHandler: login.next,
      hostVerifier: (blob: Buffer) => {
        const shown = hostKeyOf(blob);
        // The key of a later exchange is the same one, or it is another server.
        const known = hostKey?.sha256 ?? place.hostKeySha256;
        verdict = known === null ? unconfirmed(place, shown) : known === shown.sha256 ? null : changed(place, shown);
        hostKey ??= shown;
        onHostKey?.(shown);
        return verdict === null;
      },
    });
    const count = boundBefore(socket, () => reject(notSsh(place, `more than ${MOST_BEFORE} bytes before the sign-in had ended`)));
    const session = await promise;
    count.stop();
    return session;
  } catch (error) {
    client.destroy();
    socket.destroy();
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** What the server calls itself: the first line of it that begins as SSH does. */
function softwareOf(socket: Socket): () => string {
  let head = '';
  const listen = (chunk: Buffer): void => {
    head += chunk.toString('latin1', 0, 2048);
    if (head.length > 4096 || /^SSH-[^\n]*\n/m.test(head)) socket.off('data', listen);
  };
  // Paused until the client reads: a listener alone would set it flowing.
  socket.pause().on('data', listen);
  return () => (/^SSH-2\.0-([\x21-\x7e]{1,60})/m.exec(head)?.[1] ?? '').replace(/[^\w.+~()-]/g, '');
}

function boundBefore(socket: Socket, tooMuch: () => void): { stop: () => void } {
  let bytes = 0;
  const count = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (bytes > MOST_BEFORE) tooMuch();
  };
  socket.on('data', count);
  return { stop: () => socket.off('data', count) };
}

/** One attempt with what there is: a wrong password is tried once, so that nobody is locked out for it. */
function authentication(place: SshPlace, proof: Proof) {
  let step: 'first' | 'second' | 'last' = 'first';
  let answered = false;
  let fault: Fault | null = null;
  const username = place.user;
  const withKey = 'key' in proof;
  const begin = (): AnyAuthMethod =>
    withKey ? { type: 'publickey', username, key: reveal(proof.key) } : { type: 'password', username, password: reveal(proof.password) };
  /** The password, to the one question that hides what is answered; nothing to any other. */
  const prompt: KeyboardInteractiveAuthMethod['prompt'] = (_name, _instructions, _language, prompts, answer) => {
    const fits = !answered && prompts.length === 1 && prompts[0]?.echo === false && 'password' in proof;
    answered = true;
    answer(fits ? [reveal(proof.password)] : prompts.map(() => ''));
  };
  return {
    fault: () => fault,
    next(left: AuthenticationType[] | null, partly: boolean | null, next: NextAuthHandler): void {
      // Servers that ask for a password only by questions do not offer the plain way at all.
      const byQuestions = !withKey && !partly && left?.includes('keyboard-interactive') === true && !left.includes('password');
      if (step === 'first') next(begin());
      else if (step === 'second' && byQuestions) next({ type: 'keyboard-interactive', username, prompt });
      else {
        fault = rejected(place, withKey, left ?? [], partly === true);
        next(false as unknown as AuthenticationType);
      }
      step = step === 'first' ? 'second' : 'last';
    },
  };
}

function explain(error: Error & { level?: string }, place: SshPlace, software: string): Fault {
  const { level, message } = error;
  if (level === 'client-socket' || level === 'client-timeout') return lost(place, level, error);
  if (level === 'handshake' && /no matching/.test(message))
    return incompatible(place, /no matching [a-z-]+( [a-z-]+){0,3}/.exec(message)?.[0] ?? 'no match');
  return notSsh(place, software === '' ? 'no greeting of SSH' : `the exchange with ${software} failed`);
}
