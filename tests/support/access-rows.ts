import { newId, now } from '../../src/server/platform/clock.ts';
import type { TestApp } from './app.ts';

/** A second organisation with one person, put straight into the store. */
export async function addOrganization(app: TestApp): Promise<{ organizationId: string; userId: string }> {
  const organizationId = newId();
  await app.server.built.store.db
    .insertInto('organizations')
    .values({ id: organizationId, name: 'Strangers', created_at: now() })
    .execute();
  return { organizationId, userId: newId() };
}

/** A connection's row without any database behind it: enough to ask who may do what with it. */
export async function addConnection(
  app: TestApp,
  about: { organizationId?: string; createdBy: string; visibility: 'private' | 'organization' },
): Promise<string> {
  const { db } = app.server.built.store;
  const id = newId();
  const own = await db.selectFrom('organizations').select('id').orderBy('created_at').limit(1).executeTakeFirstOrThrow();
  const address = { host: '127.0.0.1', port: 1, database: 'nowhere', tls: { mode: 'verify-full' }, ssh: null };
  await db
    .insertInto('db_connections')
    .values({
      id,
      organization_id: about.organizationId ?? own.id,
      name: id,
      name_key: id,
      db_type: 'postgresql',
      host: '127.0.0.1',
      port: 1,
      database: 'nowhere',
      username: 'u',
      connection_mode: 'guided',
      created_by_user_id: about.createdBy,
      is_active: 1,
      created_at: now(),
      updated_at: now(),
      address: JSON.stringify(address),
      purpose: null,
      description: '',
      environment: 'test',
      visibility: about.visibility,
      limits: '{"rescanHours":24}',
      server: null,
      server_identity: null,
      certificate: null,
      privileges: null,
      acknowledged: '[]',
      disabled_reason: null,
      health: 'unknown',
      health_since: null,
      snapshot: null,
      snapshot_at: null,
      table_count: 0,
      column_count: 0,
      next_ingestion_at: null,
      version: 1,
    })
    .execute();
  return id;
}
