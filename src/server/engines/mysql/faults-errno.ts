import type { StageName } from '../../../contract/connections.ts';
import { type Explanation, refusedWrite, tooSlow } from '../network/explanation.ts';
import type { MysqlAddress } from './address.ts';
import type { Flavour } from './flavour.ts';

/** What the server said, reduced to what may be looked at. */
export interface Said {
  readonly errno: number;
  readonly stage: StageName;
  readonly at: MysqlAddress;
  readonly flavour: Flavour;
}

const user = 'credentials.readOnly.username';
const signingIn = (stage: StageName): boolean => stage === 'auth' || stage === 'database' || stage === 'tls';

const lost: Explanation = {
  code: 'server.lost',
  field: null,
  happened: 'The server ended the connection.',
  tryThis: [
    'Try again in a moment.',
    'If it goes on, look at the server’s log: it may have been restarted, or an administrator ended the session.',
  ],
  retryable: true,
};
const full: Explanation = {
  stage: 'auth',
  code: 'server.full',
  field: null,
  happened: 'The server, or this account, has no free connection.',
  tryThis: ['Try again in a moment.', 'Raise max_connections, or the account’s MAX_USER_CONNECTIONS or limits per hour.'],
  retryable: true,
};
const stopping: Explanation = {
  code: 'server.starting',
  field: null,
  happened: 'The server is starting or stopping.',
  tryThis: ['Wait a moment and try again.'],
  retryable: true,
};
/** The same for a wrong password, an unknown account, an account for other hosts, and one that has to come encrypted. */
const rejected = ({ at }: Said): Explanation => ({
  code: 'credential.rejected',
  field: 'credentials.readOnly.password',
  happened: 'Name or password rejected. The server does not say which.',
  tryThis: [
    ...(at.tls.mode === 'disable'
      ? ['The account, or the server, may want encryption (REQUIRE SSL): choose an encrypted connection.']
      : []),
    'Check the username and the password.',
    'An account holds for certain hosts: ask whoever runs the database for one that may come from the server that Portcullis runs on.',
  ],
});
const databaseForbidden: Explanation = {
  code: 'database.forbidden',
  field: 'address.database',
  happened: 'There is no such database, or this account has no right on it: the server does not say which.',
  tryThis: ['Check the name: on most servers capital letters count.', 'Let an administrator run: GRANT SELECT ON ….* TO …'],
};
const unknownDatabase: Explanation = {
  code: 'database.unknown',
  field: 'address.database',
  happened: 'There is no database of this name on the server.',
  tryThis: ['Check the name: on most servers capital letters count.'],
};
const stranger: Explanation = {
  stage: 'auth',
  code: 'client.forbidden',
  field: user,
  happened: 'The server has no account that may come from the address that Portcullis comes from.',
  tryThis: ["Let an administrator run: CREATE USER '…'@'<address of the server that Portcullis runs on>' …"],
};
const blocked: Explanation = {
  stage: 'auth',
  code: 'client.forbidden',
  field: user,
  happened: 'The server has blocked the address that Portcullis comes from, after many failed connections.',
  tryThis: ['Stop trying, and let an administrator run: FLUSH HOSTS.'],
};
const passwordExpired: Explanation = {
  code: 'credential.rejected',
  field: 'credentials.readOnly.password',
  stage: 'auth',
  happened: 'The password of this account has expired: the server wants another one.',
  tryThis: ['Let an administrator run: ALTER USER … IDENTIFIED BY … PASSWORD EXPIRE NEVER', 'Then enter the new password.'],
};
const insecure: Explanation = {
  code: 'tls.required',
  field: 'address.tls',
  happened: 'The server accepts encrypted connections alone (require_secure_transport).',
  tryThis: ['Choose an encrypted connection.'],
};
const method = ({ at, flavour: { account } }: Said): Explanation => ({
  code: 'auth.unsupported',
  field: user,
  happened: 'The server wants a way to sign in that Portcullis does not have, or that needs encryption.',
  tryThis: [
    ...(at.tls.mode === 'disable' ? ['Choose an encrypted connection.'] : []),
    `Let an administrator have the account sign in by ${account.by}: ${account.sql}`,
  ],
});
const unreadable: Explanation = {
  code: 'read.forbidden',
  field: user,
  happened: 'This account may not read what was asked for.',
  tryThis: ['Let an administrator run: GRANT SELECT, SHOW VIEW ON ….* TO …'],
};
const readOnly = refusedWrite('the session');
/** The account is locked, under whatever number. */
export const locked: Explanation = {
  code: 'login.forbidden',
  field: user,
  happened: 'This account is locked.',
  tryThis: ['Let an administrator run: ALTER USER … ACCOUNT UNLOCK', 'Or use another account.'],
};

type Row = Explanation | ((said: Said) => Explanation | null);

/** Every error of the server that has a meaning of its own here, by its number: names differ between drivers, texts between languages. */
const rows: Readonly<Record<number, Row>> = {
  1040: full,
  1042: stranger,
  1043: (said) => (signingIn(said.stage) ? method(said) : null),
  1044: databaseForbidden,
  1045: rejected,
  1049: unknownDatabase,
  1053: stopping,
  1077: stopping,
  1079: lost,
  1129: blocked,
  1130: stranger,
  1142: unreadable,
  1143: unreadable,
  1152: lost,
  1153: lost,
  1158: lost,
  1159: lost,
  1160: lost,
  1161: lost,
  1184: lost,
  1203: full,
  1205: tooSlow,
  1226: full,
  1227: unreadable,
  1251: method,
  1290: readOnly,
  1317: tooSlow,
  1370: unreadable,
  1698: rejected,
  1792: readOnly,
  1820: passwordExpired,
  1836: readOnly,
  1862: passwordExpired,
  1927: lost,
  2059: method,
  2061: method,
  3032: stopping,
  3118: locked,
  3159: insecure,
  3169: lost,
  3955: method,
  4031: lost,
};

/** What an error of the server means, by its number. */
export function explainErrno(said: Said): Explanation {
  const { errno, flavour } = said;
  const row = errno === flavour.tooLong ? tooSlow : (flavour.errors[errno] ?? (Object.hasOwn(rows, errno) ? rows[errno] : undefined));
  const found = typeof row === 'function' ? row(said) : row;
  return (
    found ?? {
      code: 'database.failed',
      field: null,
      happened: 'The database reported an error.',
      tryThis: ['The technical detail names it; the database’s log says more.'],
    }
  );
}
