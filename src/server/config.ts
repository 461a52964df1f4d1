import { join, resolve } from 'node:path';
import ipaddr from 'ipaddr.js';
import { Secret } from './platform/secret.ts';

/** What the process was told by its environment, checked as a whole. Every variable is optional. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** The address people use, without a trailing slash; null: the one we listen on. */
  readonly baseUrl: string | null;
  readonly dataDir: string;
  /** The folder that holds, in one folder an organisation, the databases that are files. */
  readonly filesRoot: string;
  readonly databaseUrl: Secret | null;
  readonly masterKey: Secret | null;
  readonly masterKeyFile: string | null;
  /** The key to rotate to, given beside the one in use. */
  readonly masterKeyNext: Secret | null;
  readonly masterKeyNextFile: string | null;
  readonly setupToken: Secret | null;
  readonly role: 'all' | 'web' | 'worker';
  readonly logLevel: string;
  readonly allowNetworks: readonly string[];
  readonly denyNetworks: readonly string[];
  /** Networks that may be reached behind SSH servers; empty: any that is not forbidden otherwise. */
  readonly tunnelAllow: readonly string[];
  /** Milliseconds between two looks at a connection, about; 0: none. */
  readonly probeMs: number;
  /** Whether we listen on loopback and are not published under a base URL. */
  readonly local: boolean;
  /** The endpoint that turns texts into vectors; null: the encoder that comes with the package. */
  readonly embeddings: { readonly url: string; readonly model: string; readonly key: Secret | null } | null;
}

/** The configuration has problems: all of them, a line each. */
export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(
      `The configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${problems.map((p) => `  ${p}`).join('\n')}`,
    );
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];
const loopback = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/;
const known = new Set(
  'PORT HOST BASE_URL DATA_DIR DATABASE_URL MASTER_KEY MASTER_KEY_FILE MASTER_KEY_NEXT MASTER_KEY_NEXT_FILE SETUP_TOKEN METRICS_TOKEN ROLE LOG_LEVEL ALLOW_NETWORKS DENY_NETWORKS TUNNEL_ALLOW PROBE_MINUTES SQLITE_ROOT EMBEDDINGS_URL EMBEDDINGS_MODEL EMBEDDINGS_KEY LLM_URL LLM_MODEL LLM_KEY URL API_KEY TEST_REQUIRE TEST_MYSQL TEST_SQLSERVER_URL TEST_ORACLE_URL'
    .split(' ')
    .map((name) => `PORTCULLIS_${name}`),
);

/** Reads and checks the environment; the only reader of process.env in the server. Throws ConfigError with every problem. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const problems: string[] = [];
  const get = (name: string): string | null => env[`PORTCULLIS_${name}`]?.trim() || null;
  for (const name of Object.keys(env)) {
    if (name.startsWith('PORTCULLIS_') && !known.has(name)) problems.push(`${name}: there is no such setting`);
  }

  const port = Number(get('PORT') ?? '8686');
  if (!Number.isInteger(port) || port < 0 || port > 65_535) problems.push('PORTCULLIS_PORT: must be a number from 0 to 65535');
  const host = get('HOST') ?? '127.0.0.1';
  if (!loopback.test(host) && !ipaddr.isValid(host))
    problems.push('PORTCULLIS_HOST: must be an IP address to listen on, such as 127.0.0.1 or 0.0.0.0');

  const baseUrl = get('BASE_URL')?.replace(/\/+$/, '') ?? null;
  if (baseUrl !== null && !validBaseUrl(baseUrl))
    problems.push('PORTCULLIS_BASE_URL: must be an http or https address without path, such as https://portcullis.example.com');
  if (baseUrl === null && !loopback.test(host))
    problems.push('PORTCULLIS_BASE_URL: is needed when PORTCULLIS_HOST is not loopback: it says under which name people reach the server');

  const role = get('ROLE') ?? 'all';
  if (role !== 'all' && role !== 'web' && role !== 'worker') problems.push('PORTCULLIS_ROLE: must be all, web or worker');
  const databaseUrl = get('DATABASE_URL');
  if (databaseUrl !== null && !/^postgres(ql)?:\/\//.test(databaseUrl))
    problems.push('PORTCULLIS_DATABASE_URL: must start with postgres:// or postgresql://');
  if (role !== 'all' && databaseUrl === null)
    problems.push('PORTCULLIS_ROLE: web and worker need PORTCULLIS_DATABASE_URL; the embedded store has one process');
  const masterKey = get('MASTER_KEY');
  const masterKeyFile = get('MASTER_KEY_FILE');
  if (masterKey !== null && masterKeyFile !== null) problems.push('PORTCULLIS_MASTER_KEY and PORTCULLIS_MASTER_KEY_FILE: give one of them');
  if (masterKey !== null && Buffer.from(masterKey, 'base64').length !== 32)
    problems.push('PORTCULLIS_MASTER_KEY: must be 32 bytes in base64, as `openssl rand -base64 32` prints');
  const masterKeyNext = get('MASTER_KEY_NEXT');
  const masterKeyNextFile = get('MASTER_KEY_NEXT_FILE');
  if (masterKeyNext !== null && masterKeyNextFile !== null)
    problems.push('PORTCULLIS_MASTER_KEY_NEXT and PORTCULLIS_MASTER_KEY_NEXT_FILE: give one of them');
  if (masterKeyNext !== null && Buffer.from(masterKeyNext, 'base64').length !== 32)
    problems.push('PORTCULLIS_MASTER_KEY_NEXT: must be 32 bytes in base64, as `openssl rand -base64 32` prints');
  if (databaseUrl !== null && masterKey === null && masterKeyFile === null)
    problems.push('PORTCULLIS_MASTER_KEY: is needed with PORTCULLIS_DATABASE_URL, so that the key is never kept beside what it seals');
  const setupToken = get('SETUP_TOKEN');
  if (setupToken !== null && setupToken.length < 16) problems.push('PORTCULLIS_SETUP_TOKEN: must have at least 16 characters');
  const logLevel = get('LOG_LEVEL') ?? 'info';
  if (!levels.includes(logLevel)) problems.push(`PORTCULLIS_LOG_LEVEL: must be one of ${levels.join(', ')}`);

  const probeMinutes = Number(get('PROBE_MINUTES') ?? '5');
  if (!(probeMinutes >= 0 && probeMinutes <= 1440))
    problems.push('PORTCULLIS_PROBE_MINUTES: must be a number of minutes from 0 (never) to 1440');

  const networks = (name: string): string[] => {
    const list = (get(name) ?? '').split(/[\s,]+/).filter(Boolean);
    for (const cidr of list)
      if (!ipaddr.isValidCIDR(cidr)) problems.push(`PORTCULLIS_${name}: ${cidr} is not a network such as 10.0.0.0/8 or fd00::/8`);
    return list;
  };
  const allowNetworks = networks('ALLOW_NETWORKS');
  const denyNetworks = networks('DENY_NETWORKS');
  const tunnelAllow = networks('TUNNEL_ALLOW');
  const embeddings = readEmbeddings(get, problems);
  if (problems.length > 0) throw new ConfigError(problems);
  const dataDir = resolve(get('DATA_DIR') ?? './portcullis-data');
  return {
    host,
    port,
    baseUrl,
    role: role as Config['role'],
    logLevel,
    allowNetworks,
    denyNetworks,
    tunnelAllow,
    probeMs: Math.round(probeMinutes * 60_000),
    masterKeyFile,
    masterKeyNextFile,
    masterKeyNext: masterKeyNext === null ? null : new Secret(masterKeyNext),
    dataDir,
    filesRoot: resolve(get('SQLITE_ROOT') ?? join(dataDir, 'databases')),
    databaseUrl: databaseUrl === null ? null : new Secret(databaseUrl),
    masterKey: masterKey === null ? null : new Secret(masterKey),
    setupToken: setupToken === null ? null : new Secret(setupToken),
    local: loopback.test(host) && baseUrl === null,
    embeddings,
  };
}

function readEmbeddings(get: (name: string) => string | null, problems: string[]): Config['embeddings'] {
  const [url, model, key] = [get('EMBEDDINGS_URL')?.replace(/\/+$/, '') ?? null, get('EMBEDDINGS_MODEL'), get('EMBEDDINGS_KEY')];
  if (url === null) {
    if (model !== null || key !== null) problems.push('PORTCULLIS_EMBEDDINGS_URL: is needed for PORTCULLIS_EMBEDDINGS_MODEL and _KEY');
    return null;
  }
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.username || parsed.password || parsed.search || parsed.hash)
    problems.push(
      'PORTCULLIS_EMBEDDINGS_URL: must be an http or https address that /embeddings is added to, such as https://models.example.com/v1',
    );
  else if (key !== null && parsed.protocol === 'http:' && !loopback.test(parsed.hostname.replace(/^\[|\]$/g, '')))
    problems.push('PORTCULLIS_EMBEDDINGS_URL: must be an https address, so that PORTCULLIS_EMBEDDINGS_KEY does not travel in the clear');
  if (model === null) problems.push('PORTCULLIS_EMBEDDINGS_MODEL: is needed with PORTCULLIS_EMBEDDINGS_URL');
  return { url, model: model ?? '', key: key === null ? null : new Secret(key) };
}

function validBaseUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return (
    (url.protocol === 'http:' || url.protocol === 'https:') &&
    url.pathname === '/' &&
    url.search === '' &&
    url.hash === '' &&
    url.username === '' &&
    url.password === ''
  );
}
