import type { Me } from '../../contract/identity.ts';
import type { Actor } from '../platform/actor.ts';
import type { Store } from '../platform/database.ts';
import type { KeyPrincipals } from './key-principals.ts';
import type { RecordPeople } from './people-record.ts';

/** Hashing as the sign-in library does it, so that it can check what we wrote. */
export interface Passwords {
  hash(password: string): Promise<string>;
  verify(hash: string, password: string): Promise<boolean>;
}

/** What the use cases of identity work with. */
export interface IdentityContext {
  readonly store: Store;
  readonly record: RecordPeople;
  /** The address to put into links, without a slash at its end. */
  readonly base: () => string;
  readonly passwords: Passwords;
  readonly principals: KeyPrincipals;
  /** How many connection tests a person may make and has made: counted elsewhere, told by getMe. */
  readonly testLimits: (actor: Actor) => Promise<Me['limits']>;
}
