interface Waiting<T> {
  readonly serve: (what: T) => void;
}

/** Those who wait for something: each person's in their order, and the persons in turn, so that many of one person's do not stand before everybody else's. */
export class WaitingLine<T> {
  readonly #lines = new Map<string, Waiting<T>[]>();

  get empty(): boolean {
    return this.#lines.size === 0;
  }

  /** Waits in somebody's name. Rejects with the signal's reason, and with no place in the line any more, once it is aborted. */
  wait(by: string, signal: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const line = this.#lines.get(by) ?? [];
      const leave = () => {
        signal.removeEventListener('abort', giveUp);
        line.splice(line.indexOf(entry), 1);
        if (line.length === 0) this.#lines.delete(by);
      };
      const giveUp = () => {
        leave();
        reject(signal.reason);
      };
      const entry: Waiting<T> = {
        serve: (what) => {
          leave();
          resolve(what);
        },
      };
      signal.addEventListener('abort', giveUp, { once: true });
      line.push(entry);
      this.#lines.set(by, line);
    });
  }

  /** Gives it to whoever's turn it is; false where nobody waits. */
  serve(what: T): boolean {
    for (const [by, line] of this.#lines) {
      // The next turn is somebody else's.
      this.#lines.delete(by);
      this.#lines.set(by, line);
      line[0]?.serve(what);
      return true;
    }
    return false;
  }
}
