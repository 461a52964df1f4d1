import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { Fault } from '../../platform/fault.ts';

const field = 'credentials.readOnly.clientKey';
const refuse = (detail: string, ...tryThis: string[]): Fault => new Fault('key.unusable', { stage: 'parse', field, detail, tryThis });

/** Says what is wrong with the private key of a client certificate before anything is dialled. `key`: empty where none was given. */
export function checkClientKey(certificate: string | null, key: string): void {
  if (certificate === null) {
    if (key !== '')
      throw refuse('There is a private key but no client certificate.', 'Paste the certificate that it belongs to, or leave the key out.');
    return;
  }
  if (key === '')
    throw new Fault('credential.empty', {
      stage: 'parse',
      field,
      detail: 'The client certificate needs its private key.',
      tryThis: ['Paste the key that was made with the certificate, in PEM form.'],
    });
  if (/ENCRYPTED/.test(key))
    throw refuse(
      'This private key is encrypted.',
      'Write it without a passphrase, and paste that: openssl pkey -in client.key -out plain.key. It is sealed when saved.',
    );
  if (!belongs(certificate, readKey(key)))
    throw refuse('This private key does not belong to the client certificate.', 'Paste the pair that was made together.');
}

function readKey(key: string): KeyObject {
  try {
    return createPrivateKey(key);
  } catch {
    throw refuse('This is not a private key in PEM form.', 'Paste the whole file, from BEGIN PRIVATE KEY to END PRIVATE KEY.');
  }
}

/** The first certificate is the client's own, those behind it lead up to its authority. */
const belongs = (certificate: string, key: KeyObject): boolean => new X509Certificate(certificate).checkPrivateKey(key);
