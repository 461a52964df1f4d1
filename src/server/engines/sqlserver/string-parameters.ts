import { type Draft, list, type Place, type World } from '../string-draft.ts';
import { semicolonPairs } from '../string-pairs.ts';
import { common, folded, judgeBy, plain, type Rule, ruleBook } from '../string-rules.ts';
import { sayTls, type TlsWord, truth } from '../string-tls.ts';
import { fillInstance, fillServer } from './string-server.ts';

const places: Record<string, Place> = {
  port: 'port',
  portnumber: 'port',
  database: 'database',
  databasename: 'database',
  dbname: 'database',
  initialcatalog: 'database',
  user: 'username',
  username: 'username',
  userid: 'username',
  uid: 'username',
  password: 'password',
  pwd: 'password',
};

const servers = new Set(['server', 'servername', 'datasource', 'address', 'addr', 'networkaddress', 'host', 'hostname']);

const { caFile, clientCertificate, code, kerberos, session, limits, pool, driver, verified, cloud } = common;
const windows: Rule = ['blocked', 'would sign in with the Windows account of the gateway: give a SQL login'];
const login: Rule = ['not_needed', 'a SQL login is used in any case'];
const second: Rule = ['blocked', 'would go to another host than the one shown'];
const attach: Rule = ['blocked', 'would have the server attach a database file'];
const keys: Rule = ['blocked', 'would ask a key store for keys; encrypted columns come as they are stored'];
const intent: Rule = [
  'not_needed',
  'asks to be sent on to a replica, and is no guard: every session only reads; for a replica give its own host',
];

const rules = ruleBook([
  ['failoverPartner failoverPartnerSPN failoverServer failoverPort', second],
  ['attachDBFilename extendedProperties initialFileName attachDbFile', attach],
  ['userInstance', ['blocked', 'would start an instance of its own on the gateway']],
  ['contextConnection', ['blocked', 'is for code inside the server']],
  ['applicationIntent', intent],
  ['serverSPN authenticationScheme realm domain domainName gssCredential jaasConfigurationName useDefaultJaasConfig', kerberos],
  [
    'useDefaultGSSCredential krb5-configfile krb5-keytabfile krb5-credcachefile krb5-realm krb5-dnslookupkdc authenticator ntlm useNTLMv2',
    kerberos,
  ],
  ['accessToken accessTokenCallbackClass msiClientId msiEndpoint clientId clientSecret tenantId AADSecurePrincipalId', cloud],
  ['AADSecurePrincipalSecret federatedTokenFile resourceId', cloud],
  ['serverCertificate certificate trustStore trustStoreType trustStorePassword', caFile],
  ['clientCertificate clientKey clientKeyPassword', clientCertificate],
  ['hostNameInCertificate', ['blocked', 'would accept a certificate of another name: the host itself must stand in it, or pin it']],
  ['trustManagerClass trustManagerConstructorArg socketFactoryClass socketFactoryConstructorArg fipsProvider', code],
  ['DSN fileDSN saveFile', ['blocked', 'would read a file on the gateway (the data sources)']],
  ['queryLogFile statsLogFile queryLog_On statsLog_On queryLogTime loggerFile traceFile', code],
  ['keyStoreAuthentication keyStoreLocation keyStoreSecret keyStorePrincipalId keyVaultProviderClientId keyVaultProviderClientKey', keys],
  ['enclaveAttestationUrl enclaveAttestationProtocol attestationProtocol', keys],
  [
    'currentLanguage language quotedId quotedIdentifier ansiNPW ansiNulls concatNullYieldsNull xopenStates replication replicationQ',
    session,
  ],
  ['lockTimeout transactionBinding', session],
  ['dedicatedAdminConnection', ['blocked', 'is the connection of the administrator']],
  ['newPassword', ['blocked', 'would change the password']],
  [
    'connectTimeout connectionTimeout timeout commandTimeout loginTimeout queryTimeout cancelQueryTimeout socketTimeout dialTimeout',
    limits,
  ],
  ['requestTimeout connectRetryCount connectRetryInterval connectionRetryCount retryExec retryConn keepAlive keepAliveInterval', limits],
  ['pooling minPoolSize maxPoolSize poolBlockingPeriod connectionLifetime loadBalanceTimeout connectionReset enlist pool', pool],
  ['connectionLimit poolTimeout maxOverflow poolSize poolRecycle poolPrePing', pool],
  ['applicationName app appName workstationID wsid', common.name],
  ['multiSubnetFailover transparentNetworkIPResolution IPAddressPreference serverNameAsACE', common.oneHost],
  ['sslProtocol fips TLSMin tlsVersion guidConversion', verified],
  ['charset clientCharset autoTranslate sendStringParametersAsUnicode useUnicode', common.charset],
  ['readOnly', common.readOnly],
  ['multipleActiveResultSets MARS_Connection packetSize asynchronousProcessing async typeSystemVersion persistSecurityInfo', driver],
  ['driver provider format useFMTOnly description TDS_Version tds longAsMax getDataExtensions regional vectorTypeSupport', driver],
  ['cacheBulkCopyMetadata bulkCopyForBatchInsertBatchSize calcBigDecimalPrecision datetimeParameterType delayLoadingLobs', driver],
  ['disableStatementPooling statementPoolingCacheSize enablePrepareOnFirstPreparedStatementCall lastUpdateCount maxResultBuffer', driver],
  [
    'prepareMethod responseBuffering selectMethod sendTemporalDataTypesAsStringForBulkCopy sendTimeAsDatetime useBulkCopyForBatchInsert',
    driver,
  ],
  ['serverPreparedStatementDiscardThreshold log logging schema autocommit fastExecutemany dialect client', driver],
]);

const silent = new Set(
  'accessToken clientSecret AADSecurePrincipalSecret clientKeyPassword trustStorePassword keyStoreSecret newPassword'
    .split(' ')
    .map(folded),
);

const encryption: Record<string, TlsWord> = {
  mandatory: 'require',
  require: 'require',
  required: 'require',
  strict: 'full',
  request: 'prefer',
  optional: 'off',
  disable: 'off',
  disabled: 'off',
};

function judgeEncrypt(draft: Draft, name: string, value: string): void {
  const on = truth(value);
  const word = folded(value);
  const said = on === undefined ? (Object.hasOwn(encryption, word) ? encryption[word] : undefined) : on ? 'require' : 'off';
  sayTls(draft, name, plain.test(value) ? value : null, said);
}

/** Parameters that say who signs in: with a SQL login, or with something of the gateway's. */
function judgeSignIn(draft: Draft, key: string, name: string, value: string): void {
  const shown = plain.test(value) ? value : null;
  if (key === 'authentication' || key === 'fedauth') {
    const sql = /^(sqlpassword|sqllogin|notspecified|default)?$/.test(folded(value));
    list(draft, name, shown, ...(sql ? login : cloud));
  } else {
    list(draft, name, shown, ...(truth(value) === false ? login : windows));
  }
}

function special(draft: Draft, key: string, name: string, value: string): boolean {
  const on = truth(value);
  if (servers.has(key)) fillServer(draft, value, name);
  else if (key === 'instance' || key === 'instancename') fillInstance(draft, value, name);
  else if (['encrypt', 'encryption', 'ssl', 'useencryptionfordata'].includes(key)) judgeEncrypt(draft, name, value);
  else if (key === 'trustservercertificate') sayTls(draft, name, value, on === undefined ? undefined : on ? 'any' : 'checked');
  else if (['authentication', 'fedauth', 'integratedsecurity', 'trustedconnection'].includes(key)) judgeSignIn(draft, key, name, value);
  else if (['networklibrary', 'network', 'net', 'protocol'].includes(key)) {
    const tcp = /^(dbmssocn|tcp)$/i.test(value);
    list(
      draft,
      name,
      null,
      tcp ? 'not_needed' : 'blocked',
      tcp ? 'TCP is used in any case' : 'would open a pipe or shared memory on the gateway',
    );
  } else if (key.startsWith('columnencryption')) {
    list(draft, name, null, ...(on === false || /^disabled$/i.test(value) ? driver : keys));
  } else if (key === 'odbcconnect') {
    // What SQLAlchemy hands on to ODBC.
    for (const [inner, text] of semicolonPairs(value, 'braces').pairs) if (folded(inner) !== 'odbcconnect') judge(draft, inner, text);
  } else return false;
  return true;
}

const judge: World['judge'] = judgeBy({ places, rules, silent, special });

/** A SQL Server as its strings name it. */
export const sqlserverWorld: World = {
  dbType: 'sqlserver',
  port: 1433,
  database: { field: 'database', title: 'Database' },
  judge,
};
