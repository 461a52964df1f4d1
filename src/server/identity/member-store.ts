import type { Member } from '../../contract/identity.ts';
import type { PageQuery } from '../../contract/paging.ts';
import { Role } from '../../contract/permissions.ts';
import type { Database } from '../platform/database.ts';

/** Whether and as what a person belongs to an organisation. */
export interface Membership {
  readonly id: string;
  readonly organizationId: string;
  readonly userId: string;
  readonly role: Role;
}

const columns = ['id', 'organization_id', 'user_id', 'role'] as const;
const membership = (row: { id: string; organization_id: string; user_id: string; role: string }): Membership => ({
  id: row.id,
  organizationId: row.organization_id,
  userId: row.user_id,
  role: Role.parse(row.role),
});

/** A person's memberships, oldest first. */
export async function findMemberships(db: Database, userId: string): Promise<Membership[]> {
  return (await db.selectFrom('members').select(columns).where('user_id', '=', userId).orderBy('id').execute()).map(membership);
}

/** A person's membership of the organisation. */
export async function findMembership(db: Database, organizationId: string, userId: string): Promise<Membership | null> {
  const row = await db
    .selectFrom('members')
    .select(columns)
    .where('organization_id', '=', organizationId)
    .where('user_id', '=', userId)
    .executeTakeFirst();
  return row ? membership(row) : null;
}

/** The organisation's member with this id. */
export async function findMember(db: Database, organizationId: string, id: string): Promise<Member | null> {
  const row = await members(db, organizationId).where('members.id', '=', id).executeTakeFirst();
  return row ? member(row) : null;
}

/** The organisation's members in the order they joined, one more than asked for where there are more. */
export async function listMemberRows(db: Database, organizationId: string, { cursor, limit }: PageQuery): Promise<Member[]> {
  let query = members(db, organizationId)
    .orderBy('members.id')
    .limit(limit + 1);
  if (cursor !== undefined) query = query.where('members.id', '>', cursor);
  return (await query.execute()).map(member);
}

const members = (db: Database, organizationId: string) =>
  db
    .selectFrom('members')
    .innerJoin('auth_user', 'auth_user.id', 'members.user_id')
    .select([
      'members.id',
      'members.role',
      'members.created_at',
      'members.user_id',
      'auth_user.name',
      'auth_user.email',
      'auth_user.lastSignInAt',
    ])
    .where('members.organization_id', '=', organizationId);

type MemberRow = Awaited<ReturnType<ReturnType<typeof members>['execute']>>[number];
const member = (row: MemberRow): Member => ({
  id: row.id,
  user: { id: row.user_id, name: row.name, email: row.email },
  role: Role.parse(row.role),
  createdAt: row.created_at,
  lastSignInAt: row.lastSignInAt,
});

/** Makes a person a member. False: they are one already. */
export async function insertMember(trx: Database, { id, organizationId, userId, role }: Membership, createdAt: string): Promise<boolean> {
  const added = await trx
    .insertInto('members')
    .values({ id, organization_id: organizationId, user_id: userId, role, created_at: createdAt })
    .onConflict((conflict) => conflict.columns(['organization_id', 'user_id']).doNothing())
    .returning('id')
    .executeTakeFirst();
  return added !== undefined;
}

/** Gives a member another role. */
export async function updateRole(trx: Database, id: string, role: Role): Promise<void> {
  await trx.updateTable('members').set({ role }).where('id', '=', id).execute();
}

/** Ends a membership. */
export async function deleteMember(trx: Database, id: string): Promise<void> {
  await trx.deleteFrom('members').where('id', '=', id).execute();
}

/** Whether the organisation has an Admin other than this member. Asked under the organisation's lock. */
export async function hasOtherAdmin(trx: Database, organizationId: string, memberId: string): Promise<boolean> {
  const other = await trx
    .selectFrom('members')
    .select('id')
    .where('organization_id', '=', organizationId)
    .where('role', '=', 'admin')
    .where('id', '<>', memberId)
    .limit(1)
    .executeTakeFirst();
  return other !== undefined;
}
