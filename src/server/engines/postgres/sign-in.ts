import type { EventEmitter } from 'node:events';
import { WireError } from './wire-error.ts';

type Method = 'none' | 'cleartext' | 'md5' | 'scram';

const spoken: Record<Method, string> = {
  none: 'The server asked for no password',
  cleartext: 'Password, inside the encryption',
  md5: 'MD5 of the password',
  scram: 'SCRAM-SHA-256',
};

/** Follows how the server wants to be convinced, so that the password is given only to a method that protects it. */
export class SignIn {
  #method: Method = 'none';
  #proven = false;
  #done = false;
  readonly #encrypted: boolean;
  readonly #loopback: boolean;
  readonly #certificate: boolean;

  /** `connection` is the driver's; `fail` is called when the server leaves out its part of the proof. */
  constructor(
    connection: EventEmitter,
    way: { encrypted: boolean; loopback: boolean; certificate: boolean },
    fail: (error: WireError) => void,
  ) {
    this.#encrypted = way.encrypted;
    this.#loopback = way.loopback;
    this.#certificate = way.certificate;
    const asked = (method: Method) => () => {
      this.#method = method;
    };
    // Before the driver's own listeners, which ask for the password at once.
    connection.prependListener('authenticationCleartextPassword', asked('cleartext'));
    connection.prependListener('authenticationMD5Password', asked('md5'));
    connection.prependListener('authenticationSASL', asked('scram'));
    connection.on('authenticationSASLFinal', () => {
      this.#proven = true;
    });
    connection.on('authenticationOk', () => {
      this.#done = true;
      // With SCRAM the server proves that it knows the password too: one that leaves this out is not the one.
      if (this.#method === 'scram' && !this.#proven) fail(new WireError('unproven'));
    });
  }

  /** Whether the server has accepted us. */
  get done(): boolean {
    return this.#done;
  }
  get evidence(): string {
    return this.open || this.#method !== 'none' ? spoken[this.#method] : 'Client certificate, and no password';
  }
  /** A server that asks for no password lets anyone in: said, not refused. */
  get open(): boolean {
    return this.#method === 'none' && !this.#certificate;
  }

  /** Throws unless the password may be given in the way that was asked for. */
  judge(): void {
    if (this.#done) throw new WireError('malformed');
    if (this.#method === 'cleartext' && !this.#encrypted) throw new WireError('cleartext_refused');
    if (this.#method === 'md5' && !this.#encrypted && !this.#loopback) throw new WireError('md5_refused');
  }
}
