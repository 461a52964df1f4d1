import type { Cell, Reading } from '../engine.ts';
import { type CutBy, RowGate } from '../row-gate.ts';
import type { WireColumn } from './columns.ts';
import { ServerError, type Told } from './server-error.ts';

/** A row, every value exact. */
export type Row = readonly Cell[];

/** What an answer may hold at the most. Left out: all that the allowance of the wire lets through. */
type Limits = Pick<Reading, 'maxRows' | 'maxCells' | 'maxBytes' | 'kept'>;

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
  /** The limit that the next row would have passed. */
  cut: CutBy | null = null;
  /** A second set of rows came: the statement was not one. */
  another = false;
  /** Whether the session was made as it was at the sign-in. */
  wasReset = false;
  readonly #told: Told[] = [];
  readonly #limits: Limits;
  #gate: RowGate;
  #sets = 0;
  #isCutText = false;
  /** Called once, when no more is wanted. */
  onEnough: () => void = () => undefined;
  /** Called for each row that is kept. */
  onRow: () => void = () => undefined;

  constructor(limits: Limits = { maxRows: Number.POSITIVE_INFINITY, maxBytes: Number.POSITIVE_INFINITY }) {
    this.#limits = limits;
    this.#gate = new RowGate(limits);
  }

  get bytes(): number {
    return this.#gate.bytes;
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
      // Its rows are pieces of one, of which only the bytes count.
      if (this.#isCutText)
        this.#gate = new RowGate({ ...this.#limits, maxRows: Number.POSITIVE_INFINITY, maxCells: Number.POSITIVE_INFINITY });
      return;
    }
    this.another = true;
    this.onEnough();
  }

  add(values: Cell[], size: number): void {
    if (!this.wantsRows) return;
    const cost = size + nullCost * values.filter((value) => value === null).length;
    const [before] = this.#isCutText ? this.rows : [];
    this.cut = this.#gate.admit(values.length, cost);
    if (this.cut === null && before) this.rows = [[`${before[0] ?? ''}${values[0] ?? ''}`]];
    else if (this.cut === null) {
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
