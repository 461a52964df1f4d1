import type { Store } from '../platform/database.ts';
import { acceptInvitation } from './accept-invitation.ts';
import { acceptPasswordLink } from './accept-password-link.ts';
import { type AuthParts, createAuth } from './auth.ts';
import { serveAuth } from './auth-door.ts';
import { authenticate } from './authenticate.ts';
import { changeMemberRole } from './change-member-role.ts';
import { createApiKey } from './create-api-key.ts';
import { createPasswordLink } from './create-password-link.ts';
import { editOrganization, getOrganization } from './edit-organization.ts';
import { getMe } from './get-me.ts';
import type { IdentityContext } from './identity-context.ts';
import { inviteMember } from './invite-member.ts';
import { KeyPrincipals } from './key-principals.ts';
import { LastUsed } from './last-used.ts';
import { findFounder, isSetUp } from './link-store.ts';
import { listApiKeys } from './list-api-keys.ts';
import { listMembers } from './list-members.ts';
import { findNames } from './person-store.ts';
import { removeMember } from './remove-member.ts';
import { revokeApiKey } from './revoke-api-key.ts';
import { setUp } from './set-up.ts';
import { switchOrganization } from './switch-organization.ts';

export { addOrganization } from './add-organization.ts';
export type { PeopleEntry } from './people-record.ts';
export { resetMember } from './reset-member.ts';

/** Names of people by their ids; who is unknown is left out. */
export const namesOf = (store: Store, ids: readonly string[]): Promise<ReadonlyMap<string, string>> => findNames(store.db, ids);

/** What identity is given of the rest of the server. */
export type IdentityParts = AuthParts & Pick<IdentityContext, 'record' | 'base' | 'testLimits'>;

/** A use case as its callers see it: with its context given. */
const bind =
  <R extends unknown[], A>(context: IdentityContext, useCase: (context: IdentityContext, ...rest: R) => A): ((...rest: R) => A) =>
  (...rest) =>
    useCase(context, ...rest);

/** Opens identity over a migrated store: people, organisations, sign-ins and API keys. */
export async function createIdentity(parts: IdentityParts) {
  const { store, record, base, testLimits, log, secret, secureCookies } = parts;
  const auth = createAuth(parts);
  const { password } = await auth.$context;
  const principals = new KeyPrincipals(store.db);
  const lastUsed = new LastUsed(store.db, log);
  const passwords = { hash: password.hash, verify: (hash: string, given: string) => password.verify({ hash, password: given }) };
  const context: IdentityContext = { store, record, base, testLimits, passwords, principals };
  // Which organisation set the server up never changes: it is asked for until it is known.
  let founder: string | null = null;
  const operates = async (organizationId: string): Promise<boolean> => {
    founder ??= await findFounder(store.db);
    return founder === organizationId;
  };
  return {
    /** Serves the open paths under /api/auth; throws a Fault for every refusal. */
    handleAuth: (request: Request, { peer }: { readonly peer: string }) => serveAuth({ auth, store, secret, secureCookies }, request, peer),
    /** Who is calling; null: nobody we know. The door that asks puts its request id in. */
    authenticate: (headers: Headers, requestId = '') => authenticate({ auth, store, principals, lastUsed, operates }, headers, requestId),
    /** Whether the first Admin exists. */
    isSetUp: () => isSetUp(store.db),
    /** Writes what waits; the store is closed after this. */
    close: () => lastUsed.close(),
    setup: bind(context, setUp),
    getMe: bind(context, getMe),
    switchOrganization: bind(context, switchOrganization),
    listApiKeys: bind(context, listApiKeys),
    createApiKey: bind(context, createApiKey),
    revokeApiKey: bind(context, revokeApiKey),
    listMembers: bind(context, listMembers),
    changeMemberRole: bind(context, changeMemberRole),
    removeMember: bind(context, removeMember),
    inviteMember: bind(context, inviteMember),
    acceptInvitation: bind(context, acceptInvitation),
    createPasswordLink: bind(context, createPasswordLink),
    acceptPasswordLink: bind(context, acceptPasswordLink),
    getOrganization: bind(context, getOrganization),
    editOrganization: bind(context, editOrganization),
  };
}
export type Identity = Awaited<ReturnType<typeof createIdentity>>;
