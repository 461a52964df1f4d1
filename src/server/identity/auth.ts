import { type BetterAuthOptions, betterAuth } from 'better-auth';
import { newId } from '../platform/clock.ts';
import { type Store, storeFacts } from '../platform/database.ts';
import type { Log } from '../platform/log.ts';
import { reveal, type Secret } from '../platform/secret.ts';

/** What the sign-in library is given of the server. */
export interface AuthParts {
  readonly store: Store;
  /** The origins whose pages are ours; asked at each request, since the port is known only once we listen. */
  readonly origins: () => Iterable<string>;
  /** Signs the cookies. */
  readonly secret: Secret;
  readonly secureCookies: boolean;
  readonly log: Log;
}

/** Carries the peer's address to the library; what a client sends under this name is dropped at the door. */
export const peerHeader = 'x-portcullis-peer';
/** A name that no page can have: the library wants a base URL, and uses it for paths alone. */
export const authBase = 'http://portcullis.invalid';

const DAY = 86_400;

/** The library's options: people, passwords and sign-ins, nothing else. Our tables, our ids, our Kysely instance. */
export function authOptions({ store, origins, secret, secureCookies, log }: AuthParts) {
  return {
    appName: 'Portcullis',
    baseURL: authBase,
    // `secrets`, not `secret`: the latter gives way to variables of the environment.
    secrets: [{ version: 1, value: reveal(secret) }],
    // With transaction, a changed password and the end of the other sign-ins are one commit.
    database: { db: store.db, type: storeFacts[store.kind].dialect, transaction: true },
    trustedOrigins: () => [...origins()],
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 12, maxPasswordLength: 256 },
    user: { modelName: 'auth_user', additionalFields: { lastSignInAt: { type: 'string', required: false, input: false } } },
    session: {
      modelName: 'auth_session',
      expiresIn: 7 * DAY,
      updateAge: DAY,
      // A removed person must stop at once: every request asks the store.
      cookieCache: { enabled: false },
      additionalFields: { organizationId: { type: 'string', required: false, input: false } },
    },
    account: { modelName: 'auth_account' },
    verification: { modelName: 'auth_verification' },
    rateLimit: {
      enabled: true,
      storage: 'memory',
      window: 60,
      max: 600,
      // Each of these costs a slow hash; guesses at one account are counted apart, in the store.
      customRules: { '/sign-in/email': { window: 60, max: 60 }, '/change-password': { window: 60, max: 30 } },
    },
    advanced: {
      // validateSchema: a test holds the layout, no request needs to look.
      database: { generateId: () => newId(), validateSchema: false },
      cookiePrefix: 'portcullis',
      useSecureCookies: secureCookies,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', secure: secureCookies, path: '/' },
      ipAddress: { ipAddressHeaders: [peerHeader] },
      // Said outright, since the library skips both when it believes to be under test.
      disableOriginCheck: false,
      disableCSRFCheck: false,
    },
    telemetry: { enabled: false },
    logger: {
      // Without `level`, which would make the library print on its own beside this. Its messages may quote what a client
      // or a driver said: only where something failed is kept.
      log: (level, _message, ...about: unknown[]) => {
        const err = about.find((part) => part instanceof Error);
        if (level === 'error') log[err ? 'error' : 'warn']({ err }, 'the sign-in library reports a failure');
      },
    },
  } satisfies BetterAuthOptions;
}

/** The sign-in library, over our store. */
export function createAuth(parts: AuthParts) {
  return betterAuth(authOptions(parts));
}
export type Auth = ReturnType<typeof createAuth>;
