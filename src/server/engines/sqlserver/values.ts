import type { Cell } from '../engine.ts';
import { decoderOf } from './code-pages.ts';
import * as moments from './moments.ts';
import * as numbers from './numbers.ts';
import { WireError } from './wire-error.ts';

/** The code page of a collation of five bytes. */
export type CodepageOf = (collation: Buffer) => string | undefined;

/** What beside its number a type needs so that a value of it can be read. */
export interface Traits {
  readonly scale: number;
  /** Of text that is not Unicode. */
  readonly codepage: string | undefined;
}

type Decode = (bytes: Buffer, traits: Traits) => Cell;

/** A type of TDS: what it is called by size (the first that fits), which sizes a value may have, and how one is read. */
interface Type {
  readonly name: string | Readonly<Record<number, string>>;
  readonly sizes?: readonly number[];
  readonly decode: Decode;
}

const hex: Decode = (bytes) => `\\x${bytes.toString('hex')}`;
const bit: Decode = (bytes) => bytes[0] !== 0;
const wide: Decode = (bytes) => bytes.toString('utf16le');
const narrow: Decode = (bytes, { codepage }) => decoderOf(codepage)(bytes);
/** XML may begin with the mark of its byte order. */
const xml: Decode = (bytes) => bytes.toString('utf16le').replace(/^\uFEFF/, '');
const scaled =
  (read: (bytes: Buffer, scale: number) => string): Decode =>
  (bytes, { scale }) =>
    read(bytes, scale);

function guid(bytes: Buffer): string {
  const digits = Buffer.concat([
    bytes.subarray(0, 4).reverse(),
    bytes.subarray(4, 6).reverse(),
    bytes.subarray(6, 8).reverse(),
    bytes.subarray(8),
  ]);
  return digits
    .toString('hex')
    .toUpperCase()
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

const integers = { 1: 'tinyint', 2: 'smallint', 4: 'int', 8: 'bigint' };
const floats = { 4: 'real', 8: 'float' };
const moneys = { 4: 'smallmoney', 8: 'money' };
const datetimes = { 4: 'smalldatetime', 8: 'datetime' };
const integer: Type = { name: integers, sizes: [1, 2, 4, 8], decode: numbers.integer };
const float: Type = { name: floats, sizes: [4, 8], decode: numbers.float };
const money: Type = { name: moneys, sizes: [4, 8], decode: numbers.money };
const datetime: Type = { name: datetimes, sizes: [4, 8], decode: moments.datetime };
const decimalSizes = [5, 9, 13, 17];

/** Every type that a server sends to a client of TDS 7.4 which asked for no extension. */
export const types: Readonly<Record<number, Type>> = {
  31: { name: 'null', sizes: [], decode: () => null },
  34: { name: 'image', decode: hex },
  35: { name: 'text', decode: narrow },
  36: { name: 'uniqueidentifier', sizes: [16], decode: guid },
  38: integer,
  40: { name: 'date', sizes: [3], decode: moments.date },
  41: { name: 'time', sizes: [3, 4, 5], decode: scaled(moments.time) },
  42: { name: 'datetime2', sizes: [6, 7, 8], decode: scaled(moments.datetime2) },
  43: { name: 'datetimeoffset', sizes: [8, 9, 10], decode: scaled(moments.datetimeoffset) },
  48: { ...integer, sizes: [1] },
  50: { name: 'bit', sizes: [1], decode: bit },
  52: { ...integer, sizes: [2] },
  56: { ...integer, sizes: [4] },
  58: { ...datetime, sizes: [4] },
  59: { ...float, sizes: [4] },
  60: { ...money, sizes: [8] },
  61: { ...datetime, sizes: [8] },
  62: { ...float, sizes: [8] },
  98: { name: 'sql_variant', decode: hex },
  99: { name: 'ntext', decode: wide },
  104: { name: 'bit', sizes: [1], decode: bit },
  106: { name: 'decimal', sizes: decimalSizes, decode: scaled(numbers.decimal) },
  108: { name: 'numeric', sizes: decimalSizes, decode: scaled(numbers.decimal) },
  109: float,
  110: money,
  111: datetime,
  122: { ...money, sizes: [4] },
  127: { ...integer, sizes: [8] },
  165: { name: 'varbinary', decode: hex },
  167: { name: 'varchar', decode: narrow },
  173: { name: 'binary', decode: hex },
  175: { name: 'char', decode: narrow },
  231: { name: 'nvarchar', decode: wide },
  239: { name: 'nchar', decode: wide },
  240: { name: 'udt', decode: hex },
  241: { name: 'xml', decode: xml },
};

/** What a type is called where values of it take so many bytes. */
export const nameOf = (type: number, size: number): string => {
  const name = types[type]?.name ?? 'unknown';
  return typeof name === 'string' ? name : (name[size] ?? 'unknown');
};

/** One value, exactly; its size is checked. */
export function cellOf(type: number, bytes: Buffer, traits: Traits): Cell {
  const known = types[type];
  if (!known || (known.sizes && !known.sizes.includes(bytes.length))) throw new WireError('malformed');
  return known.decode(bytes, traits);
}

/** A value of sql_variant: its own type, what belongs to that, and the value. */
export function variantOf(bytes: Buffer, codepageOf: CodepageOf): Cell {
  const type = bytes[0] ?? 0;
  const about = bytes.subarray(2, 2 + (bytes[1] ?? 0));
  const value = bytes.subarray(2 + (bytes[1] ?? 0));
  if (type === 0x62 || type > 0xef || bytes.length < 2 + about.length) throw new WireError('malformed');
  const isNarrow = type === 0xa7 || type === 0xaf;
  const scale = (type === 0x6a || type === 0x6c ? about[1] : about[0]) ?? 0;
  return cellOf(type, value, { scale, codepage: isNarrow && about.length >= 5 ? codepageOf(about.subarray(0, 5)) : undefined });
}
