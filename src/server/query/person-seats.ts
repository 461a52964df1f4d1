import type { Actor } from '../platform/actor.ts';
import { Fault } from '../platform/fault.ts';

/** Statements that one person may run, or have checked, at once on one connection. */
const MOST = 4;

/** Counts what each person does on each connection in this process. */
export class PersonSeats {
  readonly #what: string;
  readonly #taken = new Map<string, number>();

  /** `what` a statement does here, in words: “run”. */
  constructor(what: string) {
    this.#what = what;
  }

  /** Takes a place, or refuses. What it gives leaves the place; only the first call counts. */
  take(actor: Actor, connectionId: string): () => void {
    const key = `${actor.userId} ${connectionId}`;
    const taken = this.#taken.get(key) ?? 0;
    if (taken >= MOST)
      throw new Fault('rate.exceeded', {
        detail: `${MOST} statements of yours ${this.#what} on this database already: wait until one of them has ended, or cancel it.`,
        retryAfter: 1,
      });
    this.#taken.set(key, taken + 1);
    let seated = true;
    return () => {
      if (!seated) return;
      seated = false;
      const left = (this.#taken.get(key) ?? 1) - 1;
      if (left > 0) this.#taken.set(key, left);
      else this.#taken.delete(key);
    };
  }
}
