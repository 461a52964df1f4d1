import type { Database } from '../platform/database.ts';
import type { Log } from '../platform/log.ts';
import type { ChainWriter } from './chain-writer.ts';
import { touchChain, unsettled } from './record-store.ts';
import { unknown } from './settle-lost.ts';

const FEW = 100;

/**
 * Attempts of this process that were answered with store.unavailable, since their end could not be written: they are settled as `unknown`
 * once the store answers again. Kept in mind are those under way, which are left alone; the others are found in the store.
 */
export class UnansweredAttempts {
  readonly #deps: { readonly db: Database; readonly log: Log };
  readonly #writer: ChainWriter;
  readonly #underWay = new Set<string>();
  #missing = false;
  #settling: Promise<void> | undefined;

  constructor(deps: { readonly db: Database; readonly log: Log }, writer: ChainWriter) {
    this.#deps = deps;
    this.#writer = writer;
  }

  /** Takes note of an attempt whose beginning is being written. */
  watch(id: string, recorded: Promise<void>): Promise<void> {
    this.#underWay.add(id);
    // Whoever awaits it learns of a failure; nobody else has to. That it failed does not say that it is not there.
    recorded.catch(() => this.#fail(id));
    return recorded;
  }

  /** Writes the end of an attempt; one whose beginning could not be kept has none. */
  async end(id: string, recorded: Promise<void>, write: () => Promise<void>): Promise<void> {
    // Under way, it need not wait for its beginning: both may share a commit.
    if (!this.#underWay.has(id)) await recorded;
    try {
      await Promise.all([recorded, write()]);
      this.#underWay.delete(id);
    } catch (error) {
      this.#fail(id);
      throw error;
    }
  }

  #fail(id: string): void {
    this.#underWay.delete(id);
    this.#missing = true;
  }

  /** Settles what is neither under way nor settled; does nothing while nothing failed. */
  settle(): Promise<void> {
    if (!this.#missing) return Promise.resolve();
    this.#settling ??= this.#settleAll().finally(() => {
      this.#settling = undefined;
    });
    return this.#settling;
  }

  async #settleAll(): Promise<void> {
    const { db, log } = this.#deps;
    // A store that takes no writes need not be read through; whoever asked was told already.
    const writes = await touchChain(db, this.#writer.chain).then(
      () => true,
      () => false,
    );
    if (!writes) return;
    this.#missing = false;
    let settled = 0;
    try {
      for (let after = 0; ; ) {
        const before = new Set(this.#underWay);
        const open = await unsettled(db, this.#writer.chain, FEW, after);
        // One that ended meanwhile is under way no more, and is refused by the store should it be met here all the same.
        const left = open.filter(({ id }) => !before.has(id) && !this.#underWay.has(id));
        const written = await Promise.allSettled(left.map((row) => this.#writer.append(unknown(row))));
        settled += written.filter(({ status }) => status === 'fulfilled').length;
        if (written.some(({ status }) => status === 'rejected')) this.#missing = true;
        const last = open.at(-1);
        if (!last || open.length < FEW) break;
        after = last.sequence;
      }
    } catch (error) {
      this.#missing = true;
      throw error;
    }
    if (settled > 0) log.warn({ attempts: settled }, 'attempts that were not answered were settled as unknown');
  }
}
