import { type Kysely, sql } from 'kysely';

/** That a server rejected a stored credential is remembered apart from how the connection is, whatever fails after it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw('alter table db_connections add column rejected text').execute(db);
  await sql`update db_connections set rejected = '{"code":"' || health_fault || '","at":"' || coalesce(health_since, updated_at) || '"}'
    where health = 'authentication_failed' and health_fault in ('credential.rejected', 'tunnel.rejected')`.execute(db);
}
