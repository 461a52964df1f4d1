import type { Cell } from '../engine.ts';
import { BinaryReader } from './binary-reader.ts';
import type { Described } from './driver.ts';
import { shapeText } from './shapes.ts';
import { readDate, readTime } from './times.ts';
import { WireError } from './wire-error.ts';

type Decode = (reader: BinaryReader, column: Described) => Cell;

/** Flags of a column, and the character set that stands for bytes. */
const unsigned = 32;
const isEnum = 256;
const isSet = 2048;
const bytesSet = 63;

const hex = (bytes: Buffer): string => `\\x${bytes.toString('hex')}`;
const text: Decode = (reader) => reader.counted().toString('utf8');
const string: Decode = (reader, { characterSet }) => {
  const bytes = reader.counted();
  return characterSet === bytesSet ? hex(bytes) : bytes.toString('utf8');
};
const integer =
  (size: 1 | 2 | 4): Decode =>
  (reader, { flags }) =>
    flags & unsigned ? reader.uint(size) : reader.int(size);
const big: Decode = (reader, { flags }) => {
  const bytes = reader.bytes(8);
  return String(flags & unsigned ? bytes.readBigUInt64LE(0) : bytes.readBigInt64LE(0));
};
/** A number where JSON carries it to the last bit; the infinities and minus zero stay text. */
const number = (value: number): Cell =>
  Number.isFinite(value) && !Object.is(value, -0) ? value : Object.is(value, -0) ? '-0' : String(value);
/** The shortest decimal that is this number of four bytes. */
function short(value: number): Cell {
  for (let digits = 6; digits <= 9 && Number.isFinite(value); digits++) {
    const candidate = Number(value.toPrecision(digits));
    if (Math.fround(candidate) === value) return number(candidate);
  }
  return number(value);
}
const bits: Decode = (reader, { columnLength }) => {
  const digits = [...reader.counted()].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return digits.length > columnLength ? digits.slice(-columnLength) : digits;
};
const vector: Decode = (reader) => {
  const bytes = reader.counted();
  const values = Array.from({ length: bytes.length >> 2 }, (_, at) => short(bytes.readFloatLE(at * 4)));
  return `[${values.join(',')}]`;
};

type Kind = readonly [name: string, decode: Decode];
const date = (name: string, timed: boolean): Kind => [name, (reader, { decimals }) => readDate(reader, timed, decimals)];

/** Types by their number in the protocol, as the database names them. */
const kinds: ReadonlyMap<number, Kind> = new Map<number, Kind>([
  [0, ['decimal', text]],
  [1, ['tinyint', integer(1)]],
  [2, ['smallint', integer(2)]],
  [3, ['int', integer(4)]],
  [4, ['float', (reader) => short(reader.bytes(4).readFloatLE(0))]],
  [5, ['double', (reader) => number(reader.bytes(8).readDoubleLE(0))]],
  [6, ['null', () => null]],
  [7, date('timestamp', true)],
  [8, ['bigint', big]],
  [9, ['mediumint', integer(4)]],
  [10, date('date', false)],
  [11, ['time', (reader, { decimals }) => readTime(reader, decimals)]],
  [12, date('datetime', true)],
  [13, ['year', (reader) => reader.uint(2)]],
  [15, ['varchar', string]],
  [16, ['bit', bits]],
  [242, ['vector', vector]],
  [245, ['json', text]],
  [246, ['decimal', text]],
  [247, ['enum', string]],
  [248, ['set', string]],
  [249, ['text', string]],
  [250, ['text', string]],
  [251, ['text', string]],
  [252, ['text', string]],
  [253, ['varchar', string]],
  [254, ['char', string]],
  [255, ['geometry', (reader) => shapeText(reader.counted())]],
]);
const ofBytes: Readonly<Record<string, string>> = { varchar: 'varbinary', char: 'binary', text: 'blob' };

function kindOf({ columnType }: Described): Kind {
  const kind = kinds.get(columnType);
  if (!kind) throw new WireError('malformed');
  return kind;
}

/** What the type of a column is called; of a server that says more than the protocol has numbers for, as it says. */
export function typeName(column: Described): string {
  const { flags, characterSet, extendedTypeName, extendedFormat } = column;
  const told = extendedFormat ?? extendedTypeName ?? '';
  if (/^[a-z][a-z0-9]{1,20}$/.test(told)) return told;
  if (flags & isEnum) return 'enum';
  if (flags & isSet) return 'set';
  const [name] = kindOf(column);
  if (Object.hasOwn(ofBytes, name)) return characterSet === bytesSet ? (ofBytes[name] ?? name) : name;
  return flags & unsigned && /int$|^(decimal|float|double)$/.test(name) ? `${name} unsigned` : name;
}

/** A row in the binary form of the protocol, as it is answered: text, but for booleans and for numbers that JSON carries exactly. */
export function cellsOf(row: Buffer, columns: readonly Described[]): Cell[] {
  const reader = new BinaryReader(row);
  reader.bytes(1);
  const nulls = reader.bytes((columns.length + 9) >> 3);
  const cells = columns.map((column, at) => {
    const isNull = ((nulls[(at + 2) >> 3] ?? 0) >> ((at + 2) & 7)) & 1;
    return isNull ? null : kindOf(column)[1](reader, column);
  });
  if (reader.rest > 0) throw new WireError('malformed');
  return cells;
}
