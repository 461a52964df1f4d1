import type { Cell } from '../engine.ts';
import type { Inlet, Reading } from './inlet.ts';
import { type CodepageOf, cellOf, nameOf, type Traits, types, variantOf } from './values.ts';
import { WireError } from './wire-error.ts';

/** How the length of a value is told before it: not at all, in one, two or four bytes, behind a pointer, or piece by piece. */
type Layout = 'fixed' | 'byte' | 'short' | 'long' | 'pointer' | 'pieces';

/** A column of an answer: what it is called, its type, and how its values lie on the wire. */
export interface WireColumn {
  readonly name: string;
  readonly type: string;
  readonly number: number;
  readonly layout: Layout;
  /** Bytes of a value of fixed length. */
  readonly size: number;
  readonly traits: Traits;
}

/** A select list has at most as many columns. */
const mostColumns = 4096;
const max = 0xffff;
const rowversion = 80;
const fixed: Readonly<Record<number, number>> = { 31: 0, 48: 1, 50: 1, 52: 2, 56: 4, 58: 4, 59: 4, 60: 8, 61: 8, 62: 8, 122: 4, 127: 8 };

const withText = new Set([0x23, 0x63, 0xa7, 0xaf, 0xe7, 0xef]);
const withTable = new Set([0x22, 0x23, 0x63]);

type Found = Pick<WireColumn, 'type' | 'number' | 'layout' | 'size' | 'traits'>;

/** Reads what type a value has. */
export function* readType(from: Inlet, codepageOf: CodepageOf): Reading<Found> {
  const userType = yield* from.uint32();
  yield* from.uint16();
  const number = yield* from.uint8();
  if (!types[number]) throw new WireError('malformed');
  const known = (layout: Layout, size: number, traits: Partial<Traits> = {}, type = nameOf(number, size)): Found => ({
    ...{ type, number, layout, size },
    traits: { scale: 0, codepage: undefined, ...traits },
  });
  const size = fixed[number];
  if (size !== undefined) return known('fixed', size);
  if (number === 0x28) return known('byte', 3);
  if (number === 0xf1) {
    // The schema collection, where the column has one.
    if ((yield* from.uint8()) === 1) {
      yield* from.text8();
      yield* from.text8();
      yield* from.text16();
    }
    return known('pieces', 0);
  }
  if (number === 0xf0) {
    yield* from.uint16();
    yield* from.text8();
    yield* from.text8();
    const name = yield* from.text8();
    yield* from.text16();
    return known('pieces', 0, {}, name || 'udt');
  }
  if (number >= 0x29 && number <= 0x2b) {
    const scale = yield* from.uint8();
    if (scale > 7) throw new WireError('malformed');
    return known('byte', 0, { scale });
  }
  if (number === 0x62) return known('long', yield* from.uint32());
  const long = withTable.has(number);
  const short = number >= 0xa5;
  const length = long ? yield* from.uint32() : short ? yield* from.uint16() : yield* from.uint8();
  if (number === 0x6a || number === 0x6c) {
    yield* from.uint8();
    const scale = yield* from.uint8();
    if (scale > 38) throw new WireError('malformed');
    return known('byte', length, { scale });
  }
  const collation = withText.has(number) ? yield* from.take(5) : null;
  const traits = { codepage: collation ? codepageOf(collation) : undefined };
  if (long) return known('pointer', 0, traits);
  if (short && length === max) return known('pieces', 0, traits);
  return known(short ? 'short' : 'byte', length, traits, userType === rowversion ? 'rowversion' : nameOf(number, length));
}

/** Reads what columns the rows to come have; none where the server says that it has told them before. */
export function* readColumns(from: Inlet, codepageOf: CodepageOf): Reading<WireColumn[]> {
  const count = yield* from.uint16();
  if (count === max) return [];
  if (count > mostColumns) throw new WireError('malformed');
  const columns: WireColumn[] = [];
  while (columns.length < count) {
    const found = yield* readType(from, codepageOf);
    // The names of the tables that a long value comes from.
    if (withTable.has(found.number)) for (let left = yield* from.uint8(); left > 0; left--) yield* from.text16();
    columns.push({ ...found, name: yield* from.text8() });
  }
  return columns;
}

/** Pieces until an empty one, gathered in a buffer that doubles: pieces of a byte each must not cost more than their bytes. */
function* readPieces(from: Inlet): Reading<Buffer | null> {
  const head = yield* from.take(8);
  const total = head.readBigUInt64LE(0);
  if (total === 0xffff_ffff_ffff_ffffn) return null;
  let kept = Buffer.allocUnsafe(256);
  let size = 0;
  for (let left = yield* from.uint32(); left > 0; left = yield* from.uint32()) {
    while (left > 0) {
      const piece = yield* from.some(left);
      if (size + piece.length > kept.length) kept = Buffer.concat([kept.subarray(0, size)], Math.max(2 * kept.length, size + piece.length));
      size += piece.copy(kept, size);
      left -= piece.length;
    }
  }
  if (total !== 0xffff_ffff_ffff_fffen && BigInt(size) !== total) throw new WireError('malformed');
  return kept.subarray(0, size);
}

function* readBytes(from: Inlet, { layout, size }: Pick<WireColumn, 'layout' | 'size'>): Reading<Buffer | null> {
  if (layout === 'fixed') return yield* from.take(size);
  if (layout === 'pieces') return yield* readPieces(from);
  if (layout === 'short') {
    const length = yield* from.uint16();
    return length === max ? null : yield* from.take(length);
  }
  if (layout === 'pointer') {
    const pointer = yield* from.uint8();
    if (pointer === 0) return null;
    yield* from.take(pointer + 8);
    return yield* from.take(yield* from.uint32());
  }
  const length = layout === 'byte' ? yield* from.uint8() : yield* from.uint32();
  return length === 0 ? null : yield* from.take(length);
}

/** Reads one value of a column. */
export function* readValue(from: Inlet, column: Omit<WireColumn, 'name'>, codepageOf: CodepageOf): Reading<Cell> {
  const bytes = yield* readBytes(from, column);
  if (bytes === null || column.number === 0x1f) return null;
  return column.number === 0x62 ? variantOf(bytes, codepageOf) : cellOf(column.number, bytes, column.traits);
}
