import type { Me } from '../../contract/identity.ts';
import { may, type Permission, permissions } from '../../contract/permissions.ts';
import type { Actor } from '../platform/actor.ts';
import type { IdentityContext } from './identity-context.ts';
import { listOrganizationsOf, readOrganization } from './organization-store.ts';

/** Who the actor is, where, and what they may do. A key knows its own organisation alone. */
export async function getMe({ store, testLimits }: IdentityContext, actor: Actor): Promise<Me> {
  const [organization, organizations, limits] = await Promise.all([
    readOrganization(store.db, actor.organizationId),
    listOrganizationsOf(store.db, actor.userId),
    testLimits(actor),
  ]);
  return {
    user: { id: actor.userId, name: actor.name, email: actor.email },
    organization,
    organizations: actor.via === 'web' ? organizations : organizations.filter(({ id }) => id === actor.organizationId),
    role: actor.role,
    scopes: actor.scopes === null ? null : [...actor.scopes],
    permissions: (Object.keys(permissions) as Permission[]).filter((permission) => may(actor, permission)),
    limits,
  };
}
