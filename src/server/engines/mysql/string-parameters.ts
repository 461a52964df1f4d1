import type { EngineId } from '../../../contract/engines.ts';
import { list, type Place, type World } from '../string-draft.ts';
import { common, folded, judgeBy, type Rule, ruleBook } from '../string-rules.ts';
import { judgeTls } from './string-tls.ts';

const places: Record<string, Place> = {
  host: 'host',
  hostname: 'host',
  server: 'host',
  servername: 'host',
  datasource: 'host',
  port: 'port',
  tcpport: 'port',
  database: 'database',
  db: 'database',
  dbname: 'database',
  initialcatalog: 'database',
  user: 'username',
  username: 'username',
  userid: 'username',
  uid: 'username',
  password: 'password',
  passwd: 'password',
  pass: 'password',
  pwd: 'password',
};

const { file, caFile, clientCertificate, code, kerberos, session, limits, pool, driver, oneHost, verified, cloud } = common;
const infile: Rule = ['blocked', 'would let the server ask for any file of the gateway'];
const socket: Rule = ['blocked', 'would open a socket file on the gateway'];
const several: Rule = ['blocked', 'would let several statements run as one'];
const clear: Rule = ['blocked', 'could send the password in clear'];
const times: Rule = ['not_needed', 'values come exactly as they are stored'];
const found: Rule = ['blocked', 'would ask the DNS which hosts to dial'];
const secret: Rule = ['blocked', 'opens a key file, which is not read: paste certificates under Encryption instead'];

const rules = ruleBook([
  ['allowLoadLocalInfile allowLoadLocalInfileInPath allowUrlInLocalInfile allowLocalInfile localInfile permitLocalInfile', infile],
  ['infileStreamFactory allowAllFiles loadDataLocalDir enableLocalInfile', infile],
  ['socketPath unixSocket socket localSocket pipe pipeName namedPipe sharedMemoryBaseName', socket],
  ['allowMultiQueries multiStatements multipleStatements allowMultiStatements clientMultiStatements', several],
  ['allowCleartextPasswords enableCleartextPlugin allowOldPasswords insecureAuth allowFallbackToPlaintext secureAuth', clear],
  [
    'allowPublicKeyRetrieval getServerPublicKey',
    ['blocked', 'would hide the password with a key that nobody checked; TLS protects it instead'],
  ],
  ['serverRSAPublicKeyFile serverPubKey serverPublicKey serverPublicKeyPath rsaPublicKey', file],
  ['defaultsFile defaultsExtraFile defaultsGroupSuffix loginPath readDefaultFile readDefaultGroup optionFiles ociConfigFile', file],
  ['sslCa sslCaPath CACertificateFile serverSslCert trustCertificateKeyStoreUrl trustStore trustStoreType', caFile],
  ['sslCert sslKey CertificateFile clientCertificateKeyStoreUrl keyStore sslIdentity certificateStoreLocation', clientCertificate],
  ['sslCrl sslCrlPath customCharsetMapping pluginDir clientCertificateKeyStoreType keyStoreType', file],
  ['CertificatePassword certificateThumbprint keyStorePassword clientCertificateKeyStorePassword', secret],
  ['trustStorePassword trustCertificateKeyStorePassword keyPassword sslPassword', secret],
  ['autoDeserialize queryInterceptors statementInterceptors connectionLifecycleInterceptors exceptionInterceptors', code],
  ['socketFactory propertiesTransform useConfigs clientInfoProvider logger profilerEventHandler parseInfoCacheFactory', code],
  ['serverConfigCacheFactory queryInfoCacheFactory loadBalanceStrategy ha.loadBalanceStrategy tlsSocketType flags', code],
  [
    'authPlugin authPlugins authPluginMap authenticationPlugins defaultAuthenticationPlugin defaultAuth disabledAuthenticationPlugins',
    code,
  ],
  ['restrictedAuth authSwitchHandler authenticationWebAuthnCallbackHandler', code],
  ['servicePrincipalName authenticationGssapiClientMode jaasApplicationName serverSPN integratedSecurity', kerberos],
  ['credentialType password2 password3 authenticationOciClientConfigProfile', cloud],
  ['socksProxyHost socksProxyPort socksProxyRemoteDns proxyHost proxyPort', common.proxy],
  ['dnsSrv', found],
  ['initCommand initSql sessionVariables sqlMode ansiQuotes transactionIsolation txIsolation connectionCollation', session],
  ['charset characterEncoding characterSet characterSetResults collation useUnicode defaultCharacterSet useUtf8', common.charset],
  ['serverTimezone connectionTimeZone forceConnectionTimeZoneToSession preserveInstants timezone loc timeTruncate', times],
  ['parseTime dateStrings zeroDateTimeBehavior allowZeroDateTime convertZeroDateTime yearIsDateType noDatetimeStringSync', times],
  ['useLegacyDatetimeCode useJDBCCompliantTimezoneShift tinyInt1isBit transformedBitIsBoolean treatTinyAsBoolean', times],
  ['supportBigNumbers bigNumberStrings decimalNumbers bigIntAsNumber insertIdAsNumber typeCast rowsAsArray guidFormat oldGuids', times],
  ['connectTimeout connectionTimeout socketTimeout timeout readTimeout writeTimeout queryTimeout acquireTimeout', limits],
  ['defaultCommandTimeout commandTimeout keepAlive tcpKeepAlive enableKeepAlive keepAliveInitialDelay initializationTimeout', limits],
  ['connectionLimit pool pooling poolSize poolName poolRecycle poolPrePing poolResetSession minPoolSize maxPoolSize', pool],
  ['minimumPoolSize maximumPoolSize connectionLifetime connectionIdleTimeout connectionReset idleTimeout maxIdle maxIdleTime', pool],
  ['queueLimit waitForConnections autoReconnect maxReconnects initialTimeout reconnect maxOverflow poolTimeout autocommit', pool],
  ['failOverReadOnly loadBalance loadBalanceBlocklistTimeout roundRobinLoadBalance retriesAllDown secondsBeforeRetryMaster', oneHost],
  ['queriesBeforeRetryMaster allowMasterDownConnection allowSourceDownConnections assureReadOnly failover', oneHost],
  ['readOnly', common.readOnly],
  ['applicationName programName connectionAttributes connectAttrs connectAttributes', common.name],
  ['enabledTLSProtocols tlsVersion tlsVersions tlsCiphersuites tlsCiphers sslCipher enabledSSLCipherSuites', verified],
  ['enabledSslProtocolSuites fipsMode sslFipsMode tlsSni', verified],
  ['useServerPrepStmts cachePrepStmts prepStmtCacheSize prepStmtCacheSqlLimit rewriteBatchedStatements useCompression compress', driver],
  ['compression compressionAlgorithms cacheServerConfiguration cacheResultSetMetadata useLocalSessionState elideSetAutoCommits', driver],
  ['maintainTimeStats useCursorFetch defaultFetchSize nullCatalogMeansCurrent nullDatabaseMeansCurrent useInformationSchema', driver],
  ['useOldAliasMetadataBehavior interpolateParams columnsWithAlias clientFoundRows maxAllowedPacket rejectReadOnly', driver],
  ['checkConnLiveness namedPlaceholders nestTables debug trace stringifyObjects allowUserVariables useAffectedRows', driver],
  ['ignorePrepare interactiveSession persistSecurityInfo jdbcCompliantTruncation dumpQueriesOnException logSlowQueries', driver],
  ['profileSQL allowNativePasswords useBulkStmts usePipelineAuth serverVersion driver dialect adapter connection', driver],
  ['usePure raiseOnWarnings getWarnings buffered statementCacheSize schema noDefaults option', driver],
]);

/** Names whose value is never shown. */
const silent = new Set(
  'initCommand initSql sessionVariables CertificatePassword keyStorePassword clientCertificateKeyStorePassword trustStorePassword trustCertificateKeyStorePassword keyPassword sslPassword password2 password3'
    .split(' ')
    .map(folded),
);

const judge: World['judge'] = judgeBy({
  places,
  rules,
  silent,
  special(draft, key, name, value) {
    if (key !== 'protocol' && key !== 'connectionprotocol') return judgeTls(draft, key, name, value);
    const tcp = /^(tcp[46]?|socket|sockets)$/i.test(value) && !(name.startsWith('--') && /socket/i.test(value));
    if (tcp) list(draft, name, value, 'not_needed', 'TCP is used in any case');
    else list(draft, name, null, 'blocked', 'would open a socket file or a pipe on the gateway');
    return true;
  },
});

/** A MySQL, or an engine that speaks as it does, as its strings name it. */
export const worldOf = (dbType: EngineId): World => ({
  dbType,
  port: 3306,
  database: { field: 'database', title: 'Database' },
  judge,
});
