import type { z } from 'zod';
import type { InvitationInput, OneTimeLink } from '../../contract/identity.ts';
import type { Actor } from '../platform/actor.ts';
import { Fault } from '../platform/fault.ts';
import type { IdentityContext } from './identity-context.ts';
import { lockAs } from './lock-as.ts';
import { findMembership } from './member-store.ts';
import { makeLink } from './one-time-token.ts';
import { entryOf } from './people-record.ts';
import { findPersonByEmail } from './person-store.ts';

/** Makes a one-time link with which a person joins the organisation within seven days. A newer one replaces it. */
export async function inviteMember(
  { store, record, base }: IdentityContext,
  actor: Actor,
  { email, role }: z.infer<typeof InvitationInput>,
): Promise<OneTimeLink> {
  const { organizationId } = actor;
  return store.db.transaction().execute(async (trx) => {
    await lockAs(trx, actor, 'member:manage');
    const person = await findPersonByEmail(trx, email);
    if (person && (await findMembership(trx, organizationId, person.id))) {
      throw new Fault('member.existing', { field: 'email', detail: 'email: this person is a member. Change their role instead.' });
    }
    const { id, url, expiresAt } = await makeLink(trx, base(), {
      organizationId,
      purpose: 'invitation',
      email,
      role,
      userId: null,
      createdBy: actor.userId,
    });
    await record(
      trx,
      entryOf(actor, { action: 'member.invited', subject: 'invitation', subjectId: id, detail: { email, role, expiresAt } }),
    );
    return { url, expiresAt };
  });
}
