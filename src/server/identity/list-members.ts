import type { Member } from '../../contract/identity.ts';
import type { PageQuery } from '../../contract/paging.ts';
import type { Actor } from '../platform/actor.ts';
import type { IdentityContext } from './identity-context.ts';
import { listMemberRows } from './member-store.ts';
import { type Page, pageOf } from './page-of.ts';

/** The members of the actor's organisation. */
export async function listMembers({ store }: IdentityContext, actor: Actor, query: PageQuery): Promise<Page<Member>> {
  return pageOf(await listMemberRows(store.db, actor.organizationId, query), query.limit);
}
