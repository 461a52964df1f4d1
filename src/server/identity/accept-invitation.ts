import type { z } from 'zod';
import { type AcceptInvitationInput, Password } from '../../contract/identity.ts';
import { newId, now } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';
import { Fault } from '../platform/fault.ts';
import type { IdentityContext } from './identity-context.ts';
import { findLink, type Link, spendLink, withdrawPasswordLinks } from './link-store.ts';
import { findMembership, insertMember } from './member-store.ts';
import { hashOf } from './one-time-token.ts';
import { throttlePassword } from './password-throttle.ts';
import { findPasswordHash, findPersonByEmail, insertPerson, lockPerson, type Person } from './person-store.ts';

type Input = z.infer<typeof AcceptInvitationInput>;

/** Somebody took the e-mail address, or the password changed, between the check and the transaction. */
class Overtaken extends Error {}

const usedUp = (): Fault => new Fault('link.invalid', { detail: 'Ask the Admin who sent it for a new one.' });
const existing = (): Fault => new Fault('member.existing', { detail: 'Sign in instead.' });

/** Joins an organisation with an invitation: a new person chooses name and password, a known one proves who they are. */
export async function acceptInvitation(context: IdentityContext, input: Input): Promise<{ email: string }> {
  const { store, principals } = context;
  const link = await findLink(store.db, 'invitation', hashOf(input.token));
  if (!link) throw usedUp();
  const known = await findPersonByEmail(store.db, link.email);
  try {
    if (known) await joinKnown(context, link, known, input.password);
    else await joinNew(context, link, input);
  } catch (error) {
    if (error instanceof Overtaken) return acceptInvitation(context, input);
    throw error;
  }
  principals.forget();
  return { email: link.email };
}

async function joinKnown(context: IdentityContext, link: Link, person: Person, password: string): Promise<void> {
  const { store, passwords } = context;
  if (await findMembership(store.db, link.organizationId, person.id)) throw existing();
  const hash = await findPasswordHash(store.db, person.id);
  // Whoever holds the link: they cannot keep the person from signing in, nor be kept from joining by a few guesses elsewhere.
  const guesser = { from: `link ${link.id}`, known: false } as const;
  const right = hash !== null && (await throttlePassword(store.db, person.email, guesser, () => passwords.verify(hash, password)));
  if (!right) {
    throw new Fault('password.rejected', {
      field: 'password',
      detail: 'password: you have an account already, so enter the password of that account.',
    });
  }
  await store.db.transaction().execute(async (trx) => {
    await lockPerson(trx, person.id);
    if ((await findPasswordHash(trx, person.id)) !== hash) throw new Overtaken();
    // From here on no single organisation's Admin may set this person's password.
    await withdrawPasswordLinks(trx, person.id);
    await join(context, trx, link, person);
  });
}

async function joinNew(context: IdentityContext, link: Link, { name, password }: Input): Promise<void> {
  if (name === undefined) throw new Fault('request.invalid', { field: 'name', detail: 'name: say what you are called.' });
  if (!Password.safeParse(password).success)
    throw new Fault('request.invalid', { field: 'password', detail: 'password: must have at least 12 characters.' });
  const passwordHash = await context.passwords.hash(password);
  const person = { id: newId(), name, email: link.email };
  await context.store.db.transaction().execute(async (trx) => {
    if (!(await insertPerson(trx, person, passwordHash))) throw new Overtaken();
    await join(context, trx, link, person);
  });
}

async function join({ record }: IdentityContext, trx: Database, link: Link, person: Person): Promise<void> {
  if (!(await spendLink(trx, link.id))) throw usedUp();
  const { organizationId, role } = link;
  const id = newId();
  if (role === null) throw usedUp();
  if (!(await insertMember(trx, { id, organizationId, userId: person.id, role }, now()))) throw existing();
  await record(trx, {
    organizationId,
    actor: { id: person.id, name: person.name, via: 'web' },
    action: 'member.joined',
    subject: 'member',
    subjectId: id,
    outcome: 'done',
    detail: { email: person.email, role, invitation: link.id },
  });
}
