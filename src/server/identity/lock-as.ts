import { may, type Permission } from '../../contract/permissions.ts';
import type { Actor } from '../platform/actor.ts';
import type { Database } from '../platform/database.ts';
import { Fault } from '../platform/fault.ts';
import { findMembership, type Membership } from './member-store.ts';
import { lockOrganization } from './organization-store.ts';

/**
 * Holds the actor's organisation until the transaction ends and looks again what they may do there: what they were when
 * the request came in may have ended meanwhile, and two changes of the same people must not cross.
 */
export async function lockAs(trx: Database, actor: Actor, permission: Permission): Promise<Membership> {
  await lockOrganization(trx, actor.organizationId);
  const membership = await findMembership(trx, actor.organizationId, actor.userId);
  if (!membership || !may({ ...actor, role: membership.role }, permission)) {
    throw new Fault('caller.forbidden', { detail: 'Your role has changed meanwhile: ask an Admin of the organisation.' });
  }
  return membership;
}
