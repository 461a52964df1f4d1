import type { z } from 'zod';
import type { AcceptPasswordInput } from '../../contract/identity.ts';
import { Fault } from '../platform/fault.ts';
import type { IdentityContext } from './identity-context.ts';
import { findLink, spendLink, withdrawPasswordLinks } from './link-store.ts';
import { findMemberships } from './member-store.ts';
import { hashOf } from './one-time-token.ts';
import { forgetAttempts } from './password-throttle.ts';
import { lockPerson, replacePassword } from './person-store.ts';
import { deleteSignIns } from './sign-in-store.ts';

const usedUp = (): Fault => new Fault('link.invalid', { detail: 'Ask an Admin for a new one.' });

/** Sets a new password with a one-time link; every sign-in of the person ends. */
export async function acceptPasswordLink(
  { store, record, passwords }: IdentityContext,
  input: z.infer<typeof AcceptPasswordInput>,
): Promise<{ email: string }> {
  const link = await findLink(store.db, 'password', hashOf(input.token));
  if (!link?.userId) throw usedUp();
  const { userId, organizationId, email, createdBy } = link;
  const passwordHash = await passwords.hash(input.password);
  await store.db.transaction().execute(async (trx) => {
    await lockPerson(trx, userId);
    if (!(await spendLink(trx, link.id))) throw usedUp();
    const memberships = await findMemberships(trx, userId);
    const here = memberships.find((membership) => membership.organizationId === organizationId);
    // An Admin's link is for a person of that organisation alone, at the moment it is used as when it was made.
    if (!here || (createdBy !== null && memberships.length > 1)) throw usedUp();
    await replacePassword(trx, userId, passwordHash);
    await withdrawPasswordLinks(trx, userId);
    await deleteSignIns(trx, userId);
    await record(trx, {
      organizationId,
      actor: { id: userId, name: email, via: 'web' },
      action: 'password.replaced',
      subject: 'member',
      subjectId: here.id,
      outcome: 'done',
      detail: { email, link: link.id },
    });
  });
  await forgetAttempts(store.db, email);
  return { email };
}
