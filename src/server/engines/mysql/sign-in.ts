import { createPublicKey } from 'node:crypto';
import { type Hello, readHello, textUntilZero } from './hello.ts';
import { drawnForEd25519 } from './sign-ed25519.ts';
import { UnknownMethod, WireError } from './wire-error.ts';

/** Methods that we have: how each is told of, once it went well. */
const spoken: Readonly<Record<string, string>> = {
  mysql_native_password: 'mysql_native_password',
  caching_sha2_password: 'caching_sha2_password',
  // Asked of an account that there is not, too: to refuse it would tell that.
  sha256_password: 'sha256_password',
  client_ed25519: 'ed25519',
};
/** Methods of one answer, by which whoever listens or asks can misuse or guess the password: not over an open wire. */
const digests: readonly string[] = ['mysql_native_password', 'client_ed25519'];
/** The fewest bytes that a server draws for a method. */
const fewestDrawn = 20;
/** Kinds of packets while we sign in. */
const kinds = { ok: 0, more: 1, factor: 2, error: 0xff, another: 0xfe } as const;
const sha2 = { fast: 3, full: 4 } as const;

function isKey(bytes: Buffer): boolean {
  try {
    return createPublicKey(bytes).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}

/** How the wire is to be protected while we sign in. */
export interface Protection {
  readonly encrypted: boolean;
  readonly loopback: boolean;
}

/**
 * Follows how the server wants to be convinced, packet by packet and before the driver sees it, so that the password is given only to a method
 * that protects it.
 */
export class SignIn {
  readonly #protection: Protection;
  #secured = false;
  #hello: Hello | null = null;
  #method = '';
  /** Methods that the server has changed to. */
  readonly #asked = new Set<string>();
  #full = false;
  #key = false;
  #done = false;

  constructor(protection: Protection) {
    this.#protection = protection;
  }

  /** What the server said first; null before. */
  get hello(): Hello | null {
    return this.#hello;
  }
  get most(): { readonly length: number; readonly otherwise: 'not_spoken' | 'malformed' } {
    return this.#hello ? { length: 65_536, otherwise: 'malformed' } : { length: 2048, otherwise: 'not_spoken' };
  }
  /** Whether the server has accepted us. */
  get done(): boolean {
    return this.#done;
  }
  get evidence(): string {
    const how = this.#full ? (this.#key ? ', encrypted with the server’s key' : ', inside the encryption') : '';
    return `${spoken[this.#method] ?? 'password'}${how}`;
  }

  /** Throws unless the driver may answer this packet. */
  see(packet: Buffer): void {
    const [kind] = packet;
    if (this.#hello && this.#protection.encrypted && !this.#secured) throw new WireError('not_spoken');
    if (kind === kinds.error && packet.length >= 3) return;
    if (!this.#hello) {
      this.#hello = readHello(packet);
      if (!this.#protection.encrypted) this.#begin();
      else if (!this.#hello.encrypts) throw new WireError('tls_refused');
      return;
    }
    if (kind === kinds.ok && packet.length >= 5) this.#done = true;
    else if (kind === kinds.another) this.#change(packet);
    else if (kind === kinds.more) this.#more(packet);
    else throw kind === kinds.factor ? new UnknownMethod(textUntilZero(packet, 1).text, true) : new WireError('malformed');
  }

  /** To be called once the wire is encrypted. Throws unless the driver may give its first answer. */
  secured(): void {
    this.#secured = true;
    this.#begin();
  }

  /** The driver makes its first answer by the method of the greeting. */
  #begin(): void {
    const offered = this.#hello?.method ?? '';
    // In this the password itself would be the first answer.
    if (offered === 'mysql_clear_password') throw new UnknownMethod(offered);
    // The driver takes the oldest method where it has not got the one that was offered, or was given it by us.
    this.#take(offered === 'caching_sha2_password' ? offered : 'mysql_native_password');
  }

  #take(method: string): void {
    if (!Object.hasOwn(spoken, method)) throw new UnknownMethod(method);
    const { encrypted, loopback } = this.#protection;
    if (digests.includes(method) && !encrypted && !loopback) throw new WireError('digest_refused');
    if (method === 'sha256_password') this.#give();
    this.#method = method;
  }

  #change(packet: Buffer): void {
    if (this.#full) throw new WireError('malformed');
    // Servers of long ago asked for the oldest method without its name.
    if (packet.length === 1) throw new UnknownMethod('mysql_old_password');
    const { text, end } = textUntilZero(packet, 1);
    const drawn = packet.length - end;
    const fits = text === 'client_ed25519' ? drawn === drawnForEd25519 : drawn >= fewestDrawn;
    // An account can have several; one that comes again would have us prove ourselves without end.
    if (Object.hasOwn(spoken, text) && (!fits || this.#asked.has(text))) throw new WireError('malformed');
    this.#asked.add(text);
    this.#take(text);
  }

  #more(packet: Buffer): void {
    if (digests.includes(this.#method)) throw new WireError('malformed');
    const { encrypted, loopback } = this.#protection;
    if (this.#full) {
      // The key to encrypt the password with, which nothing vouches for.
      if (this.#key || encrypted || !loopback || !isKey(packet.subarray(1))) throw new WireError('malformed');
      this.#key = true;
      return;
    }
    if (packet.length !== 2) throw new WireError('malformed');
    if (packet[1] === sha2.fast) return;
    if (packet[1] !== sha2.full) throw new WireError('malformed');
    this.#give();
  }

  /** The password itself is wanted: inside the encryption, or encrypted with a key that nothing vouches for. */
  #give(): void {
    const { encrypted, loopback } = this.#protection;
    if (!encrypted && !loopback) throw new WireError('cleartext_refused');
    this.#full = true;
  }
}
