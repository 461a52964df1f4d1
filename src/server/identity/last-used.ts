import { now } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';
import type { Log } from '../platform/log.ts';
import { markKeysUsed } from './api-key-store.ts';

const EVERY = 5_000;

/** Notes when keys were used, in groups: a request must not wait for a write. */
export class LastUsed {
  readonly #db: Database;
  readonly #log: Log;
  readonly #used = new Set<string>();
  readonly #timer: NodeJS.Timeout;

  constructor(db: Database, log: Log) {
    this.#db = db;
    this.#log = log;
    this.#timer = setInterval(() => void this.flush(), EVERY);
    this.#timer.unref();
  }

  /** The key was used just now. */
  touch(keyId: string): void {
    this.#used.add(keyId);
  }

  /** Writes what waits. A failure is logged: a lost note of use is no reason to refuse anybody. */
  async flush(): Promise<void> {
    const ids = [...this.#used];
    this.#used.clear();
    const at = now();
    try {
      for (let from = 0; from < ids.length; from += 1_000) await markKeysUsed(this.#db, ids.slice(from, from + 1_000), at);
    } catch (error) {
      this.#log.warn({ err: error }, 'the last use of API keys was not noted');
    }
  }

  /** Writes what waits and stops. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
  }
}
