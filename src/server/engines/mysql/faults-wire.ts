import type { Explanation } from '../network/explanation.ts';
import type { WireCode } from './wire-error.ts';

const rows: Readonly<Record<WireCode, Explanation>> = {
  native_refused: {
    code: 'auth.unsupported',
    field: 'address.tls',
    happened:
      'The server wants a digest of the password (mysql_native_password) over a connection that is not encrypted, which can be misused on the way. It was not sent.',
    tryThis: ['Choose an encrypted connection.'],
  },
  cleartext_refused: {
    code: 'auth.unsupported',
    field: 'address.tls',
    happened: 'The server wants the password itself over a connection that is not encrypted. It was not sent.',
    tryThis: ['Choose an encrypted connection.'],
  },
  method_unknown: {
    code: 'auth.unsupported',
    field: 'credentials.readOnly.username',
    happened: 'The server wants a way to sign in that Portcullis does not have (such as PAM, LDAP, Kerberos, ed25519 or a second factor).',
    tryThis: ['Let the account use caching_sha2_password or mysql_native_password.'],
  },
  file_asked: {
    code: 'protocol.mismatched',
    field: 'address.host',
    happened: 'The server asked for a file of the server that Portcullis runs on. None was sent, and the connection was ended.',
    tryThis: ['Check the host, and what stands between Portcullis and the database: it does not do what a database does.'],
  },
};

/** What a code of our own wire means, where it is of this protocol alone. */
export const explainWire = (code: string): Explanation | null => (Object.hasOwn(rows, code) ? rows[code as WireCode] : null);
