import type { Organization } from '../../contract/identity.ts';
import type { Database } from '../platform/database.ts';

const organization = (row: { id: string; name: string; created_at: string }): Organization => ({
  id: row.id,
  name: row.name,
  createdAt: row.created_at,
});

/** The organisation. */
export async function readOrganization(db: Database, id: string): Promise<Organization> {
  return organization(await db.selectFrom('organizations').selectAll().where('id', '=', id).executeTakeFirstOrThrow());
}

/** The organisations a person belongs to, the one joined first at the top. */
export function listOrganizationsOf(db: Database, userId: string): Promise<{ id: string; name: string }[]> {
  return db
    .selectFrom('organizations')
    .innerJoin('members', 'members.organization_id', 'organizations.id')
    .select(['organizations.id', 'organizations.name'])
    .where('members.user_id', '=', userId)
    .orderBy('members.id')
    .execute();
}

/** Adds an organisation. */
export async function insertOrganization(trx: Database, { id, name, createdAt }: Organization): Promise<void> {
  await trx.insertInto('organizations').values({ id, name, created_at: createdAt }).execute();
}

/** Renames it. */
export async function renameOrganization(trx: Database, id: string, name: string): Promise<void> {
  await trx.updateTable('organizations').set({ name }).where('id', '=', id).execute();
}

/** Holds the organisation's row until the transaction ends: changes of its people follow each other, on either store. */
export async function lockOrganization(trx: Database, id: string): Promise<void> {
  await trx
    .updateTable('organizations')
    .set((eb) => ({ name: eb.ref('name') }))
    .where('id', '=', id)
    .execute();
}
