import { z } from 'zod';
import type { ApiKey } from '../../contract/identity.ts';
import type { PageQuery } from '../../contract/paging.ts';
import { Role, Scope } from '../../contract/permissions.ts';
import type { Database } from '../platform/database.ts';
import type { Person } from './person-store.ts';

/** Whom a key stands for at this moment: its person, in the role they have now. */
export interface KeyPrincipal {
  readonly keyId: string;
  readonly person: Person;
  readonly organizationId: string;
  readonly role: Role;
  readonly scopes: readonly Scope[];
  readonly expiresAt: string;
}

const scopesOf = (json: string): Scope[] => z.array(Scope).parse(JSON.parse(json));

/** The principal of the key with this hash; none without a membership. */
export async function findKeyPrincipal(db: Database, hash: string): Promise<KeyPrincipal | null> {
  const row = await db
    .selectFrom('api_keys')
    .innerJoin('auth_user', 'auth_user.id', 'api_keys.user_id')
    .innerJoin('members', (join) =>
      join.onRef('members.organization_id', '=', 'api_keys.organization_id').onRef('members.user_id', '=', 'api_keys.user_id'),
    )
    .select(['api_keys.id', 'api_keys.organization_id', 'api_keys.user_id', 'api_keys.scopes', 'api_keys.expires_at', 'members.role'])
    .select(['auth_user.name', 'auth_user.email'])
    .where('api_keys.hash', '=', hash)
    .executeTakeFirst();
  if (!row) return null;
  return {
    keyId: row.id,
    person: { id: row.user_id, name: row.name, email: row.email },
    organizationId: row.organization_id,
    role: Role.parse(row.role),
    scopes: scopesOf(row.scopes),
    expiresAt: row.expires_at,
  };
}

/** Whose keys are meant: all of an organisation, or one person's there. */
export interface KeyOwner {
  readonly organizationId: string;
  readonly userId: string | null;
}

const keys = (db: Database, { organizationId, userId }: KeyOwner) => {
  const query = db
    .selectFrom('api_keys')
    .innerJoin('auth_user', 'auth_user.id', 'api_keys.user_id')
    .select(['api_keys.id', 'api_keys.name', 'prefix', 'scopes', 'api_keys.created_at', 'expires_at', 'last_used_at', 'user_id'])
    .select(['auth_user.name as owner', 'auth_user.email'])
    .where('organization_id', '=', organizationId);
  return userId === null ? query : query.where('user_id', '=', userId);
};

/** The keys in the order they were made, one more than asked for where there are more. */
export async function listKeyRows(db: Database, owner: KeyOwner, { cursor, limit }: PageQuery): Promise<ApiKey[]> {
  let query = keys(db, owner)
    .orderBy('api_keys.id')
    .limit(limit + 1);
  if (cursor !== undefined) query = query.where('api_keys.id', '>', cursor);
  return (await query.execute()).map((row) => ({
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    scopes: scopesOf(row.scopes),
    owner: { id: row.user_id, name: row.owner, email: row.email },
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
  }));
}

/** Keeps a new key by its hash. */
export async function insertKey(trx: Database, organizationId: string, key: ApiKey, hash: string): Promise<void> {
  await trx
    .insertInto('api_keys')
    .values({
      id: key.id,
      organization_id: organizationId,
      user_id: key.owner.id,
      name: key.name,
      prefix: key.prefix,
      hash,
      scopes: JSON.stringify(key.scopes),
      created_at: key.createdAt,
      expires_at: key.expiresAt,
      last_used_at: null,
    })
    .execute();
}

/** Destroys a key; what it was called and whose it was, or nothing if there is none. */
export function deleteKey(
  trx: Database,
  { organizationId, userId }: KeyOwner,
  id: string,
): Promise<{ name: string; user_id: string } | undefined> {
  const query = trx.deleteFrom('api_keys').where('id', '=', id).where('organization_id', '=', organizationId);
  return (userId === null ? query : query.where('user_id', '=', userId)).returning(['name', 'user_id']).executeTakeFirst();
}

/** Destroys a person's keys of the organisation. */
export async function deleteKeysOf(trx: Database, organizationId: string, userId: string): Promise<void> {
  await trx.deleteFrom('api_keys').where('organization_id', '=', organizationId).where('user_id', '=', userId).execute();
}

/** Notes in one statement that these keys were used by this time. */
export async function markKeysUsed(db: Database, ids: readonly string[], at: string): Promise<void> {
  await db.updateTable('api_keys').set({ last_used_at: at }).where('id', 'in', ids).execute();
}
