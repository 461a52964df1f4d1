import { Fault } from '../../platform/fault.ts';
import type { Cell } from '../engine.ts';
import { shownName } from '../shown-name.ts';

/** A column as the driver describes it. */
export interface Described {
  readonly name: string;
  /** The name of its type, as the driver has it: `NUMBER`, `VARCHAR2`, `TIMESTAMP WITH TIME ZONE`. */
  readonly type: string;
  readonly precision: number | null;
  readonly scale: number | null;
  /** The most bytes that a value of it has; null where there is no such number. */
  readonly bytes: number | null;
}

/** How a column is asked for: as what, and how the value that comes becomes a cell. */
export interface Manner {
  readonly as: 'text' | 'bytes' | 'itself';
  readonly cell: (value: unknown) => Cell;
}

const exact = (value: unknown): Cell => (value === null || value === undefined ? null : String(value));
const text: Manner = { as: 'text', cell: exact };
/** The driver writes .5, as Oracle does; a number begins with a digit everywhere else. */
const number: Manner = { as: 'text', cell: (value) => (typeof value === 'string' ? value.replace(/^(-?)\./, '$10.') : exact(value)) };

/** Digits that a JSON number carries whatever they are. */
const safeDigits = 15;
const isSmallInteger = ({ precision, scale }: Described): boolean =>
  scale === 0 && precision !== null && precision > 0 && precision <= safeDigits;
const integer: Manner = { as: 'text', cell: (value) => (value === null || value === undefined ? null : Number(value)) };

/** A number where JSON carries it to the last bit; NaN, the infinities and minus zero stay text. */
const floating = (value: number): Cell => {
  if (Object.is(value, -0)) return '-0';
  return Number.isFinite(value) ? value : String(value);
};
/** The shortest decimal that is this number of four bytes, and no digits of the eight that carry it. */
function short(value: number): number {
  for (let digits = 6; digits < 9; digits += 1) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return rounded;
  }
  return value;
}
const numeric = (of: (value: number) => number): Manner => ({
  as: 'itself',
  cell: (value) => (typeof value === 'number' ? floating(Number.isFinite(value) ? of(value) : value) : exact(value)),
});

const bytes = (value: unknown): Cell => (Buffer.isBuffer(value) ? `\\x${value.toString('hex')}` : exact(value));

const two = (value: number): string => String(Math.abs(value)).padStart(2, '0');
type Parts = Partial<Record<'years' | 'months' | 'days' | 'hours' | 'minutes' | 'seconds' | 'fseconds', number>>;
const signOf = (...parts: readonly number[]): string => (parts.some((part) => part < 0) ? '-' : '+');

function years(value: unknown): Cell {
  if (typeof value !== 'object' || value === null) return exact(value);
  const { years = 0, months = 0 }: Parts = value;
  return `${signOf(years, months)}${two(years)}-${two(months)}`;
}
function days(value: unknown): Cell {
  if (typeof value !== 'object' || value === null) return exact(value);
  const { days = 0, hours = 0, minutes = 0, seconds = 0, fseconds = 0 }: Parts = value;
  const fraction = String(Math.abs(fseconds))
    .padStart(9, '0')
    .replace(/0{1,3}$/, '');
  return `${signOf(days, hours, minutes, seconds, fseconds)}${two(days)} ${two(hours)}:${two(minutes)}:${two(seconds)}.${fraction}`;
}

/** Types whose values do not come as they are. All others are text. */
const manners: Readonly<Record<string, Manner>> = {
  BINARY_DOUBLE: numeric((value) => value),
  BINARY_FLOAT: numeric(short),
  BINARY_INTEGER: integer,
  BOOLEAN: { as: 'itself', cell: (value) => (typeof value === 'boolean' ? value : exact(value)) },
  RAW: { as: 'itself', cell: bytes },
  'LONG RAW': { as: 'itself', cell: bytes },
  BLOB: { as: 'bytes', cell: bytes },
  'INTERVAL YEAR TO MONTH': { as: 'itself', cell: years },
  'INTERVAL DAY TO SECOND': { as: 'itself', cell: days },
  XMLTYPE: { as: 'itself', cell: exact },
};
/** What comes as text whatever it is in the database: the driver or the server writes it. */
const written = new Set(
  'CHAR,NCHAR,VARCHAR2,NVARCHAR2,LONG,LONG NVARCHAR,CLOB,NCLOB,DATE,TIMESTAMP,TIMESTAMP WITH TIME ZONE,TIMESTAMP WITH LOCAL TIME ZONE,ROWID,UROWID,JSON,VECTOR'.split(
    ',',
  ),
);

/** How a column is asked for. Throws for what is no value: a cursor, a file of the server, an object. */
export function mannerOf(column: Described): Manner {
  if (column.type === 'NUMBER') return isSmallInteger(column) ? integer : number;
  if (Object.hasOwn(manners, column.type)) return manners[column.type] ?? text;
  if (written.has(column.type)) return text;
  throw new Fault('statement.failed', {
    detail: `The column ${shownName(column.name)} is of a kind that is not answered (an object, a cursor or a file of the server).`,
    tryThis: ['Ask for its attributes, or for a text made of it.'],
    technical: 'type of a column',
  });
}

/** Bytes that a value takes at the most, roughly; null where it may be any number. */
export function mostBytes(columns: readonly Described[]): number | null {
  let sum = 0;
  for (const { type, bytes: most } of columns) {
    if (most !== null) sum += most + 4;
    else if (/^(NUMBER|DATE|TIMESTAMP|BINARY|INTERVAL|BOOLEAN|ROWID)/.test(type)) sum += 40;
    else return null;
  }
  return sum;
}

/** Bytes of a row, as it is answered. */
export const sizeOf = (row: readonly Cell[]): number =>
  row.reduce<number>((sum, cell) => sum + 1 + (cell === null ? 0 : typeof cell === 'string' ? Buffer.byteLength(cell) : 8), 0);
