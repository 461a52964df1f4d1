import { envKind } from '../string-env.ts';
import { looksLikeDescriptor } from './string-descriptor.ts';
import { loginLikeness } from './string-login.ts';
import { oracleWorld } from './string-parameters.ts';
import { looksLikeUrl, readLogin, readUrlDrafts } from './string-url.ts';

/** The variables that the clients of an Oracle Database read, by the parameter each stands for. */
export const environmentNames: ReadonlyMap<string, string> = new Map([
  ['TWO_TASK', 'dsn'],
  ['ORACLE_SID', 'sid'],
  ['TNS_ADMIN', 'TNS_ADMIN'],
]);

const ends = new Map(
  Object.entries({
    service_name: 'SERVICE SERVICE_NAME SERVICENAME PDB',
    sid: 'SID',
    dsn: 'DSN CONNECT_STRING CONNECTION_STRING CONNECTSTRING CONN_STRING TNS',
    wallet_location: 'WALLET WALLET_LOCATION WALLET_DIR',
    wallet_password: 'WALLET_PASSWORD',
  }).flatMap(([keyword, names]) => names.split(' ').map((name) => [name, keyword] as const)),
);

/** Lines such as DATABASE_URL=oracle://…, ORACLE_HOST=… or ORACLE_DSN=host:1521/service. */
export const envLines = envKind({
  world: oracleWorld,
  names: environmentNames,
  group: 'ORACLE',
  words: /^(?:ORACLE|ORA|ORCL|OCI)$/,
  ends,
  driver: /oracle|\boci8?\b/i,
  isString: (value) => looksLikeUrl(value) || (value.includes('@') && loginLikeness(value) > 0.5 && !looksLikeDescriptor(value)),
  readString: (value) => (looksLikeUrl(value) ? readUrlDrafts(value) : readLogin(value)),
});
