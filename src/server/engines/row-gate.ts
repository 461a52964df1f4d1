import type { Answer, Reading } from './engine.ts';

/** The limit that cuts an answer. */
export type CutBy = NonNullable<Answer['limit']>;

/** Lets the rows of an answer in, one by one, up to its limits. */
export class RowGate {
  /** Bytes of the rows that are in. */
  bytes = 0;
  #rows = 0;
  readonly #limits: Pick<Reading, 'maxRows' | 'maxCells' | 'maxBytes' | 'kept'>;

  constructor(limits: Pick<Reading, 'maxRows' | 'maxCells' | 'maxBytes' | 'kept'>) {
    this.#limits = limits;
  }

  /** Lets a row in, or names the limit that it would pass. */
  admit(columns: number, size: number): CutBy | null {
    const { maxRows, maxCells = Number.POSITIVE_INFINITY, maxBytes, kept } = this.#limits;
    if (this.#rows >= maxRows) return 'rows';
    if ((this.#rows + 1) * columns > maxCells) return 'cells';
    if (this.bytes + size > maxBytes) return 'bytes';
    this.#rows++;
    this.bytes += size;
    kept?.(columns, size);
    return null;
  }
}
