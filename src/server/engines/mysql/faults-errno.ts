import { type Explanation, refusedWrite, tooSlow } from '../network/explanation.ts';
import {
  blockedAccount,
  blockedHost,
  full,
  insecure,
  locked,
  method,
  oldFormat,
  passwordExpired,
  pluginMissing,
  rejected,
  type Said,
  stranger,
  usedUp,
  user,
} from './faults-account.ts';

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
const stopping: Explanation = {
  code: 'server.starting',
  field: null,
  happened: 'The server is starting, stopping or in offline mode.',
  tryThis: ['Wait a moment and try again.'],
  retryable: true,
};
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
const unreadable: Explanation = {
  code: 'read.forbidden',
  field: user,
  happened: 'This account may not read what was asked for.',
  tryThis: ['Let an administrator run: GRANT SELECT, SHOW VIEW ON ….* TO …'],
};
const readOnly = refusedWrite('the session');
type Row = Explanation | ((said: Said) => Explanation | null);

/** Every error of the server that has a meaning of its own here, by its number: names differ between drivers, texts between languages. */
const rows: Readonly<Record<number, Row>> = {
  1040: full,
  1042: stranger,
  1043: method,
  1044: databaseForbidden,
  1045: rejected,
  1049: unknownDatabase,
  1053: stopping,
  1077: stopping,
  1079: lost,
  1129: blockedHost,
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
  1226: usedUp,
  1227: unreadable,
  1251: method,
  1275: oldFormat,
  1290: readOnly,
  1317: tooSlow,
  1370: unreadable,
  1524: pluginMissing,
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
  3955: blockedAccount,
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
