import { type Explanation, refusedWrite, tooSlow } from '../network/explanation.ts';
import { signInRows } from './faults-sign-in.ts';

const service: Explanation = {
  code: 'database.unknown',
  stage: 'database',
  field: 'address.service',
  happened: 'The listener does not know a service of this name.',
  tryThis: [
    'A service name is not a SID: ask for what “lsnrctl status” lists, and choose how the database is named.',
    'The database may be stopped, or not have told the listener of itself yet.',
  ],
};
const sid: Explanation = {
  code: 'database.unknown',
  stage: 'database',
  field: 'address.service',
  happened: 'The listener does not know a SID of this name.',
  tryThis: ['Try the service name: pluggable databases have no SID.'],
};
const unhandled: Explanation = {
  code: 'server.full',
  stage: 'database',
  field: null,
  happened: 'The listener has no process or instance of the database to hand the connection to.',
  tryThis: ['Try again in a moment.', 'The database may be at its limit (PROCESSES), or its instance is not the one that was asked for.'],
  retryable: true,
};
const starting: Explanation = {
  code: 'server.starting',
  stage: 'database',
  field: null,
  happened: 'The database is starting, stopping or not open.',
  tryThis: ['Wait a moment and try again.', 'A pluggable database may have to be opened: ALTER PLUGGABLE DATABASE … OPEN'],
  retryable: true,
};
const restricted: Explanation = {
  code: 'database.closed',
  stage: 'database',
  field: 'address.service',
  happened: 'The database lets only administrators in (restricted session).',
  tryThis: ['Wait until its maintenance is over.'],
  retryable: true,
};
const full: Explanation = {
  code: 'server.full',
  field: null,
  happened: 'The server, or this user, has no free session.',
  tryThis: ['Try again in a moment.', 'Raise SESSIONS_PER_USER of the user’s profile, or PROCESSES and SESSIONS of the database.'],
  retryable: true,
};
const nativeEncryption: Explanation = {
  code: 'tls.incompatible',
  stage: 'tls',
  field: 'address.tls',
  happened: 'The server demands Oracle’s own network encryption (SQLNET.ENCRYPTION_SERVER), which only Oracle’s client software speaks.',
  tryThis: [
    'Give the port on which the listener speaks TLS (TCPS, usually 2484), and set SQLNET.IGNORE_ANO_ENCRYPTION_FOR_TCPS = TRUE on the server.',
  ],
};
const tls: Explanation = {
  code: 'tls.failed',
  stage: 'tls',
  field: 'address.tls',
  happened: 'The server could not set up the encrypted connection.',
  tryThis: ['Check the port, the wallet of the server, and whether it wants a certificate of the client.'],
};
const lost: Explanation = {
  code: 'server.lost',
  field: null,
  happened: 'The server ended the connection.',
  tryThis: [
    'Try again in a moment.',
    'If it goes on, look at the database’s alert log: it may have been restarted, or an administrator ended the session.',
  ],
  retryable: true,
};
const forbidden: Explanation = {
  code: 'read.forbidden',
  field: 'credentials.readOnly.username',
  happened: 'This user may not read what was asked for, or it is not there: Oracle does not say which.',
  tryThis: ['Let an administrator run: GRANT READ ON … TO …'],
};
const readOnly = refusedWrite('the transaction');
const descriptor: Explanation = {
  code: 'string.invalid',
  stage: 'parse',
  field: 'address.service',
  happened: 'The address cannot be made into a connect descriptor.',
  tryThis: ['Give a host, a port and a service name: no alias, no file and no descriptor of your own.'],
};
const slow: Explanation = {
  code: 'host.unanswering',
  stage: 'auth',
  field: 'address.port',
  happened: 'Something accepts connections there, but does not answer as a listener of Oracle does.',
  tryThis: ['Check the port: Oracle’s default is 1521.', 'The listener may be overloaded: try again in a moment.'],
  retryable: true,
};

const unreachable: Explanation = {
  code: 'host.unreachable',
  stage: 'database',
  field: 'address.service',
  happened: 'The listener or connection manager could not reach the database behind it.',
  tryThis: ['Give the address of the database’s own listener.', 'Ask whoever runs the listener what it is set up to lead to.'],
  retryable: true,
};

const each = (codes: string, explanation: Explanation): Record<string, Explanation> =>
  Object.fromEntries(codes.split(' ').map((code) => [code, explanation]));

/** Every code of the server (ORA) and the driver (NJS) that has a meaning of its own here. */
const rows: Readonly<Record<string, Explanation>> = {
  ...signInRows,
  ...each('ORA-12514 NJS-518', service),
  ...each('ORA-12505 NJS-519', sid),
  ...each('ORA-12516 ORA-12518 ORA-12519 ORA-12520 ORA-12521', unhandled),
  ...each('ORA-12528 ORA-01033 ORA-01034 ORA-27101 ORA-01109 ORA-01090', starting),
  ...each('ORA-12526 ORA-12527 ORA-01035', restricted),
  ...each('ORA-00018 ORA-00020 ORA-02391', full),
  ...each('ORA-12650 ORA-12660 NJS-531 NJS-532 NJS-533', nativeEncryption),
  ...each('ORA-28860 ORA-28865 ORA-28759 ORA-29024 ORA-29002 NJS-505 NJS-506 NJS-507 NJS-508', tls),
  ...each('ORA-00028 ORA-00031 ORA-00600 ORA-00603 ORA-00609 ORA-01012 ORA-01041 ORA-01089 ORA-01092', lost),
  ...each('ORA-02396 ORA-02399 ORA-03113 ORA-03114 ORA-03135 ORA-12153', lost),
  ...each('ORA-00942 ORA-01031 ORA-41900', forbidden),
  ...each('ORA-01013 NJS-123 NJS-040', tooSlow),
  ...each('ORA-01456 ORA-16000', readOnly),
  ...each('ORA-12154 ORA-12262 NJS-512 NJS-514 NJS-515 NJS-516 NJS-517 NJS-520', descriptor),
  ...each('NJS-510', slow),
  ...each('ORA-12170 ORA-12535 ORA-12541 ORA-12543 ORA-12545 ORA-12564', unreachable),
};

/** What codes of the driver are to Node: the bridge dials, and these come where it was cut off. */
const ofNode: Readonly<Record<string, string>> = {
  'NJS-500': 'closed_early',
  'NJS-501': 'closed_early',
  'NJS-503': 'closed_early',
  'NJS-511': 'ECONNREFUSED',
  'NJS-521': 'closed_early',
  'NJS-530': 'ENOTFOUND',
  'ORA-12537': 'closed_early',
  'ORA-12547': 'closed_early',
  'ORA-12560': 'closed_early',
  'ORA-12570': 'closed_early',
};

/** Codes of the driver that mean that it could not read what came. */
const unread = /^NJS-(10[2367]|109|11[0-3]|126|127|14[45]|509|513|534)$/;

/** Whether the driver could not read what came: what else comes is not to be relied on. */
export const isUnread = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && unread.test(String(Reflect.get(error, 'code')));

/** The row of a code, or null. */
export const explainCode = (code: string): Explanation | null => (Object.hasOwn(rows, code) ? (rows[code] ?? null) : null);

/** What a code of the driver is called in every network engine; the code itself where it has no such name. */
export const nodeCodeOf = (code: string): string => (unread.test(code) ? 'malformed' : (ofNode[code] ?? code));
