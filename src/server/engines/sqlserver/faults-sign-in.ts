import { isIP } from 'node:net';
import type { Explanation } from '../network/explanation.ts';
import type { ServerError } from './server-error.ts';

const user = 'credentials.readOnly.username';
const password = 'credentials.readOnly.password';

const rejected: Explanation = {
  code: 'credential.rejected',
  stage: 'auth',
  field: password,
  happened: 'Name or password rejected. SQL Server does not say which, nor why, to anyone but its own log.',
  tryThis: [
    'Check the username and the password.',
    'Azure SQL may want the server in the name: user@server.',
    'For an administrator: the state in the server’s ERRORLOG tells. 2, 5 unknown login; 6 Windows name; 7 disabled; 8, 9 wrong password; 11, 12 no access to the server; 13 paused; 18 must change the password; 23 shutting down; 38, 40, 46, 126 database not there; 58 Windows logins only.',
  ],
};
const noDatabase: Explanation = {
  code: 'database.unknown',
  stage: 'database',
  field: 'address.database',
  happened: 'The server cannot open the database for this login: there is none of this name, or the login is not a user of it.',
  tryThis: ['Check the name of the database.', 'Let an administrator run in it: CREATE USER … FOR LOGIN …'],
};
const noDefault: Explanation = {
  code: 'database.unknown',
  stage: 'database',
  field: 'address.database',
  happened: 'The default database of this login is not there.',
  tryThis: ['Name a database that is there.', 'Let an administrator run: ALTER LOGIN … WITH DEFAULT_DATABASE = …'],
};
const closed: Explanation = {
  code: 'database.closed',
  stage: 'database',
  field: 'address.database',
  happened:
    'The database is there and takes no connections now: it is offline, being restored, in single-user mode, or a replica that may not be read.',
  tryThis: ['Ask whoever runs it, or try again later.', 'In an availability group, give the address of a replica that may be read.'],
};
const windows: Explanation = {
  code: 'auth.unsupported',
  stage: 'auth',
  field: user,
  happened: 'The server took this for a Windows login, which Portcullis does not use.',
  tryThis: ['Use a SQL login: CREATE LOGIN … WITH PASSWORD = …', 'The server must allow SQL Server and Windows Authentication mode.'],
};
const forbidden = (happened: string, ...tryThis: string[]): Explanation => ({
  code: 'login.forbidden',
  stage: 'auth',
  field: user,
  happened,
  tryThis,
});
const transient: Explanation = {
  code: 'server.starting',
  field: null,
  happened: 'The database is not available for a moment: it may be resuming, moving or being scaled.',
  tryThis: ['Wait a minute and try again: a serverless database takes about that long to resume.'],
  retryable: true,
};
const paused: Explanation = {
  code: 'server.starting',
  field: null,
  happened: 'The server is starting, stopping or paused.',
  tryThis: ['Wait a moment and try again.'],
  retryable: true,
};
const full: Explanation = {
  code: 'server.full',
  field: null,
  happened: 'The server has no free connection, or a limit of it is reached.',
  tryThis: ['Try again in a moment.', 'Raise the limit of connections, or the size of the service.'],
  retryable: true,
};

/** The firewall says which address it saw: ours. It is the one word of the server that is shown, and only as an address. */
function firewalled({ message }: ServerError): Explanation {
  const seen = message
    .match(/[0-9a-fA-F:.]{2,45}/g)
    ?.find((word) => isIP(word.replace(/\.$/, '')) > 0)
    ?.replace(/\.$/, '');
  return {
    code: 'client.forbidden',
    stage: 'auth',
    field: 'address.host',
    happened: seen
      ? `The firewall of the server does not let ${seen} in, which is the address we come from.`
      : 'The firewall of the server does not let us in.',
    tryThis: [
      'Add that address to the server’s firewall rules; it takes up to five minutes.',
      'Or allow the virtual network that Portcullis runs in.',
    ],
  };
}
const wrongServer: Explanation = {
  code: 'tenant.unknown',
  stage: 'auth',
  field: user,
  happened: 'The gateway does not know which server this user belongs to.',
  tryThis: ['Write the server into the name: user@server.', 'Check the host.'],
};

/** Numbers of errors that a sign-in meets. 18456 comes behind most of the others, which say more: the first with a meaning counts. */
export const signInRows: Readonly<Record<number, Explanation | ((error: ServerError) => Explanation)>> = {
  18456: rejected,
  4060: noDatabase,
  911: noDatabase,
  4062: noDefault,
  4063: noDefault,
  4064: noDefault,
  18452: windows,
  18470: forbidden('This login is disabled.', 'Let an administrator run: ALTER LOGIN … ENABLE'),
  18486: forbidden(
    'This login is locked, after too many wrong passwords.',
    'Let an administrator run: ALTER LOGIN … WITH PASSWORD = … UNLOCK',
    'Do not try on: it would be locked again.',
  ),
  18487: forbidden('The password of this login has expired.', 'Let it be changed, and enter the new one.'),
  18488: forbidden('The password of this login must be changed before its first use.', 'Let it be changed, and enter the new one.'),
  18451: forbidden('Only administrators may sign in now.', 'Try again later.'),
  17892: forbidden('A trigger of the server refused the login.', 'Ask whoever runs the server what its logon triggers allow.'),
  17142: paused,
  6005: paused,
  18401: paused,
  40615: firewalled,
  40914: firewalled,
  40532: wrongServer,
  40613: transient,
  40197: transient,
  40501: transient,
  49918: transient,
  49919: transient,
  49920: transient,
  10928: full,
  10929: full,
  17300: full,
  17809: full,
  18461: full,
  921: closed,
  922: closed,
  924: closed,
  927: closed,
  942: closed,
  945: closed,
  952: closed,
  976: closed,
  978: closed,
  983: closed,
};
