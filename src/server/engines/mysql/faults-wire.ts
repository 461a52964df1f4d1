import type { Explanation } from '../network/explanation.ts';
import type { WireCode } from './wire-error.ts';

/** A way to sign in that we do not have is told with its name, in a file of its own. */
type Told = Exclude<WireCode, 'method_unknown'>;

const rows: Readonly<Record<Told, Explanation>> = {
  digest_refused: {
    code: 'auth.unsupported',
    field: 'address.tls',
    happened:
      'The server wants a digest of the password (mysql_native_password), or a signature with it (ed25519), over a connection that is not encrypted: on the way it can be misused, or have the password guessed. It was not sent.',
    tryThis: ['Choose an encrypted connection.'],
  },
  cleartext_refused: {
    code: 'auth.unsupported',
    field: 'address.tls',
    happened: 'The server wants the password itself over a connection that is not encrypted. It was not sent.',
    tryThis: ['Choose an encrypted connection.'],
  },
  file_asked: {
    code: 'protocol.mismatched',
    field: 'address.host',
    happened: 'The server asked for a file of the server that Portcullis runs on. None was sent, and the connection was ended.',
    tryThis: ['Check the host, and what stands between Portcullis and the database: it does not do what a database does.'],
  },
};

/** What a code of our own wire means, where it is of this protocol alone. */
export const explainWire = (code: string): Explanation | null => (Object.hasOwn(rows, code) ? rows[code as Told] : null);
