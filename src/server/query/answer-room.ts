import { getHeapStatistics } from 'node:v8';
import { Fault } from '../platform/fault.ts';

/** Bytes of memory that a cell takes, beside what is in it. */
const CELL = 32;
/** What came in is held as values, and then as the text that is sent, in which a character may take six bytes. */
const TIMES = 4;

/** A quarter of what the process may have, and a gigabyte at the most. */
const usual = (): number => Math.min(1024 ** 3, getHeapStatistics().heap_size_limit / 4);

/** The place of one answer. */
export interface Place {
  /** Takes so much more; says why that is too much. */
  grow(cells: number, bytes: number): Fault | null;
  /** Gives all of it back; only the first call counts. */
  leave(): void;
}

/** The memory that answers hold in this process, from their first row until they are out: so much in all, and half of it for one person. One answer alone always fits. */
export class AnswerRoom {
  readonly #most: number;
  #held = 0;
  readonly #heldBy = new Map<string, number>();

  constructor(most = usual()) {
    this.#most = most;
  }

  /** Bytes that are held, about. */
  get held(): number {
    return this.#held;
  }

  enter(userId: string): Place {
    let own = 0;
    const add = (bytes: number): number => {
      own += bytes;
      this.#held += bytes;
      const theirs = (this.#heldBy.get(userId) ?? 0) + bytes;
      if (theirs > 0) this.#heldBy.set(userId, theirs);
      else this.#heldBy.delete(userId);
      return theirs;
    };
    return {
      grow: (cells, bytes) => {
        const theirs = add(CELL * cells + TIMES * bytes);
        if (theirs > this.#most / 2 && theirs > own) return full('Your answers hold as much memory as those of one person may');
        if (this.#held > this.#most && this.#held > own) return full('All answers together hold as much memory as they may');
        return null;
      },
      leave: () => void add(-own),
    };
  }
}

const full = (why: string): Fault =>
  new Fault('rate.exceeded', {
    detail: `${why}: wait until one of them has been read to its end, or ask for less.`,
    tryThis: ['Ask for fewer rows or columns, or for one large answer at a time.'],
    retryAfter: 2,
  });
