import type { Actor } from '../platform/actor.ts';
import type { Auth } from './auth.ts';
import type { IdentityContext } from './identity-context.ts';
import type { LastUsed } from './last-used.ts';
import { findMembership, findMemberships } from './member-store.ts';
import { hashOf } from './one-time-token.ts';

interface Parts extends Pick<IdentityContext, 'store' | 'principals'> {
  readonly auth: Auth;
  readonly lastUsed: LastUsed;
  /** Whether an organisation is the one that set the server up. */
  readonly operates: (organizationId: string) => Promise<boolean>;
}

/** Who is calling, by these headers; null: nobody we know. An Authorization header decides alone, even beside a cookie. */
export async function authenticate(parts: Parts, headers: Headers, requestId: string): Promise<Actor | null> {
  const authorization = headers.get('authorization');
  if (authorization !== null) return byKey(parts, authorization, requestId);
  const cookie = headers.get('cookie');
  return cookie === null ? null : byCookie(parts, cookie, requestId);
}

const BEARER = /^Bearer +(pc_[a-z2-7]{8}_[\w-]{43})$/i;

async function byKey({ principals, lastUsed, operates }: Parts, authorization: string, requestId: string): Promise<Actor | null> {
  const key = BEARER.exec(authorization)?.[1];
  const principal = key === undefined ? null : await principals.find(hashOf(key));
  if (!principal) return null;
  lastUsed.touch(principal.keyId);
  const { person, organizationId, role, scopes, keyId } = principal;
  const operator = await operates(organizationId);
  return {
    userId: person.id,
    name: person.name,
    email: person.email,
    organizationId,
    role,
    scopes,
    operator,
    via: 'key',
    keyId,
    requestId,
  };
}

async function byCookie({ auth, store, operates }: Parts, cookie: string, requestId: string): Promise<Actor | null> {
  // Not refreshed here: the new cookie would have no response to travel on. GET /api/auth/get-session renews it.
  const found = await auth.api.getSession({ headers: new Headers({ cookie }), query: { disableRefresh: true } });
  if (!found) return null;
  const { session, user } = found;
  const chosen = session.organizationId;
  const membership = chosen ? await findMembership(store.db, chosen, user.id) : (await findMemberships(store.db, user.id))[0];
  if (!membership) return null;
  const { organizationId, role } = membership;
  return {
    userId: user.id,
    name: user.name,
    email: user.email,
    organizationId,
    role,
    scopes: null,
    operator: await operates(organizationId),
    via: 'web',
    keyId: null,
    signInId: session.id,
    requestId,
  };
}
