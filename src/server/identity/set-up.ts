import type { SetupInput, SetupResult } from '../../contract/identity.ts';
import { newId, now } from '../platform/clock.ts';
import { Fault } from '../platform/fault.ts';
import { reveal, type Secret } from '../platform/secret.ts';
import { mintKey } from './api-key-mint.ts';
import type { IdentityContext } from './identity-context.ts';
import { isSetUp, markSetUp } from './link-store.ts';
import { insertMember } from './member-store.ts';
import { sameText } from './one-time-token.ts';
import { insertOrganization } from './organization-store.ts';
import { insertPerson } from './person-store.ts';

/** How the caller came, which decides what they must show and what they get. */
export interface SetupTerms {
  /** The token they must show; null: none is asked for. */
  readonly expectedToken: Secret | null;
  /** Whether they get an Admin key for a day: programs do, pages do not. */
  readonly withKey: boolean;
}

const done = (): Fault => new Fault('setup.done', { detail: 'Sign in instead. An Admin can invite you.' });

/** Makes the first organisation with its Admin, once, whoever else tries at the same moment. */
export async function setUp({ store, record, passwords }: IdentityContext, input: SetupInput, terms: SetupTerms): Promise<SetupResult> {
  if (await isSetUp(store.db)) throw done();
  if (terms.expectedToken !== null && !sameText(input.token ?? '', reveal(terms.expectedToken))) {
    throw new Fault('setup.forbidden', {
      field: 'token',
      detail: 'token: enter the setup token that the server printed at its first start, or the one in PORTCULLIS_SETUP_TOKEN.',
    });
  }
  const passwordHash = await passwords.hash(input.password);
  const user = { id: newId(), name: input.name, email: input.email };
  const organization = { id: newId(), name: input.organization, createdAt: now() };
  return store.db.transaction().execute(async (trx) => {
    await insertOrganization(trx, organization);
    if (!(await markSetUp(trx, organization.id, user.email))) throw done();
    if (!(await insertPerson(trx, user, passwordHash))) throw done();
    await insertMember(trx, { id: newId(), organizationId: organization.id, userId: user.id, role: 'admin' }, organization.createdAt);
    const key = terms.withKey ? await mintKey(trx, organization.id, { name: 'Setup', owner: user, scopes: ['admin'], days: 1 }) : null;
    await record(trx, {
      organizationId: organization.id,
      actor: { id: user.id, name: user.name, via: 'system' },
      action: 'organization.created',
      subject: 'organization',
      subjectId: organization.id,
      outcome: 'done',
      detail: { name: organization.name, admin: user.email, key: key?.prefix ?? null },
    });
    return { user, organization, ...(key ? { apiKey: key.key } : {}) };
  });
}
