import type { Member } from '../../contract/identity.ts';
import type { Role } from '../../contract/permissions.ts';
import type { Actor } from '../platform/actor.ts';
import type { IdentityContext } from './identity-context.ts';
import { withdrawLinks } from './link-store.ts';
import { lockAs } from './lock-as.ts';
import { updateRole } from './member-store.ts';
import { entryOf } from './people-record.ts';
import { keepAnAdmin, requireMember } from './require-member.ts';

/** Gives a member another role, at once for their sign-ins and keys too. The last Admin stays one. */
export async function changeMemberRole(
  { store, record, principals }: IdentityContext,
  actor: Actor,
  { id, role }: { readonly id: string; readonly role: Role },
): Promise<Member> {
  const changed = await store.db.transaction().execute(async (trx) => {
    await lockAs(trx, actor, 'member:manage');
    const member = await requireMember(trx, actor, id);
    if (member.role === role) return member;
    await keepAnAdmin(trx, actor, member);
    await updateRole(trx, id, role);
    // Who is no longer an Admin lets nobody in any more.
    if (member.role === 'admin') await withdrawLinks(trx, actor.organizationId, member.user.id);
    const detail = { email: member.user.email, from: member.role, to: role };
    await record(trx, entryOf(actor, { action: 'member.changed', subject: 'member', subjectId: id, detail }));
    return { ...member, role };
  });
  principals.forget();
  return changed;
}
