import type { Writer } from './oracle-bytes.ts';
import { type OracleValue, ora, writeValue } from './oracle-values.ts';

/** A column of an answer: its type is a number of `ora`. */
export interface OracleColumn {
  readonly name: string;
  readonly type: number;
  readonly size?: number;
  readonly precision?: number;
  readonly scale?: number;
  readonly nullable?: boolean;
}

export interface OracleError {
  readonly num: number;
  readonly message: string;
  readonly pos?: number;
}

/** What a statement is answered with. */
export type OracleAnswer =
  | { readonly cols: readonly OracleColumn[]; readonly rows: readonly (readonly OracleValue[])[] }
  | { readonly rowCount: number }
  | { readonly error: OracleError };

/** A statement that the client holds open, and how far its rows have been fetched. */
export interface Cursor {
  readonly id: number;
  readonly sql: string;
  /** Types of the values that are bound to it. */
  bound: readonly number[];
  cols: readonly OracleColumn[];
  rows: readonly (readonly OracleValue[])[];
  at: number;
  /** As what the client wants the columns; null as they are. */
  defined: readonly number[] | null;
}

const characters = new Set<number>([ora.VARCHAR, ora.CHAR, ora.LONG, ora.CLOB]);
const sizes: Readonly<Record<number, number>> = {
  [ora.NUMBER]: 22,
  [ora.DATE]: 7,
  [ora.TIMESTAMP]: 11,
  [ora.TIMESTAMP_LTZ]: 11,
  [ora.TIMESTAMP_TZ]: 13,
  [ora.LONG]: 0,
};

/** The end of an answer: an error, or none. */
export function writeEnd(out: Writer, end: Partial<OracleError> & { rowCount?: number; cursor?: number } = {}): Writer {
  const { num = 0, message = '', pos = 0, rowCount = 0, cursor = 0 } = end;
  out
    .u8(4)
    .ub(0, 0, 0, num & 0xffff, 0, 0, cursor, pos)
    .u8(0, 0, 0, 0, 0, 0);
  // The row id; then what the system said, batches of errors, and the error once more in full.
  out.ub(0, 0).u8(0).ub(0, 0).ub(0).u8(0, 0).ub(0, 0, 0).ub(0, 0, 0).ub(num, rowCount);
  return num === 0 ? out : out.sized(`${message}\n`);
}

/** Tells the columns of an answer. */
export function writeColumns(out: Writer, cols: readonly OracleColumn[]): Writer {
  out.u8(16).sized(Buffer.alloc(1)).ub(4000, cols.length);
  if (cols.length > 0) out.u8(cols.length & 255);
  for (const [index, { name, type, size = sizes[type] ?? 4000, precision = 0, scale, nullable = true }] of cols.entries()) {
    const isText = characters.has(type);
    out.u8(type, 0, precision, (scale ?? (type === ora.NUMBER ? -127 : 0)) & 255).ub(size, 0, 0, 0, 0, isText ? 873 : 0);
    out
      .u8(isText ? 1 : 0)
      .ub(isText ? size : 0, 0)
      .u8(nullable ? 1 : 0, Math.min(name.length, 255))
      .told(name)
      .ub(0, 0, index + 1, 0);
  }
  return out.ub(0, 0, 0, 0, 0, 0);
}

/** The next rows of a cursor, and its end where they are the last. */
export function writeRows(out: Writer, cursor: Cursor, count: number): Writer {
  const rows = cursor.rows.slice(cursor.at, cursor.at + count);
  cursor.at += rows.length;
  if (rows.length > 0) out.u8(6, 0).ub(cursor.cols.length, 0, rows.length, 0, 0, 0);
  for (const row of rows) {
    out.u8(7);
    cursor.cols.forEach(({ type }, index) => {
      const wanted = cursor.defined?.[index] ?? type;
      writeValue(out, wanted, row[index] ?? null, wanted !== type);
    });
  }
  const done = cursor.at >= cursor.rows.length;
  const end = { rowCount: cursor.at, cursor: cursor.id };
  return writeEnd(out, done ? { ...end, num: 1403, message: 'ORA-01403: no data found' } : end);
}
