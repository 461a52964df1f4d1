import type { SetupInput, SetupResult } from '../../contract/identity.ts';
import type { Actor } from '../platform/actor.ts';
import { type AuthParts, createAuth } from './auth.ts';
import { serveAuth } from './auth-door.ts';
import { authenticate } from './authenticate.ts';
import type { IdentityContext } from './identity-context.ts';
import { KeyPrincipals } from './key-principals.ts';
import { LastUsed } from './last-used.ts';
import { isSetUp } from './link-store.ts';
import { type SetupTerms, setUp } from './set-up.ts';

export type { PeopleEntry, RecordPeople } from './people-record.ts';

/** What identity is given of the rest of the server. */
export type IdentityParts = AuthParts & Pick<IdentityContext, 'record' | 'base' | 'testLimits'>;

/** People, organisations, sign-ins and API keys. */
export interface Identity {
  /** Serves the open paths under /api/auth; throws a Fault for every refusal. */
  handleAuth(request: Request, facts: { readonly peer: string }): Promise<Response>;
  /** Who is calling; null: nobody we know. The door that asks puts its request id in. */
  authenticate(headers: Headers, requestId?: string): Promise<Actor | null>;
  isSetUp(): Promise<boolean>;
  setup(input: SetupInput, terms: SetupTerms): Promise<SetupResult>;
  /** Writes what waits; the store is closed after this. */
  close(): Promise<void>;
}

/** Opens identity over a migrated store. */
export async function createIdentity(parts: IdentityParts): Promise<Identity> {
  const { store, record, base, testLimits, log } = parts;
  const auth = createAuth(parts);
  const { password } = await auth.$context;
  const principals = new KeyPrincipals(store.db);
  const lastUsed = new LastUsed(store.db, log);
  const passwords = { hash: password.hash, verify: (hash: string, given: string) => password.verify({ hash, password: given }) };
  const context: IdentityContext = { store, record, base, testLimits, passwords, principals };
  return {
    handleAuth: (request, { peer }) => serveAuth({ auth, store }, request, peer),
    authenticate: (headers, requestId = '') => authenticate({ auth, store, principals, lastUsed }, headers, requestId),
    isSetUp: () => isSetUp(store.db),
    setup: (input, terms) => setUp(context, input, terms),
    close: () => lastUsed.close(),
  };
}
