import type { Database } from '../platform/database.ts';
import { findKeyPrincipal, type KeyPrincipal } from './api-key-store.ts';

/** How long a principal may be answered from memory: the most by which another process's revocation can be late. */
const LIFE = 5_000;
const MOST = 10_000;

/**
 * The principals of the keys in use, by the key's hash. Whatever changes a key, a role or a membership here calls `forget`
 * after its commit; what was being looked up at that moment is answered but not kept.
 */
export class KeyPrincipals {
  readonly #db: Database;
  readonly #held = new Map<string, { readonly principal: KeyPrincipal; readonly until: number }>();
  #generation = 0;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Whom the key with this hash stands for; null when it is unknown, revoked, expired or without membership. */
  async find(hash: string): Promise<KeyPrincipal | null> {
    const held = this.#held.get(hash);
    if (held && held.until > Date.now()) return unexpired(held.principal);
    const generation = this.#generation;
    const principal = await findKeyPrincipal(this.#db, hash);
    if (!principal) return null;
    if (generation === this.#generation) {
      if (this.#held.size >= MOST) this.#held.clear();
      this.#held.set(hash, { principal, until: Date.now() + LIFE });
    }
    return unexpired(principal);
  }

  /** Asks the store anew for every key. */
  forget(): void {
    this.#generation += 1;
    this.#held.clear();
  }
}

const unexpired = (principal: KeyPrincipal): KeyPrincipal | null => (Date.parse(principal.expiresAt) > Date.now() ? principal : null);
