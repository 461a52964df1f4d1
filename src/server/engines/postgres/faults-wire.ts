import type { Explanation, Manner } from '../network/explanation.ts';
import type { WireCode } from './wire-error.ts';

/** How PostgreSQL is called in what people read. */
export const manner: Manner = {
  label: 'PostgreSQL',
  defaultPort: 'PostgreSQL’s default is 5432',
  listening: 'listen_addresses',
  encrypting: 'ssl = on',
  tlsVersions: 'raise ssl_min_protocol_version and ssl_max_protocol_version on the server',
};

const rows: Readonly<Record<WireCode | 'sasl', Explanation>> = {
  cleartext_refused: {
    code: 'auth.unsupported',
    field: 'address.tls',
    happened: 'The server wants the password in clear over a connection that is not encrypted. It was not sent.',
    tryThis: ['Choose an encrypted connection.', 'Or let the server use scram-sha-256 (pg_hba.conf).'],
  },
  md5_refused: {
    code: 'auth.unsupported',
    field: 'address.tls',
    happened:
      'The server wants an MD5 of the password over a connection that is not encrypted, which can be misused on the way. It was not sent.',
    tryThis: ['Choose an encrypted connection.', 'Or let the server use scram-sha-256.'],
  },
  method_unknown: {
    code: 'auth.unsupported',
    field: 'credentials.readOnly.username',
    happened: 'The server wants a way to sign in other than a password (such as Kerberos or SSPI).',
    tryThis: ['Let pg_hba.conf ask this user for scram-sha-256.'],
  },
  password_wanted: {
    code: 'credential.empty',
    field: 'credentials.readOnly.password',
    happened: 'The server asks for a password: the client certificate alone does not get in.',
    tryThis: ['Enter the password too.', 'Or let pg_hba.conf ask this user for cert in place of a password.'],
  },
  sasl: {
    code: 'auth.unsupported',
    field: 'credentials.readOnly.password',
    happened: 'The password exchange (SCRAM) with the server did not hold.',
    tryThis: ['Check that the host is the right one.', 'Let the server use scram-sha-256 with its usual number of iterations.'],
  },
  unproven: {
    code: 'protocol.mismatched',
    field: 'address.host',
    happened: 'The server let us in without proving that it knows the password too. It may not be the server it seems to be.',
    tryThis: ['Check the host, and what stands between Portcullis and the database.'],
  },
};

/** What a code of our own wire means, where it is of this protocol alone. */
export const explainWire = (code: string): Explanation | null => (Object.hasOwn(rows, code) ? rows[code as WireCode] : null);
