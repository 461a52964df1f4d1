import type { Cell } from '../engine.ts';
import type { WireColumn } from './columns.ts';
import { ServerError, type Told } from './server-error.ts';

/** A row, every value exact. */
export type Row = readonly Cell[];

/** What a row may hold at the most before it is enough. Left out: all that the allowance of the wire lets through. */
export interface Limits {
  readonly maxRows: number;
  readonly maxBytes: number;
}

/** So many errors of one statement are kept. */
const mostErrors = 20;
/** What the server calls the one column of FOR JSON and FOR XML, whose text it cuts into rows. */
const cutText = /^(JSON|XML)_F52E2B61-18A1-11d1-B105-00805F49916B$/i;
/** A null takes next to nothing on the wire, and this much when it is held. */
const nullCost = 8;

/** What a statement brings in, gathered as it comes. */
export class Answer {
  columns: readonly WireColumn[] = [];
  rows: Row[] = [];
  bytes = 0;
  /** The server had another row than were asked for, or the next one would have been too much. */
  cut: 'rows' | 'bytes' | null = null;
  /** A second set of rows came: the statement was not one. */
  another = false;
  /** Whether the session was made as it was at the sign-in. */
  wasReset = false;
  readonly #told: Told[] = [];
  readonly #limits: Limits;
  #sets = 0;
  #isCutText = false;
  /** Called once, when no more is wanted. */
  onEnough: () => void = () => undefined;
  /** Called for each row that is kept. */
  onRow: () => void = () => undefined;

  constructor(limits: Limits = { maxRows: Number.POSITIVE_INFINITY, maxBytes: Number.POSITIVE_INFINITY }) {
    this.#limits = limits;
  }

  /** What the server said went wrong; null where nothing did. */
  get error(): ServerError | null {
    const [first, ...more] = this.#told;
    return first ? new ServerError([first, ...more]) : null;
  }

  /** Whether another row would be kept. */
  get wantsRows(): boolean {
    return this.#sets < 2 && this.cut === null;
  }

  begin(columns: readonly WireColumn[]): void {
    this.#sets++;
    if (this.#sets === 1) {
      this.columns = columns;
      this.#isCutText = columns.length === 1 && cutText.test(columns[0]?.name ?? '');
      return;
    }
    this.another = true;
    this.onEnough();
  }

  add(values: Cell[], size: number): void {
    if (!this.wantsRows) return;
    const cost = size + nullCost * values.filter((value) => value === null).length;
    const [before] = this.#isCutText ? this.rows : [];
    if (!before && this.rows.length === this.#limits.maxRows) this.cut = 'rows';
    else if (this.bytes + cost > this.#limits.maxBytes) this.cut = 'bytes';
    else if (before) {
      this.bytes += cost;
      this.rows = [[`${before[0] ?? ''}${values[0] ?? ''}`]];
    } else {
      this.bytes += cost;
      this.rows.push(values);
      this.onRow();
    }
    if (this.cut) this.onEnough();
  }

  /** Keeps an error; false where there are more of them than anyone reads. */
  fail(told: Told): boolean {
    return this.#told.length < mostErrors && this.#told.push(told) > 0;
  }
}
