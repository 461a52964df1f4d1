import { randomBytes } from 'node:crypto';
import type { SetupInput } from '../../src/contract/identity.ts';
import type { Role } from '../../src/contract/permissions.ts';
import { createIdentity, type Identity, type PeopleEntry } from '../../src/server/identity/identity.ts';
import type { Actor } from '../../src/server/platform/actor.ts';
import type { Store } from '../../src/server/platform/database.ts';
import { createLog } from '../../src/server/platform/log.ts';
import { Secret } from '../../src/server/platform/secret.ts';

/** The origin that tests sign in from. */
export const ORIGIN = 'http://127.0.0.1:8686';
export const PASSWORD = 'correct horse battery';

/** Identity over a store, with what it recorded. */
export interface IdentityOfTest {
  readonly identity: Identity;
  readonly store: Store;
  readonly entries: PeopleEntry[];
  /** Makes a request to a path under /api/auth; the peer is a fresh one unless named. */
  call(path: string, body?: unknown, headers?: Record<string, string>, peer?: string): Promise<Response>;
  /** Signs in and returns the Cookie header. */
  signIn(email: string, password?: string): Promise<string>;
  /** Who a Cookie header is. */
  who(cookie: string): Promise<Actor | null>;
  /** Who a key is. */
  holder(key: string | undefined): Promise<Actor | null>;
  /** Invites a person and lets them join; who they are then. */
  join(admin: Actor, email: string, role: Role): Promise<Actor>;
}

/** What is needed to set up. */
export const setupOf = (email: string, organization = 'Acme'): SetupInput => ({ organization, name: 'Ada', email, password: PASSWORD });

/** The one-time token in a link. */
export const tokenOf = (url: string): string => new URL(url).hash.replace('#token=', '');

let peers = 0;

/** Opens identity over a store. */
export async function openIdentity(store: Store, secureCookies = false): Promise<IdentityOfTest> {
  const entries: PeopleEntry[] = [];
  const identity = await createIdentity({
    store,
    secret: new Secret(randomBytes(32).toString('base64url')),
    secureCookies,
    origins: () => [ORIGIN],
    base: () => ORIGIN,
    log: createLog('silent'),
    testLimits: async () => ({ testsPerMinute: 10, testsUsed: 0 }),
    record: async (trx, entry) => {
      // Through trx: this fails or waits for ever if it is not the open transaction of the change.
      await trx.selectFrom('organizations').select('id').where('id', '=', entry.organizationId).executeTakeFirstOrThrow();
      entries.push(entry);
    },
  });
  const call: IdentityOfTest['call'] = (path, body, headers = {}, peer = `10.0.${peers >> 8}.${peers++ & 255}`) => {
    const post = body === undefined ? { method: 'GET' } : { method: 'POST', body: JSON.stringify(body) };
    const request = new Request(`${ORIGIN}/api/auth/${path}`, {
      ...post,
      headers: { 'content-type': 'application/json', origin: ORIGIN, ...headers },
    });
    return identity.handleAuth(request, { peer });
  };
  const signIn: IdentityOfTest['signIn'] = async (email, password = PASSWORD) => cookieOf(await call('sign-in/email', { email, password }));
  const who: IdentityOfTest['who'] = (cookie) => identity.authenticate(new Headers({ cookie }));
  return {
    identity,
    store,
    entries,
    call,
    signIn,
    who,
    holder: (key) => identity.authenticate(new Headers({ authorization: `Bearer ${key}` })),
    async join(admin, email, role) {
      const { url } = await identity.inviteMember(admin, { email, role });
      await identity.acceptInvitation({ token: tokenOf(url), name: email.split('@')[0] ?? email, password: PASSWORD });
      const actor = await who(await signIn(email));
      if (!actor) throw new Error(`${email} could not join`);
      return actor;
    },
  };
}

/** The Cookie header that a browser would send after this response. */
export function cookieOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
}
