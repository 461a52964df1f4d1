import { openAudit } from '../../src/server/audit/audit.ts';
import { type Catalog, type CatalogDeps, createCatalog, requestRun } from '../../src/server/catalog/catalog.ts';
import { requireConnection } from '../../src/server/connections/connections.ts';
import type { Actor } from '../../src/server/platform/actor.ts';
import { newId, now } from '../../src/server/platform/clock.ts';
import type { Store } from '../../src/server/platform/database.ts';
import { type Jobs, openJobs } from '../../src/server/platform/jobs.ts';
import { createLog } from '../../src/server/platform/log.ts';
import { auditKey } from './audit-key.ts';
import { openPaper, type PaperDatabase } from './paper-engine.ts';
import type { TestStore } from './stores.ts';

/** A catalog whose connections are databases on paper. */
export interface TestCatalog {
  readonly catalog: Catalog;
  readonly deps: CatalogDeps;
  readonly jobs: Jobs;
}

/** An Admin of the organisation. */
export function actorOf(organizationId: string, about: Partial<Actor> = {}): Actor {
  const who = { userId: newId(), name: 'Ada', email: 'ada@example.com', role: 'admin', scopes: null } as const;
  return { ...who, organizationId, via: 'web', keyId: null, requestId: newId(), ...about };
}

/** Puts a catalog together; the jobs are not started. */
export function testCatalog(on: Pick<TestStore, 'store' | 'place'>, paper: PaperDatabase, about: Partial<CatalogDeps> = {}): TestCatalog {
  const log = createLog('silent');
  const jobs = openJobs({ ...on, log });
  // Begun here, so that it never has to wait for the transaction of what is recorded.
  const audit = openAudit({ store: on.store, log, key: auditKey() });
  audit.catch(() => {});
  const deps: CatalogDeps = {
    store: on.store,
    jobs,
    log,
    record: async (trx, entry) => (await audit).record(trx, entry),
    requireConnection,
    openSession: () => openPaper(paper),
    buildPassages: async () => {},
    ...about,
  };
  return { catalog: createCatalog(deps), deps, jobs };
}

/** Builds passages (empty ones) of the tables that have none, a few at a time, so that it can be cut short anywhere. */
export function buildSlowly(store: Store): CatalogDeps['buildPassages'] {
  return async (connectionId, { signal, progress }) => {
    const missing = await store.db
      .selectFrom('catalog_tables')
      .leftJoin('passages', 'passages.table_id', 'catalog_tables.id')
      .select('catalog_tables.id')
      .where('catalog_tables.connection_id', '=', connectionId)
      .where('removed_in', 'is', null)
      .where('passages.table_id', 'is', null)
      .execute();
    for (let i = 0; i < missing.length; i += 50) {
      signal.throwIfAborted();
      const passages = missing
        .slice(i, i + 50)
        .map(({ id }) => ({ table_id: id, connection_id: connectionId, document: '{}', vector: null }));
      await store.db.insertInto('passages').values(passages).execute();
      progress(i, missing.length);
    }
  };
}

/** Writes a connection, and an organisation for it. */
export async function insertConnection(store: Store, about: { dbType?: string; address?: object } = {}) {
  const organizationId = newId();
  const id = newId();
  await store.db.insertInto('organizations').values({ id: organizationId, name: 'Test', created_at: now() }).execute();
  const unset = { host: null, port: null, database: null, username: null, purpose: null, server: null, server_identity: null };
  const unread = { certificate: null, privileges: null, disabled_reason: null, health_since: null, snapshot: null, snapshot_at: null };
  await store.db
    .insertInto('db_connections')
    .values({
      ...unset,
      ...unread,
      id,
      organization_id: organizationId,
      name: 'On paper',
      name_key: 'on paper',
      db_type: about.dbType ?? 'postgresql',
      connection_mode: 'guided',
      created_by_user_id: newId(),
      is_active: 1,
      created_at: now(),
      updated_at: now(),
      address: JSON.stringify(about.address ?? {}),
      description: '',
      environment: 'test',
      visibility: 'organization',
      limits: JSON.stringify({ rescanHours: 24 }),
      acknowledged: '[]',
      health: 'unknown',
      table_count: 0,
      column_count: 0,
      next_ingestion_at: null,
      version: 1,
    })
    .execute();
  return { id, organizationId, actor: actorOf(organizationId) };
}

/** Asks for a reading as registering does. */
export function requestReading(store: Store, { id, organizationId }: { id: string; organizationId: string }): Promise<string> {
  return store.db
    .transaction()
    .execute((trx) => requestRun(trx, { connectionId: id, organizationId, cause: 'registered', createdBy: null }));
}
