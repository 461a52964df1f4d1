import { newId, now } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';

/** A person: the same in every organisation they belong to. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

/** The person with this e-mail address, compared in lower case. */
export function findPersonByEmail(db: Database, email: string): Promise<Person | undefined> {
  return db.selectFrom('auth_user').select(['id', 'name', 'email']).where('email', '=', email.toLowerCase()).executeTakeFirst();
}

/** Adds a person with a password, as the sign-in library would. False: somebody has this e-mail address already. */
export async function insertPerson(trx: Database, person: Person, passwordHash: string): Promise<boolean> {
  const at = now();
  const added = await trx
    .insertInto('auth_user')
    .values({ ...person, email: person.email.toLowerCase(), emailVerified: false, image: null, createdAt: at, updatedAt: at })
    .onConflict((conflict) => conflict.column('email').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!added) return false;
  await insertAccount(trx, person.id, passwordHash);
  return true;
}

async function insertAccount(trx: Database, userId: string, password: string): Promise<void> {
  const at = now();
  await trx
    .insertInto('auth_account')
    .values({ id: newId(), accountId: userId, providerId: 'credential', userId, password, createdAt: at, updatedAt: at })
    .execute();
}

/** The hash of a person's password; null without one. */
export async function findPasswordHash(db: Database, userId: string): Promise<string | null> {
  const row = await db
    .selectFrom('auth_account')
    .select('password')
    .where('userId', '=', userId)
    .where('providerId', '=', 'credential')
    .executeTakeFirst();
  return row?.password ?? null;
}

/** Replaces a person's password. */
export async function replacePassword(trx: Database, userId: string, password: string): Promise<void> {
  const replaced = await trx
    .updateTable('auth_account')
    .set({ password, updatedAt: now() })
    .where('userId', '=', userId)
    .where('providerId', '=', 'credential')
    .returning('id')
    .executeTakeFirst();
  if (!replaced) await insertAccount(trx, userId, password);
}

/** Holds the person's row until the transaction ends, so that two changes of the same person follow each other. */
export async function lockPerson(trx: Database, userId: string): Promise<void> {
  await trx.updateTable('auth_user').set({ updatedAt: now() }).where('id', '=', userId).execute();
}

/** Remembers that the person signed in just now. */
export async function markSignedIn(db: Database, userId: string): Promise<void> {
  await db.updateTable('auth_user').set({ lastSignInAt: now() }).where('id', '=', userId).execute();
}

/** The names of people by their ids; who is unknown is left out. */
export async function findNames(db: Database, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('auth_user').select(['id', 'name']).where('id', 'in', ids).execute();
  return new Map(rows.map((row) => [row.id, row.name]));
}
