import { type Kysely, sql } from 'kysely';
import type { Store } from '../database.ts';

/** Every table of the first version but better-auth's. `bytes` is the one type whose name differs between the stores. */
export async function up(db: Kysely<unknown>, kind: Store['kind']): Promise<void> {
  const table = (name: string, columns: string): Promise<unknown> => sql`create table ${sql.raw(name)} (${sql.raw(columns)})`.execute(db);
  const index = (name: string, on: string, unique = false): Promise<unknown> =>
    sql`create ${sql.raw(unique ? 'unique ' : '')}index ${sql.raw(name)} on ${sql.raw(on)}`.execute(db);
  const blob = kind === 'server' ? 'bytea' : 'blob';
  await table('organizations', 'id text primary key, name text not null, created_at text not null');
  await table(
    'members',
    'id text primary key, organization_id text not null references organizations(id), user_id text not null, role text not null, created_at text not null',
  );
  await index('members_person', 'members (organization_id, user_id)', true);
  await index('members_user', 'members (user_id)');
  await table(
    'one_time_links',
    'id text primary key, organization_id text not null references organizations(id), purpose text not null, email text not null, role text, user_id text, token_hash text not null unique, created_by text, created_at text not null, expires_at text not null, used_at text',
  );
  await table(
    'api_keys',
    'id text primary key, organization_id text not null references organizations(id), user_id text not null, name text not null, prefix text not null, hash text not null unique, scopes text not null, created_at text not null, expires_at text not null, last_used_at text',
  );
  await index('api_keys_person', 'api_keys (organization_id, user_id)');
  await table('system_keys', `purpose text primary key, sealed ${blob} not null, created_at text not null`);
  await table('vault_marks', `id text primary key, key_id text not null, sealed ${blob} not null, created_at text not null`);

  await table(
    'db_connections',
    `id text primary key, organization_id text not null references organizations(id), name text not null, name_key text not null, db_type text not null, host text, port integer, database text, username text,
     connection_mode text not null, created_by_user_id text not null, is_active integer not null, created_at text not null, updated_at text not null,
     address text not null, purpose text, description text not null, environment text not null, visibility text not null, limits text not null,
     server text, server_identity text, certificate text, privileges text, acknowledged text not null, disabled_reason text,
     health text not null, health_since text, snapshot integer, snapshot_at text, table_count integer not null, column_count integer not null, next_ingestion_at text, version integer not null`,
  );
  await index('db_connections_name', 'db_connections (organization_id, name_key)', true);
  await index('db_connections_next', 'db_connections (next_ingestion_at)');
  await table(
    'db_credentials',
    `connection_id text not null references db_connections(id) on delete cascade, slot text not null, username text not null, sealed ${blob} not null, v integer not null, created_by text not null, created_at text not null, primary key (connection_id, slot)`,
  );
  await table('spent_receipts', 'id text primary key, spent_at text not null, expires_at text not null');
  await table(
    'records',
    'id text primary key, organization_id text not null, at text not null, actor_id text, actor_name text not null, via text not null, action text not null, subject text not null, subject_id text, outcome text not null, detail text not null',
  );
  await index('records_at', 'records (organization_id, at)');
  await table('attempts', 'id text primary key, key text not null, at text not null');
  await index('attempts_key', 'attempts (key, at)');

  await table('events', 'id text primary key, name text not null, payload text not null, created_at text not null, dispatched_at text');
  await index('events_waiting', 'events (dispatched_at, id)');
  await table(
    'jobs',
    'id text primary key, queue text not null, payload text not null, state text not null, attempts integer not null, run_after text not null, lease_until text, last_error text, created_at text not null, finished_at text',
  );
  await index('jobs_waiting', 'jobs (state, queue, run_after)');

  await table(
    'ingestion_runs',
    `id text primary key, connection_id text not null references db_connections(id) on delete cascade, organization_id text not null, cause text not null, state text not null, open integer,
     phase text not null, done integer not null, total integer, attempt integer not null, error text, held text, accepted text, changes text, snapshot integer,
     cancel_requested integer not null, holder text, touched_at text not null, created_by text, created_at text not null, started_at text, finished_at text`,
  );
  await index('ingestion_runs_open', 'ingestion_runs (connection_id, open)', true);
  await index('ingestion_runs_newest', 'ingestion_runs (connection_id, id)');
  await table(
    'ingestion_logs',
    'id text primary key, run_id text not null references ingestion_runs(id) on delete cascade, at text not null, phase text not null, message text not null',
  );
  await index('ingestion_logs_run', 'ingestion_logs (run_id, id)');
  await table(
    'snapshots',
    'connection_id text not null references db_connections(id) on delete cascade, number integer not null, run_id text not null, taken_at text not null, tables integer not null, columns integer not null, appeared text not null, changed text not null, vanished text not null, primary key (connection_id, number)',
  );
  await table(
    'catalog_tables',
    `id text primary key, connection_id text not null references db_connections(id) on delete cascade, schema_name text not null, table_name text not null, kind text not null, comment text, columns integer not null, readable integer not null, estimated_rows double precision,
     document text not null, hash text not null, added_in integer not null, removed_in integer`,
  );
  await index('catalog_tables_name', 'catalog_tables (connection_id, removed_in, schema_name, table_name)');
  await table(
    'catalog_references',
    'table_id text not null references catalog_tables(id) on delete cascade, connection_id text not null, schema_name text not null, table_name text not null, primary key (table_id, schema_name, table_name)',
  );
  await index('catalog_references_to', 'catalog_references (connection_id, schema_name, table_name)');
  await table(
    'passages',
    `table_id text primary key references catalog_tables(id) on delete cascade, connection_id text not null, document text not null, vector ${blob}`,
  );
  await index('passages_connection', 'passages (connection_id)');
  await refuseChanges(db, kind);
}

/** The database itself keeps `records` append-only. */
async function refuseChanges(db: Kysely<unknown>, kind: Store['kind']): Promise<void> {
  if (kind === 'server') {
    await sql`create function portcullis_append_only() returns trigger language plpgsql as $$ begin raise exception 'records are append-only'; end $$`.execute(
      db,
    );
    await sql`create trigger records_append_only before update or delete on records for each row execute function portcullis_append_only()`.execute(
      db,
    );
    await sql`create trigger records_no_truncate before truncate on records for each statement execute function portcullis_append_only()`.execute(
      db,
    );
    return;
  }
  for (const what of ['update', 'delete']) {
    await sql`create trigger ${sql.raw(`records_no_${what}`)} before ${sql.raw(what)} on records begin select raise(abort, 'records are append-only'); end`.execute(
      db,
    );
  }
  // REPLACE would remove the old row without telling the trigger on delete.
  await sql`create trigger records_no_replace before insert on records when exists (select 1 from records where id = new.id) begin select raise(abort, 'records are append-only'); end`.execute(
    db,
  );
}
