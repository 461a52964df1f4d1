import { sql } from 'kysely';
import type { Store } from './database.ts';

/** Tables that stand together in a store of Portcullis and nowhere else: a database that holds them is one, whatever it says of itself. */
export const storeTables = ['vault_marks', 'db_credentials', 'ingestion_runs', 'one_time_links'] as const;

/**
 * What tells the store's own database from any other, in the same words in which an engine's `server` tells a registered one.
 * Null for the embedded store, and where the server will not say.
 */
export async function storeIdentity(store: Store): Promise<string | null> {
  if (store.kind === 'embedded') return null;
  try {
    const { rows } = await sql<{ identity: string }>`
      select (select system_identifier from pg_control_system())::text || '/' || (select oid from pg_database where datname = current_database())::text as identity`.execute(
      store.db,
    );
    return rows[0]?.identity ?? null;
  } catch {
    return null;
  }
}
