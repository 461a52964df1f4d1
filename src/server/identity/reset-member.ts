import type { OneTimeLink } from '../../contract/identity.ts';
import { Fault } from '../platform/fault.ts';
import type { OfflineContext } from './add-organization.ts';
import { findMemberships } from './member-store.ts';
import { makeLink } from './one-time-token.ts';
import { operator } from './people-record.ts';
import { findPersonByEmail } from './person-store.ts';

/** Makes a password link with the server stopped, for the last Admin too, and for who belongs to several organisations. */
export async function resetMember({ store, record, base }: OfflineContext, input: { readonly email: string }): Promise<OneTimeLink> {
  return store.db.transaction().execute(async (trx) => {
    const person = await findPersonByEmail(trx, input.email);
    const [membership] = person ? await findMemberships(trx, person.id) : [];
    if (!person || !membership)
      throw new Fault('member.unknown', { field: 'email', detail: 'email: nobody with this address belongs to an organisation here.' });
    const { organizationId } = membership;
    const about = { organizationId, purpose: 'password', email: person.email, role: null, userId: person.id, createdBy: null } as const;
    const { url, expiresAt } = await makeLink(trx, base, about);
    await record(trx, {
      organizationId,
      actor: operator,
      action: 'password.linked',
      subject: 'member',
      subjectId: membership.id,
      outcome: 'done',
      detail: { email: person.email, expiresAt },
    });
    return { url, expiresAt };
  });
}
