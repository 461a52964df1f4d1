import { type Draft, list, type Place, type World } from '../string-draft.ts';
import { common, folded, judgeBy, type Rule, ruleBook } from '../string-rules.ts';
import { sayTls, truth } from '../string-tls.ts';
import { fillService, sayProtocol, shownWord, takeTarget } from './string-target.ts';

const places: Record<string, Place> = {
  host: 'host',
  hostname: 'host',
  port: 'port',
  user: 'username',
  username: 'username',
  userid: 'username',
  uid: 'username',
  password: 'password',
  pwd: 'password',
};

const services = new Set(['servicename', 'service', 'database', 'db', 'databasename', 'pdb']);
const targets = new Set(['datasource', 'dsn', 'connectstring', 'connectionstring', 'connstr', 'dbq', 'tns', 'tnsname']);
const admins = new Set(['dbaprivilege', 'mode', 'authmode', 'privilege', 'sysdba', 'sysoper', 'internallogon', 'logonmode']);

const { caFile, code, kerberos, session, limits, pool, driver, oneHost, verified, cloud } = common;
const wallet: Rule = ['blocked', 'would read a wallet on the gateway: paste certificates under Encryption instead'];
const elsewhere: Rule = ['blocked', 'would read a file on the gateway, or an address from elsewhere'];
const admin: Rule = ['blocked', 'would sign in as an administrator of the server: give a login that can only read'];
const another: Rule = ['blocked', 'would sign in as one user on behalf of another'];
const encryption: Rule = ['not_needed', "TLS encrypts; the driver does not speak Oracle's own encryption"];

const rules = ruleBook([
  ['wallet walletLocation walletPassword walletPwd walletSource walletContent MY_WALLET_DIRECTORY', wallet],
  ['METHOD METHOD_DATA SOURCE keyStore keyStorePassword keyStoreType', wallet],
  ['trustStore trustStorePassword trustStoreType', caFile],
  ['TNS_ADMIN configDir configFile LDAP_ADMIN ifile', elsewhere],
  [
    'HTTPS_PROXY HTTPS_PROXY_PORT HTTPS_PROXY_USER HTTPS_PROXY_PASSWORD httpProxy socksProxy socksProxyHost TUNNEL_SERVICE_NAME',
    common.proxy,
  ],
  ['SOURCE_ROUTE', ['blocked', 'would go to the database by way of a connection manager']],
  ['SSL_SERVER_CERT_DN', ['blocked', 'would accept a certificate of another name: the host itself must stand in it, or pin it']],
  ['INSTANCE_NAME instance', ['blocked', 'would choose one instance: give the service of that instance']],
  ['SHARDING_KEY SUPER_SHARDING_KEY RDB_DATABASE TYPE_OF_SERVICE GLOBAL_NAME HS', ['blocked', 'would reach another kind of database']],
  ['proxyUserId proxyPassword proxyClientName proxyUser', another],
  ['externalAuth authType osUser osPassword domain authenticationService SQLNET.AUTHENTICATION_SERVICES', kerberos],
  ['kerberos5CC krb5Conf KERBEROS5_CC_NAME KERBEROS5_PRINCIPAL', kerberos],
  ['accessToken TOKEN_AUTH TOKEN_LOCATION PASSWORD_AUTH OCI_IAM_URL OCI_TENANCY OCI_COMPARTMENT OCI_DATABASE OCI_CONFIG_FILE', cloud],
  ['OCI_PROFILE AZURE_DB_APP_ID_URI TENANT_ID CLIENT_ID CLIENT_CERTIFICATE REDIRECT_URI azureCredentials', cloud],
  ['newPassword', ['blocked', 'would change the password']],
  ['unixSocket', ['blocked', 'would open a socket file on the gateway']],
  ['traceFile traceDir traceLevel libDir driverMode thickMode driverName hdfs', code],
  ['KEY PIPE PROGRAM ARGV0 ARGS ENVS', ['blocked', 'would start a program or open a pipe on the gateway']],
  ['edition language territory nlsLang currentSchema defaultSchema appContext autocommit ENABLE_DDL', session],
  ['charset encoding nencoding unicode clientCharset', common.charset],
  ['CONNECT_TIMEOUT TRANSPORT_CONNECT_TIMEOUT TCP_CONNECT_TIMEOUT RECV_TIMEOUT RETRY_COUNT RETRY_DELAY EXPIRE_TIME ENABLE', limits],
  ['connectionTimeout timeout readTimeout callTimeout oracle.net.CONNECT_TIMEOUT oracle.jdbc.ReadTimeout', limits],
  ['TCP_USER_TIMEOUT sqlTimeout loginTimeout', limits],
  ['FAILOVER FAILOVER_MODE LOAD_BALANCE TYPE_OF_FAILOVER SERVER_TYPE DELAY loadBalancing haEvents IP', oneHost],
  ['UR COLOCATION_TAG CONNECTION_ID_PREFIX CID SEND_BUF_SIZE RECV_BUF_SIZE SDU TDU COMPRESSION COMPRESSION_LEVELS USE_SNI', driver],
  [
    'POOL_CONNECTION_CLASS POOL_PURITY POOL_BOUNDARY POOL_NAME cclass purity pooling minPoolSize maxPoolSize incrPoolSize decrPoolSize',
    pool,
  ],
  ['connectionLifetime connectionPoolTimeout validateConnection poolMin poolMax poolIncrement poolSize poolRecycle poolPrePing', pool],
  ['homogeneous maxOverflow selfTuning stmtCachePurge', pool],
  ['SSL_VERSION SSL_VERSIONS SSL_CIPHER_SUITES fips', verified],
  ['ENCRYPTION ENCRYPTION_CLIENT ENCRYPTION_TYPES_CLIENT CRYPTO_CHECKSUM_CLIENT CRYPTO_CHECKSUM_TYPES_CLIENT dataIntegrity', encryption],
  ['IGNORE_ANO_ENCRYPTION_FOR_TCPS', encryption],
  ['persistSecurityInfo enlist statementCacheSize stmtCacheSize metadataPooling prefetchRows lobFetch', driver],
  ['arraysize threaded events max_identifier_length coerce_to_decimal driver format disableOOB USE_TCP_FAST_OPEN', driver],
  ['contextConnection promotableTransaction dialect adapter connection client schema', driver],
  ['applicationName machine terminal', common.name],
]);

const silent = new Set(
  'walletPassword walletPwd keyStorePassword trustStorePassword HTTPS_PROXY_PASSWORD proxyPassword osPassword accessToken newPassword'
    .split(' ')
    .map(folded),
);

function judgeServer(draft: Draft, name: string, value: string): void {
  if (/^(dedicated|shared|pooled|emon)$/i.test(value))
    list(draft, name, value, 'not_needed', 'says how the server serves, which it may choose');
  else list(draft, name, null, 'blocked', 'would go to another host than the one shown');
}

function special(draft: Draft, key: string, name: string, value: string): boolean {
  const on = truth(value);
  if (services.has(key)) fillService(draft, value, 'service', name);
  else if (key === 'sid') fillService(draft, value, 'sid', name);
  // PHP says dbname where it means the whole target.
  else if (key === 'dbname') /[/(:]/.test(value) ? takeTarget(draft, value) : fillService(draft, value, 'service', name);
  else if (targets.has(key) || (key === 'server' && value.startsWith('('))) takeTarget(draft, value);
  else if (key === 'protocol') sayProtocol(draft, value, name);
  else if (key === 'server') judgeServer(draft, name, value);
  else if (key === 'ssl' || key === 'tls') {
    const said = on ?? (/^enable$/i.test(value) ? true : /^disable$/i.test(value) ? false : undefined);
    sayTls(draft, name, shownWord(value), said === undefined ? undefined : said ? 'require' : 'off');
  } else if (['sslserverdnmatch', 'sslverify', 'oracle.net.sslserverdnmatch'].includes(key))
    sayTls(draft, name, shownWord(value), on === undefined ? undefined : on ? 'checked' : 'any');
  else if (key === 'sslallowweakdnmatch') sayTls(draft, name, shownWord(value), on === undefined ? undefined : on ? 'any' : 'checked');
  else if (admins.has(key)) {
    const plainly = /^(default|normal|auth_?mode_?default|0|false|)$/i.test(value);
    list(draft, name, shownWord(value), ...(plainly ? driver : admin));
  } else return false;
  return true;
}

/** An Oracle Database as its strings name it. */
export const oracleWorld: World = {
  dbType: 'oracle',
  port: 1521,
  database: { field: 'service', title: 'Service name' },
  judge: judgeBy({ places, rules, silent, special }),
};

/** Lists that the string would sign in as an administrator. */
export const listAdmin = (draft: Draft, name: string): void => list(draft, name, null, ...admin);
