import { type Kysely, sql } from 'kysely';
import { now } from '../clock.ts';

/** Connections are looked at by themselves, and remember what else than the registered server and certificate they came upon. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (text: string): Promise<unknown> => sql.raw(text).execute(db);
  await run('alter table db_connections add column health_fault text');
  await run('alter table db_connections add column next_probe_at text');
  await run('alter table db_connections add column probe_failures integer not null default 0');
  await run('alter table db_connections add column server_found text');
  await run('alter table db_connections add column certificate_change text');
  await run('create index db_connections_probe on db_connections (next_probe_at)');
  await sql`update db_connections set next_probe_at = ${now()}`.execute(db);
}
