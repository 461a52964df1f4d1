import type { ApiKey } from '../../contract/identity.ts';
import type { PageQuery } from '../../contract/paging.ts';
import type { Actor } from '../platform/actor.ts';
import { type KeyOwner, listKeyRows } from './api-key-store.ts';
import type { IdentityContext } from './identity-context.ts';
import { type Page, pageOf } from './page-of.ts';

/** Whose keys the actor may see and revoke: an Admin everyone's, others their own. */
export const reachOf = ({ organizationId, userId, role }: Actor): KeyOwner => ({
  organizationId,
  userId: role === 'admin' ? null : userId,
});

/** The API keys within the actor's reach, without the keys themselves. */
export async function listApiKeys({ store }: IdentityContext, actor: Actor, query: PageQuery): Promise<Page<ApiKey>> {
  return pageOf(await listKeyRows(store.db, reachOf(actor), query), query.limit);
}
