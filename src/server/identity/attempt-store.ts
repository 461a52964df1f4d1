import { newId, now } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';

/** Notes an attempt under a key; its id takes it back. */
export async function insertAttempt(db: Database, key: string): Promise<string> {
  const id = newId();
  await db.insertInto('attempts').values({ id, key, at: now() }).execute();
  return id;
}

/** When the attempts under the key since then were made, oldest first. */
export async function listAttempts(db: Database, key: string, since: string): Promise<string[]> {
  const rows = await db.selectFrom('attempts').select('at').where('key', '=', key).where('at', '>', since).orderBy('at').execute();
  return rows.map((row) => row.at);
}

/** Takes one attempt back. */
export async function deleteAttempt(db: Database, id: string): Promise<void> {
  await db.deleteFrom('attempts').where('id', '=', id).execute();
}

/** Forgets every attempt under the key. */
export async function deleteAttempts(db: Database, key: string): Promise<void> {
  await db.deleteFrom('attempts').where('key', '=', key).execute();
}

/** Forgets every attempt under every key with this beginning. */
export async function deleteAttemptsBelow(db: Database, beginning: string): Promise<void> {
  await db.deleteFrom('attempts').where('key', 'like', `${beginning}%`).execute();
}

/** Forgets attempts older than that, under every key with this beginning. */
export async function deleteOldAttempts(db: Database, beginning: string, before: string): Promise<void> {
  await db.deleteFrom('attempts').where('key', 'like', `${beginning}%`).where('at', '<', before).execute();
}
