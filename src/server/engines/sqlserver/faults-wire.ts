import type { Explanation, Manner } from '../network/explanation.ts';
import type { WireCode } from './wire-error.ts';

/** How SQL Server is called in what people read. */
export const manner: Manner = {
  label: 'SQL Server (TDS)',
  defaultPort: 'SQL Server’s default is 1433',
  listening: 'TCP/IP in SQL Server Configuration Manager',
  encrypting: 'a certificate in SQL Server Configuration Manager',
  tlsVersions: 'allow TLS 1.2 on the server',
};

const rows: Readonly<Record<WireCode | 'ELOGIN', Explanation>> = {
  routed: {
    code: 'network.forbidden',
    stage: 'auth',
    field: 'address.host',
    happened: 'The server accepted the login and wants us to go to another server instead, which was not judged. We did not follow.',
    tryThis: [
      'Give the address of that server itself.',
      'For Azure SQL, set the connection policy of the server to Proxy; for an availability group, give the address of a replica.',
    ],
  },
  tls_required: {
    code: 'tls.required',
    stage: 'tls',
    field: 'address.tls',
    happened: 'The server takes encrypted connections alone.',
    tryThis: ['Choose an encrypted connection.'],
  },
  method_unknown: {
    code: 'auth.unsupported',
    stage: 'auth',
    field: 'credentials.readOnly.username',
    happened: 'The server wants a way to sign in other than a password of its own (such as Windows or Entra ID).',
    tryThis: ['Use a SQL login: CREATE LOGIN … WITH PASSWORD = …, and SQL Server and Windows Authentication mode on the server.'],
  },
  ELOGIN: {
    code: 'protocol.mismatched',
    stage: 'auth',
    field: 'address.port',
    happened: 'The server neither accepted the login nor said why not.',
    tryThis: ['Check the port, and what stands between Portcullis and the database.'],
  },
};

/** What a code of our own wire, or of the driver, means where it is of this protocol alone. */
export const explainWire = (code: string): Explanation | null => (Object.hasOwn(rows, code) ? (rows[code as WireCode] ?? null) : null);
