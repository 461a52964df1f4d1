import { type Draft, fill, list, type Place, type World } from '../string-draft.ts';
import { common, listUnknown, plain, type Rule } from '../string-rules.ts';
import { sayTls, type TlsWord } from '../string-tls.ts';

const places: Record<string, Place> = {
  host: 'host',
  server: 'host',
  port: 'port',
  dbname: 'database',
  database: 'database',
  user: 'username',
  username: 'username',
  'user id': 'username',
  password: 'password',
};

const { file, caFile, clientCertificate, code, kerberos, session, limits, pool, driver, oneHost, verified } = common;
const schemas: Rule = ['not_needed', 'every schema is read and names are written with their schema'];

const groups: readonly (readonly [names: string, rule: Rule])[] = [
  ['sslcrl sslcrldir passfile servicefile sslkeylogfile', file],
  ['sslcert sslkey sslidentity', clientCertificate],
  ['service', ['blocked', 'would read a file on the gateway (the service file)']],
  ['sslrootcert rootcertificate', caFile],
  ['sslpassword sslinline', ['blocked', 'opens a key file, which is not read: paste certificates under Encryption instead']],
  [
    'sslfactory sslfactoryarg sslhostnameverifier sslpasswordcallback socketfactory socketfactoryarg authenticationpluginclassname loggerfile loggerlevel kerberosservername',
    code,
  ],
  [
    'krbsrvname gsslib gssdelegation gsscredential gssuseDefaultcreds jaaslogin jaasapplicationname sspiserviceclass usespnego integratedsecurity',
    kerberos,
  ],
  ['gssencmode', ['not_needed', 'TLS encrypts; Kerberos encryption is not used']],
  ['hostaddr', ['blocked', 'would dial another address than the host shown']],
  ['options', ['blocked', 'sets server parameters, and Portcullis sets its own (Neon: the host name says enough)']],
  [
    'search_path currentschema searchpath',
    ['blocked', 'Portcullis pins the search path, so that no schema can put its own objects in front'],
  ],
  ['schema', schemas],
  [
    'default_transaction_read_only statement_timeout lock_timeout idle_in_transaction_session_timeout replication role session_authorization',
    session,
  ],
  ['readonly', ['not_needed', 'every session is read-only']],
  ['application_name fallback_application_name applicationname', ['not_needed', 'the server sees the name portcullis']],
  ['client_encoding charset encoding', ['not_needed', 'UTF-8 is used']],
  ['datestyle timezone timezone_name', session],
  ['connect_timeout connecttimeout logintimeout sockettimeout timeout commandtimeout pool_timeout canceltimeout tcp_user_timeout', limits],
  ['keepalives keepalives_idle keepalives_interval keepalives_count tcpkeepalive keepalive', limits],
  ['target_session_attrs targetservertype load_balance_hosts loadbalancehosts hostrecheckseconds', oneHost],
  [
    'channel_binding sslsni ssl_min_protocol_version ssl_max_protocol_version sslcompression sslcertmode uselibpqcompat check_server_certificate',
    verified,
  ],
  ['sslnegotiation', ['not_needed', 'TLS is asked for in the usual way']],
  ['require_auth', ['not_needed', 'a password is never sent in clear']],
  ['trust server certificate', ['blocked', 'would accept any certificate: verify it, give its CA, or pin it']],
  ['pgbouncer', ['not_needed', 'works with a pooler as it is']],
  [
    'connection_limit pool_max_conns pool_min_conns pool_max_conn_lifetime pool_max_conn_idle_time pool_size max_overflow pooling minpoolsize maxpoolsize supa workaround',
    pool,
  ],
  [
    'statement_cache_size prepared_statement_cache_size statement_cache_capacity default_query_exec_mode preparethreshold preparedstatementcachequeries preparedstatementcachesizemib binarytransfer rewritebatchedinserts defaultrowfetchsize stringtype prefersimpleprotocol prefer_simple_protocol binary_parameters allowencodingchanges autosave fetch_size socket_timeout disableprepares',
    driver,
  ],
];

const rules = new Map<string, Rule>(
  groups.flatMap(([names, rule]) =>
    (names === 'trust server certificate' ? [names] : names.toLowerCase().split(' ')).map((name) => [name, rule] as const),
  ),
);
/** Names whose value is never shown. */
const silent = new Set(['options', 'sslpassword', 'sslinline', 'role', 'session_authorization']);

const sslModes: Record<string, TlsWord> = {
  disable: 'off',
  allow: 'prefer',
  prefer: 'prefer',
  require: 'require',
  'verify-ca': 'chain',
  verifyca: 'chain',
  'verify-full': 'full',
  verifyfull: 'full',
};

function judgeTls(draft: Draft, name: string, value: string): void {
  const word = value.toLowerCase();
  const mode = name === 'ssl' || name === 'requiressl' ? (/^(1|true|on|yes|require|strict)$/.test(word) ? 'require' : word) : word;
  if (/^(0|false|off|no)$/.test(mode))
    list(draft, name, value, 'blocked', 'would switch encryption off: choose Not encrypted, for which an Admin must give a reason');
  else if (/no-verify|accept_invalid/.test(mode)) sayTls(draft, name, value, 'any');
  else sayTls(draft, name, value, Object.hasOwn(sslModes, mode) ? sslModes[mode] : undefined);
}

/** Judges one named parameter by the allow-list: fills a field, notes the encryption, or lists it as not needed or blocked. */
export function judge(draft: Draft, rawName: string, value: string): void {
  const name = rawName.trim().toLowerCase();
  const place = Object.hasOwn(places, name) ? places[name] : undefined;
  const rule = name === 'sslrootcert' && value.toLowerCase() === 'system' ? verified : rules.get(name);
  if (place) {
    fill(draft, place, value, name);
  } else if (['sslmode', 'ssl', 'ssl mode', 'requiressl', 'sslaccept'].includes(name)) {
    judgeTls(draft, name, value);
  } else if (rule) {
    list(draft, name, plain.test(value) && !silent.has(name) ? value : null, ...rule);
  } else {
    listUnknown(draft);
  }
}

/** A PostgreSQL as its strings name it. */
export const postgresWorld: World = {
  dbType: 'postgresql',
  port: 5432,
  database: { field: 'database', title: 'Database' },
  judge,
};
