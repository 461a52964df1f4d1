import type { Actor } from '../platform/actor.ts';
import { deleteKeysOf } from './api-key-store.ts';
import type { IdentityContext } from './identity-context.ts';
import { withdrawLinks } from './link-store.ts';
import { lockAs } from './lock-as.ts';
import { deleteMember } from './member-store.ts';
import { entryOf } from './people-record.ts';
import { lockPerson } from './person-store.ts';
import { keepAnAdmin, requireMember } from './require-member.ts';
import { deleteSignInsOf } from './sign-in-store.ts';

/** Removes a member; their keys, their sign-ins here and the links they made end with it. Their connections stay, with the Admins. */
export async function removeMember(
  { store, record, principals }: IdentityContext,
  actor: Actor,
  { id }: { readonly id: string },
): Promise<void> {
  await store.db.transaction().execute(async (trx) => {
    await lockAs(trx, actor, 'member:manage');
    const member = await requireMember(trx, actor, id);
    await keepAnAdmin(trx, actor, member);
    const { organizationId } = actor;
    await lockPerson(trx, member.user.id);
    await deleteMember(trx, id);
    await deleteKeysOf(trx, organizationId, member.user.id);
    await deleteSignInsOf(trx, member.user.id, organizationId);
    await withdrawLinks(trx, organizationId, member.user.id);
    const detail = { email: member.user.email, role: member.role };
    await record(trx, entryOf(actor, { action: 'member.removed', subject: 'member', subjectId: id, detail }));
  });
  principals.forget();
}
