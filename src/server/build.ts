import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openAudit, readHead, verifyExport } from './audit/audit.ts';
import { createCatalog, requestRun } from './catalog/catalog.ts';
import { type Config, readConfig } from './config.ts';
import { createConnections } from './connections/connections.ts';
import { engines } from './engines/registry.ts';
import { truthTableOf } from './engines/truth-table.ts';
import { createApp } from './http/app.ts';
import { createHandlers } from './http/handlers.ts';
import { originsOf } from './http/origins.ts';
import { addOrganization, createIdentity, namesOf, resetMember } from './identity/identity.ts';
import { openStore, type Store, type StorePlace } from './platform/database.ts';
import { Fault } from './platform/fault.ts';
import { openJobs } from './platform/jobs.ts';
import { createLog, type Log } from './platform/log.ts';
import { migrate } from './platform/migrate.ts';
import { createOutbound } from './platform/outbound.ts';
import { ownFiles } from './platform/own-files.ts';
import { reveal, Secret } from './platform/secret.ts';
import { storeIdentity } from './platform/store-identity.ts';
import { createGuard, createQuery } from './query/query.ts';
import { createEmbedder, createRetrieval } from './retrieval/retrieval.ts';
import { openVault, rotateVault } from './vault/vault.ts';

const root = join(import.meta.dirname, '..', '..');
/** Milliseconds that jobs under way are given when the server stops. */
const JOB_DRAIN = 5_000;

/** The server, put together and not yet listening. */
export interface BuiltServer {
  readonly fetch: (request: Request, env: unknown) => Response | Promise<Response>;
  readonly store: Store;
  readonly version: string;
  /** What the operator has to be told once, such as where a master key was made. */
  readonly notice: string | null;
  readonly webBuilt: boolean;
  /** The address that people use; known once we listen. */
  baseUrl(): string;
  /** Says on which port we listen, and lets the jobs begin. */
  listening(port: number): Promise<void>;
  /** The token that setup asks for; null once there is an Admin. */
  setupToken(): Promise<string | null>;
  /** Ready no more from here on: a balancer sends nobody. */
  drain(): void;
  close(): Promise<void>;
}

/** Puts the server together: store, vault, features, doors. */
export async function buildServer(config: Config, log: Log): Promise<BuiltServer> {
  const place = placeOf(config);
  const store = await openStore(place);
  try {
    await migrate(store);
    return await assemble(config, log, place, store);
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function assemble(config: Config, log: Log, place: StorePlace, store: Store): Promise<BuiltServer> {
  const vault = await openVault({ config, store, embedded: store.kind === 'embedded' });
  const audit = await openAudit({ store, log, key: (trx) => vault.keyWithin(trx, 'audit') });
  const { record } = audit;
  const listener = { host: config.host, port: config.port };
  const origins = () => originsOf(config, listener.port);
  const { dial, admitTarget } = createOutbound({
    allow: config.allowNetworks,
    deny: config.denyNetworks,
    tunnelAllow: config.tunnelAllow,
    loopbackAllowed: config.local,
    ownListeners: () => [listener],
  });
  const jobs = openJobs({ store, place, log });
  const identity = await createIdentity({
    store,
    log,
    record,
    origins: () => origins().origins,
    base: () => origins().base,
    secret: new Secret((await vault.key('cookie')).export().toString('base64')),
    secureCookies: origins().secure,
    testLimits: (actor) => connections.limitsOf(actor),
  });
  const ownIdentity = await storeIdentity(store);
  const isOwn = ownFiles(config.dataDir);
  const connections = createConnections({
    store,
    vault,
    log,
    dial,
    admitTarget,
    probeMs: config.probeMs,
    filesOf: (organizationId) => ({ root: join(config.filesRoot, organizationId), isOwn }),
    record,
    requestRun,
    poke: () => jobs.poke(),
    people: (ids) => namesOf(store, ids),
    ownIdentity,
  });
  const retrieval = createRetrieval({ store, embedder: createEmbedder(config.embeddings) });
  const catalog = createCatalog({
    store,
    jobs,
    log,
    record,
    requireConnection: (_store, actor, id, permission) => connections.require(actor, id, permission),
    openSession: connections.openSession,
    buildPassages: retrieval.buildPassages,
  });

  const query = createQuery({
    log,
    guard: createGuard(),
    requireConnection: connections.require,
    withSession: connections.withSession,
    published: catalog.published,
    reread: catalog.reread,
    begin: audit.begin,
  });

  const setupToken = config.setupToken ?? new Secret(randomBytes(24).toString('base64url'));
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  let draining = false;
  const readiness = async () => {
    if (draining) throw new Fault('server.draining', { detail: 'The server is stopping.' });
    const answers = { store: await store.answers().then(yes, no), jobs: jobs.healthy(), vault: await vault.healthy().catch(no) };
    const silent = Object.entries(answers)
      .filter(([, well]) => !well)
      .map(([name]) => name);
    if (silent.length > 0) throw new Fault('store.unavailable', { detail: `Not ready: ${silent.join(', ')} does not answer.` });
    return { status: 'ready' as const, ...answers };
  };
  const { serveRequest, webBuilt } = createApp({
    origins,
    log,
    authenticate: (headers) => identity.authenticate(headers),
    handleAuth: identity.handleAuth,
    handlers: createHandlers({
      version,
      identity,
      connections,
      catalog,
      retrieval,
      query,
      audit,
      readiness,
      setupToken,
      local: config.local,
      engines: engines.map((engine) => engine.description),
      truthTable: truthTableOf,
      vaultStatus: (actor) => vault.status(actor.organizationId),
      rotateVault: (actor) => rotateVault({ store, vault, record, bindingOf: connections.bindingOf }, actor),
    }),
    webFolder: join(root, 'dist', 'web'),
  });

  return {
    fetch: serveRequest,
    store,
    version,
    notice: vault.notice,
    webBuilt,
    baseUrl: () => origins().base,
    async listening(port) {
      listener.port = port;
      await jobs.start({ take: config.role !== 'web' });
      catalog.start({ schedule: config.role !== 'web' });
      if (config.role !== 'web') connections.startProbes();
      vault.resume(connections.bindingOf).catch((error) => log.error({ err: error }, 'the rotation of the master key could not go on'));
    },
    setupToken: async () => ((await identity.isSetUp()) ? null : reveal(setupToken)),
    drain: () => {
      draining = true;
    },
    async close() {
      await connections.close();
      await catalog.stop();
      await jobs.drain(JOB_DRAIN);
      await query.close();
      await retrieval.close();
      await identity.close();
      await vault.close();
      await audit.close();
      await store.close();
    },
  };
}

/** Verifies an export of the audit, without any server. */
export function verifyAuditFile(file: string, known: { readonly checkpoint: string | null; readonly publicKey: string | null }) {
  const checkpoint = known.checkpoint === null ? null : readHead(known.checkpoint);
  if (known.checkpoint !== null && !checkpoint)
    throw new Fault('request.invalid', {
      field: 'checkpoint',
      detail: 'checkpoint: must read chain:number:hash, as a verification prints it.',
    });
  return verifyExport(file, { checkpoint, publicKey: known.publicKey });
}

/**
 * What can be done while no server runs on the store (on the embedded one the folder's lock sees to that). It takes the master key from where
 * the server has it: what is done is on record under the server's signature.
 */
export async function openOffline(config: Config = readConfig()) {
  const store = await openStore(placeOf(config));
  try {
    await migrate(store);
    const vault = await openVault({ config, store, embedded: store.kind === 'embedded' });
    const audit = await openAudit({ store, log: createLog('error'), key: (trx) => vault.keyWithin(trx, 'audit') });
    const context = { store, record: audit.record, base: originsOf(config, config.port).base };
    return {
      /** What the operator has to be told once, such as where a master key was made. */
      notice: vault.notice,
      addOrganization: (name: string, adminEmail: string) => addOrganization(context, { name, adminEmail }),
      resetMember: (email: string) => resetMember(context, { email }),
      async close() {
        await audit.close();
        await vault.close();
        await store.close();
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

const placeOf = (config: Config): StorePlace => (config.databaseUrl === null ? { folder: config.dataDir } : { url: config.databaseUrl });

const yes = (): boolean => true;
const no = (): boolean => false;
