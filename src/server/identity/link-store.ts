import { Role } from '../../contract/permissions.ts';
import { newId, now } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';

/** What a one-time link lets its holder do, once. The token itself is never stored, only its hash. */
export interface Link {
  readonly id: string;
  readonly organizationId: string;
  readonly purpose: 'invitation' | 'password';
  readonly email: string;
  /** The role an invitation gives. */
  readonly role: Role | null;
  /** Whose password it replaces. */
  readonly userId: string | null;
  /** Null: made on the server itself, by whoever runs it. */
  readonly createdBy: string | null;
  readonly expiresAt: string;
}

/** Keeps a link, in place of those not yet used for the same purpose and e-mail. */
export async function insertLink(trx: Database, link: Link, tokenHash: string): Promise<void> {
  await trx
    .deleteFrom('one_time_links')
    .where('organization_id', '=', link.organizationId)
    .where('purpose', '=', link.purpose)
    .where('email', '=', link.email)
    .where('used_at', 'is', null)
    .execute();
  await trx
    .insertInto('one_time_links')
    .values({
      id: link.id,
      organization_id: link.organizationId,
      purpose: link.purpose,
      email: link.email,
      role: link.role,
      user_id: link.userId,
      token_hash: tokenHash,
      created_by: link.createdBy,
      created_at: now(),
      expires_at: link.expiresAt,
      used_at: null,
    })
    .execute();
}

/** The link with this token, if it can still be used. */
export async function findLink(db: Database, purpose: Link['purpose'], tokenHash: string): Promise<Link | null> {
  const row = await db
    .selectFrom('one_time_links')
    .selectAll()
    .where('token_hash', '=', tokenHash)
    .where('purpose', '=', purpose)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now())
    .executeTakeFirst();
  if (!row) return null;
  return {
    id: row.id,
    organizationId: row.organization_id,
    purpose,
    email: row.email,
    role: row.role === null ? null : Role.parse(row.role),
    userId: row.user_id,
    createdBy: row.created_by,
    expiresAt: row.expires_at,
  };
}

/** Uses the link up. False: it is used, expired or withdrawn meanwhile. */
export async function spendLink(trx: Database, id: string): Promise<boolean> {
  const spent = await trx
    .updateTable('one_time_links')
    .set({ used_at: now() })
    .where('id', '=', id)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now())
    .returning('id')
    .executeTakeFirst();
  return spent !== undefined;
}

/** Withdraws what a person who is no longer an Admin has made, and the links for their own password. */
export async function withdrawLinks(trx: Database, organizationId: string, userId: string): Promise<void> {
  await trx
    .deleteFrom('one_time_links')
    .where('organization_id', '=', organizationId)
    .where('used_at', 'is', null)
    .where((eb) => eb.or([eb('created_by', '=', userId), eb('user_id', '=', userId)]))
    .execute();
}

/** Withdraws the links for a person's password that are not used yet. */
export async function withdrawPasswordLinks(trx: Database, userId: string): Promise<void> {
  await trx
    .deleteFrom('one_time_links')
    .where('purpose', '=', 'password')
    .where('user_id', '=', userId)
    .where('used_at', 'is', null)
    .execute();
}

/** Stands in the place of a token's hash, which it cannot be: unique like them, it lets only one setup through. */
const SETUP = 'setup';

/** Whether an organisation was ever set up here. */
export async function isSetUp(db: Database): Promise<boolean> {
  return (await db.selectFrom('one_time_links').select('id').where('token_hash', '=', SETUP).executeTakeFirst()) !== undefined;
}

/** The organisation that set the server up; null before. No later one can take its place: the mark is made once, and never changed. */
export async function findFounder(db: Database): Promise<string | null> {
  const mark = await db.selectFrom('one_time_links').select('organization_id').where('token_hash', '=', SETUP).executeTakeFirst();
  return mark?.organization_id ?? null;
}

/** Marks that the setup is done. False: it was before; of several at once, one gets through. */
export async function markSetUp(trx: Database, organizationId: string, email: string): Promise<boolean> {
  const at = now();
  const marked = await trx
    .insertInto('one_time_links')
    .values({
      id: newId(),
      organization_id: organizationId,
      purpose: SETUP,
      email,
      role: null,
      user_id: null,
      token_hash: SETUP,
      created_by: null,
      created_at: at,
      expires_at: at,
      used_at: at,
    })
    .onConflict((conflict) => conflict.column('token_hash').doNothing())
    .returning('id')
    .executeTakeFirst();
  return marked !== undefined;
}
