import { createHash, type Hash, verify } from 'node:crypto';
import { canonicalJson } from '../platform/record-hash.ts';
import { readPublicKey, type Signer } from './checkpoint.ts';

/** What the last line of an export signs: every line before it. Without that, a record could be shown as one of another organisation. */
export class ExportSeal {
  readonly #hash: Hash = createHash('sha256');

  /** Takes the next line, with its end. */
  take(line: string): void {
    this.#hash.update(line, 'utf8');
  }
  /** The signature over the lines taken; nothing can be taken after. */
  sign(signer: Signer): string {
    return signer.sign(this.#text());
  }
  /** Whether a signature is that of the lines taken; nothing can be taken after. */
  isSignedBy(publicKey: string, signature: string): boolean {
    const key = readPublicKey(publicKey);
    return key !== null && verify(null, Buffer.from(this.#text(), 'utf8'), key, Buffer.from(signature, 'base64'));
  }
  #text(): string {
    return canonicalJson({ v: 1, export: this.#hash.digest('hex') });
  }
}
