import { Email, type OneTimeLink, OrganizationInput } from '../../contract/identity.ts';
import { newId, now } from '../platform/clock.ts';
import type { Store } from '../platform/database.ts';
import { Fault } from '../platform/fault.ts';
import { markSetUp } from './link-store.ts';
import { makeLink } from './one-time-token.ts';
import { insertOrganization } from './organization-store.ts';
import { operator, type RecordPeople } from './people-record.ts';

/** What the commands that work with the server stopped stand on. */
export interface OfflineContext {
  readonly store: Store;
  readonly record: RecordPeople;
  /** The address to put into links, without a slash at its end. */
  readonly base: string;
}

/** Adds an organisation, with the server stopped; the link that comes back makes its holder the first Admin. */
export async function addOrganization(
  { store, record, base }: OfflineContext,
  input: { readonly name: string; readonly adminEmail: string },
): Promise<OneTimeLink> {
  const name = OrganizationInput.shape.name.safeParse(input.name).data;
  const email = Email.safeParse(input.adminEmail).data;
  if (name === undefined) throw new Fault('request.invalid', { field: 'name', detail: 'name: must have 1 to 120 characters.' });
  if (email === undefined) throw new Fault('request.invalid', { field: 'adminEmail', detail: 'adminEmail: must be an e-mail address.' });
  const organization = { id: newId(), name, createdAt: now() };
  return store.db.transaction().execute(async (trx) => {
    await insertOrganization(trx, organization);
    // With an organisation here, nobody may make a first one from the web.
    await markSetUp(trx, organization.id, email);
    const about = { organizationId: organization.id, purpose: 'invitation', email, role: 'admin', userId: null, createdBy: null } as const;
    const { url, expiresAt } = await makeLink(trx, base, about);
    await record(trx, {
      organizationId: organization.id,
      actor: operator,
      action: 'organization.created',
      subject: 'organization',
      subjectId: organization.id,
      outcome: 'done',
      detail: { name: organization.name, admin: email },
    });
    return { url, expiresAt };
  });
}
