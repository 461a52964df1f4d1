import type { Draft } from '../string-draft.ts';
import { envKind } from '../string-env.ts';
import { pairsLikeness, readPairs } from './string-pairs.ts';
import { sqlserverWorld } from './string-parameters.ts';
import { looksLikeUrl, readUrlDrafts } from './string-url.ts';

/** The variables that sqlcmd reads, by the parameter each stands for. */
export const environmentNames: ReadonlyMap<string, string> = new Map([
  ['SQLCMDSERVER', 'server'],
  ['SQLCMDDBNAME', 'database'],
  ['SQLCMDUSER', 'user'],
  ['SQLCMDPASSWORD', 'password'],
  ['SQLCMDWORKSTATION', 'workstationID'],
  ['SQLCMDLOGINTIMEOUT', 'loginTimeout'],
]);

const readString = (text: string): Draft[] => (looksLikeUrl(text) ? readUrlDrafts(text) : [readPairs(text)]);

/** Lines such as DATABASE_URL=sqlserver://…, MSSQL_HOST=… or ConnectionStrings__Default=Server=…. */
export const envLines = envKind({
  world: sqlserverWorld,
  names: environmentNames,
  group: 'SQLCMD',
  words: /^(?:SQLSERVER|MSSQL|SQLSRV)$/,
  ends: new Map([
    ['ENCRYPT', 'encrypt'],
    ['TRUST_SERVER_CERTIFICATE', 'trustServerCertificate'],
    ['TRUSTSERVERCERTIFICATE', 'trustServerCertificate'],
    ['INSTANCE', 'instance'],
    ['INSTANCE_NAME', 'instance'],
    ['INITIAL_CATALOG', 'database'],
  ]),
  driver: /sqlserver|mssql|sqlsrv|sql[_ ]server|tedious/i,
  isString: (value) => looksLikeUrl(value) || pairsLikeness(value) > 0.5,
  readString,
});
