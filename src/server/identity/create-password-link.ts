import type { OneTimeLink } from '../../contract/identity.ts';
import type { Actor } from '../platform/actor.ts';
import { Fault } from '../platform/fault.ts';
import type { IdentityContext } from './identity-context.ts';
import { lockAs } from './lock-as.ts';
import { findMemberships } from './member-store.ts';
import { makeLink } from './one-time-token.ts';
import { entryOf } from './people-record.ts';
import { lockPerson } from './person-store.ts';
import { requireMember } from './require-member.ts';

/** Makes a one-time link with which a member sets a new password within a day. Not for who belongs elsewhere too: an Admin here must not get in there. */
export async function createPasswordLink(
  { store, record, base }: IdentityContext,
  actor: Actor,
  { id }: { readonly id: string },
): Promise<OneTimeLink> {
  const { organizationId } = actor;
  return store.db.transaction().execute(async (trx) => {
    await lockAs(trx, actor, 'member:manage');
    const { user } = await requireMember(trx, actor, id);
    await lockPerson(trx, user.id);
    if ((await findMemberships(trx, user.id)).length > 1) {
      throw new Fault('member.shared', {
        detail:
          'Whoever runs the server can make the link: portcullis members reset, with the server stopped and its settings and master key given.',
      });
    }
    const about = { organizationId, purpose: 'password', email: user.email, role: null, userId: user.id, createdBy: actor.userId } as const;
    const { url, expiresAt } = await makeLink(trx, base(), about);
    await record(
      trx,
      entryOf(actor, { action: 'password.linked', subject: 'member', subjectId: id, detail: { email: user.email, expiresAt } }),
    );
    return { url, expiresAt };
  });
}
