import type { Cell } from '../engine.ts';

/** A number where JSON carries it to the last bit; minus zero stays text. */
const plain = (value: number): Cell => (Object.is(value, -0) ? '-0' : Number.isFinite(value) ? value : String(value));

/** tinyint, smallint and int as numbers, bigint as text. */
export function integer(bytes: Buffer): Cell {
  if (bytes.length === 1) return bytes.readUInt8(0);
  if (bytes.length === 2) return bytes.readInt16LE(0);
  return bytes.length === 4 ? bytes.readInt32LE(0) : bytes.readBigInt64LE(0).toString();
}

/** real, in the fewest digits that mean it, or float. */
export function float(bytes: Buffer): Cell {
  if (bytes.length === 8) return plain(bytes.readDoubleLE(0));
  const value = bytes.readFloatLE(0);
  for (let digits = 6; digits < 9 && Number.isFinite(value); digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return plain(short);
  }
  return plain(value);
}

function withPoint(value: bigint, scale: number): string {
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  const sign = value < 0n ? '-' : '';
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** decimal and numeric: a sign, then up to 16 bytes, the lowest first. */
export function decimal(bytes: Buffer, scale: number): string {
  let value = 0n;
  for (let at = bytes.length - 4; at > 0; at -= 4) value = (value << 32n) | BigInt(bytes.readUInt32LE(at));
  return withPoint(bytes[0] === 0 ? -value : value, scale);
}

/** money (its upper half comes first) and smallmoney, with all four digits behind the point. */
export function money(bytes: Buffer): string {
  if (bytes.length === 4) return withPoint(BigInt(bytes.readInt32LE(0)), 4);
  return withPoint((BigInt(bytes.readInt32LE(0)) << 32n) | BigInt(bytes.readUInt32LE(4)), 4);
}
