import type { Actor } from '../platform/actor.ts';
import { Fault } from '../platform/fault.ts';
import type { IdentityContext } from './identity-context.ts';
import { findMembership } from './member-store.ts';
import { placeSignIn } from './sign-in-store.ts';

/** Places the browser's sign-in in another organisation of the person. A key belongs to one for good. */
export async function switchOrganization(
  { store }: IdentityContext,
  actor: Actor,
  input: { readonly organizationId: string },
): Promise<void> {
  if (actor.signInId === undefined)
    throw new Fault('caller.forbidden', { detail: 'An API key belongs to one organisation: make a key in the other one.' });
  if (!(await findMembership(store.db, input.organizationId, actor.userId))) {
    throw new Fault('caller.forbidden', { field: 'organizationId', detail: 'organizationId: you do not belong to this organisation.' });
  }
  await placeSignIn(store.db, { id: actor.signInId }, input.organizationId);
}
