import { Fault } from '../platform/fault.ts';
import { reasonOf } from './wait-reason.ts';

/** A place among those who may hold a session at once. */
export interface Seat {
  /** Gives it to whoever waits longest; only the first call counts. */
  leave(): void;
}

/** How many may wait for one connection, and for how long at the most. */
const mostWaiting = 32;
const longestMs = 10_000;

interface Waiting {
  readonly sit: () => void;
  readonly refuse: (why: Fault) => void;
}

/** The seats of one connection: so many at once, others wait their turn, and not for ever. */
export class SessionQueue {
  readonly #seats: number;
  readonly #waiting: Waiting[] = [];
  #taken = 0;
  #ended: Fault | null = null;

  constructor(seats: number) {
    this.#seats = seats;
  }
  get taken(): number {
    return this.#taken;
  }
  get waiting(): number {
    return this.#waiting.length;
  }

  /** A seat, at once or in turn. Rejects when the signal is aborted, when it takes too long, and when too many wait. */
  sit(signal: AbortSignal): Promise<Seat> {
    if (this.#ended) return Promise.reject(this.#ended);
    if (signal.aborted) return Promise.reject(reasonOf(signal));
    if (this.#taken < this.#seats) return Promise.resolve(this.#seat());
    if (this.#waiting.length >= mostWaiting)
      return Promise.reject(
        new Fault('connection.busy', {
          detail: `${mostWaiting} statements wait for this database already. Try again in a moment.`,
          retryAfter: 2,
        }),
      );
    return new Promise((resolve, reject) => {
      const stop = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
        this.#waiting.splice(this.#waiting.indexOf(entry), 1);
      };
      const refuse = (why: Fault) => {
        stop();
        reject(why);
      };
      const entry: Waiting = {
        sit: () => {
          stop();
          resolve(this.#seat());
        },
        refuse,
      };
      const abort = () => refuse(reasonOf(signal));
      const timer = setTimeout(
        () =>
          refuse(
            new Fault('connection.busy', { detail: `No session of this database became free in ${longestMs / 1000} s.`, retryAfter: 5 }),
          ),
        longestMs,
      );
      signal.addEventListener('abort', abort, { once: true });
      this.#waiting.push(entry);
    });
  }

  /** A seat for what rests no longer and is not closed yet; there is one, since what rested was counted among them. */
  keep(): Seat {
    return this.#seat();
  }

  /** Sends everyone home who waits. */
  end(why: Fault): void {
    this.#ended = why;
    for (const { refuse } of [...this.#waiting]) refuse(why);
  }

  #seat(): Seat {
    this.#taken++;
    let left = false;
    return {
      leave: () => {
        if (left) return;
        left = true;
        this.#taken--;
        this.#waiting[0]?.sit();
      },
    };
  }
}
