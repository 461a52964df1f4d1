import { newId, now } from '../../src/server/platform/clock.ts';
import type { Database } from '../../src/server/platform/database.ts';

/** A connection's row in an organisation of its own making: enough for a credential to belong to. */
export async function addConnectionRow(db: Database, organization: string, at = now()): Promise<string> {
  const id = newId();
  await db
    .insertInto('organizations')
    .values({ id: organization, name: 'Test', created_at: at })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  await db
    .insertInto('db_connections')
    .values({
      id,
      organization_id: organization,
      name: id,
      name_key: id,
      db_type: 'some_engine',
      host: null,
      port: null,
      database: null,
      username: null,
      connection_mode: 'guided',
      created_by_user_id: newId(),
      is_active: 1,
      created_at: at,
      updated_at: at,
      address: '{}',
      purpose: null,
      description: '',
      environment: 'test',
      visibility: 'private',
      limits: '{}',
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
