import type { Organization } from '../../contract/identity.ts';
import type { Actor } from '../platform/actor.ts';
import type { IdentityContext } from './identity-context.ts';
import { lockAs } from './lock-as.ts';
import { readOrganization, renameOrganization } from './organization-store.ts';
import { entryOf } from './people-record.ts';

/** The actor's organisation. */
export function getOrganization({ store }: IdentityContext, actor: Actor): Promise<Organization> {
  return readOrganization(store.db, actor.organizationId);
}

/** Renames it. */
export async function editOrganization(
  { store, record }: IdentityContext,
  actor: Actor,
  { name }: { readonly name: string },
): Promise<Organization> {
  const { organizationId } = actor;
  return store.db.transaction().execute(async (trx) => {
    await lockAs(trx, actor, 'organization:manage');
    const before = await readOrganization(trx, organizationId);
    await renameOrganization(trx, organizationId, name);
    const detail = { from: before.name, to: name };
    await record(trx, entryOf(actor, { action: 'organization.renamed', subject: 'organization', subjectId: organizationId, detail }));
    return { ...before, name };
  });
}
