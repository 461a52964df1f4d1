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

  /** Takes a place for the time that `work` takes, or refuses. */
  async with<T>(actor: Actor, connectionId: string, work: () => Promise<T>): Promise<T> {
    const key = `${actor.userId} ${connectionId}`;
    const taken = this.#taken.get(key) ?? 0;
    if (taken >= MOST)
      throw new Fault('rate.exceeded', {
        detail: `${MOST} statements of yours ${this.#what} on this database already: wait until one of them has ended, or cancel it.`,
        retryAfter: 1,
      });
    this.#taken.set(key, taken + 1);
    try {
      return await work();
    } finally {
      const left = (this.#taken.get(key) ?? 1) - 1;
      if (left > 0) this.#taken.set(key, left);
      else this.#taken.delete(key);
    }
  }
}
