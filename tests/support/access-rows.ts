import { newId, now } from '../../src/server/platform/clock.ts';
import type { TestApp } from './app.ts';

/** A second organisation with one person, put straight into the store. It says that it was there before the first. */
export async function addOrganization(app: TestApp): Promise<{ organizationId: string; userId: string }> {
  const organizationId = newId();
  await app.server.built.store.db
    .insertInto('organizations')
    .values({ id: organizationId, name: 'Strangers', created_at: '2000-01-01T00:00:00.000Z' })
    .execute();
  return { organizationId, userId: newId() };
}

/** Makes a person Admin of an organisation. */
export async function becomeAdmin(app: TestApp, organizationId: string, userId: string): Promise<void> {
  const row = { id: newId(), organization_id: organizationId, user_id: userId, role: 'admin', created_at: now() };
  await app.server.built.store.db.insertInto('members').values(row).execute();
}

/** A person with a membership and a key, put straight into the store. `userId`: of somebody who is there already, for a key of theirs alone. */
export async function addMember(
  app: TestApp,
  organizationId: string,
  userId?: string,
): Promise<{ memberId: string; keyId: string; userId: string }> {
  const { db } = app.server.built.store;
  const [memberId, keyId, id] = [newId(), newId(), userId ?? newId()];
  const at = now();
  if (userId === undefined) {
    const person = { id, name: 'Somebody', email: `${id}@example.com`, emailVerified: 0, image: null, createdAt: at, updatedAt: at };
    await db.insertInto('auth_user').values(person).execute();
    await db
      .insertInto('members')
      .values({ id: memberId, organization_id: organizationId, user_id: id, role: 'user', created_at: at })
      .execute();
  }
  const about = { name: 'theirs', prefix: 'pc_aaaaaaaa', hash: keyId, scopes: '["schema:read"]', last_used_at: null };
  await db
    .insertInto('api_keys')
    .values({ id: keyId, organization_id: organizationId, user_id: id, created_at: at, expires_at: '2999-01-01T00:00:00.000Z', ...about })
    .execute();
  return { memberId, keyId, userId: id };
}

/** What the store holds of a member and a key: the role, and whether the key is there. */
export async function peopleRows(app: TestApp, { memberId, keyId }: { memberId: string; keyId: string }) {
  const { db } = app.server.built.store;
  const member = await db.selectFrom('members').select('role').where('id', '=', memberId).executeTakeFirst();
  const key = await db.selectFrom('api_keys').select('id').where('id', '=', keyId).executeTakeFirst();
  const links = await db.selectFrom('one_time_links').select('id').where('purpose', '=', 'password').execute();
  return { role: member?.role ?? null, key: key !== undefined, links: links.length };
}

/** A connection's row without any database behind it: enough to ask who may do what with it. */
export async function addConnection(
  app: TestApp,
  about: { organizationId?: string; createdBy: string; visibility: 'private' | 'organization' },
): Promise<string> {
  const { db } = app.server.built.store;
  const id = newId();
  const own = await db
    .selectFrom('one_time_links')
    .select('organization_id as id')
    .where('token_hash', '=', 'setup')
    .executeTakeFirstOrThrow();
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

/** A run's row of a connection, as if somebody were reading it. */
export async function addRun(
  app: TestApp,
  connectionId: string,
  about: { state: 'running' | 'held'; held?: { before: number; after: number; vanished: string[] } },
): Promise<string> {
  const { db } = app.server.built.store;
  const { organization_id } = await db
    .selectFrom('db_connections')
    .select('organization_id')
    .where('id', '=', connectionId)
    .executeTakeFirstOrThrow();
  const id = newId();
  const unset = { error: null, accepted: null, changes: null, snapshot: null, created_by: null, finished_at: null, total: null };
  await db
    .insertInto('ingestion_runs')
    .values({
      ...unset,
      id,
      connection_id: connectionId,
      organization_id,
      cause: 'asked',
      state: about.state,
      open: 1,
      phase: about.state === 'held' ? 'diff' : 'tables',
      done: 0,
      attempt: 1,
      held: about.held ? JSON.stringify({ ...about.held, all: about.held.vanished }) : null,
      cancel_requested: 0,
      holder: null,
      touched_at: now(),
      created_at: now(),
      started_at: now(),
    })
    .execute();
  return id;
}
