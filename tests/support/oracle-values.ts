import type { Writer } from './oracle-bytes.ts';

/** Types by their number in the protocol. */
export const ora = {
  VARCHAR: 1,
  NUMBER: 2,
  LONG: 8,
  ROWID: 11,
  DATE: 12,
  RAW: 23,
  LONG_RAW: 24,
  CHAR: 96,
  BINARY_FLOAT: 100,
  BINARY_DOUBLE: 101,
  CURSOR: 102,
  CLOB: 112,
  BLOB: 113,
  BFILE: 114,
  JSON: 119,
  TIMESTAMP: 180,
  TIMESTAMP_TZ: 181,
  INTERVAL_YM: 182,
  INTERVAL_DS: 183,
  TIMESTAMP_LTZ: 231,
  BOOLEAN: 252,
} as const;

/** A value as a test writes it: numbers and dates as text, bytes as a buffer. */
export type OracleValue = string | number | boolean | Buffer | readonly number[] | null;

/** A NUMBER: its exponent, then its digits by twos. */
export function numberBytes(text: string): Buffer {
  const negative = text.startsWith('-');
  let [whole = '', fraction = ''] = text.replace(/^[+-]/, '').split('.');
  whole = whole.replace(/^0+/, '');
  fraction = fraction.replace(/0+$/, '');
  if (whole === '' && fraction === '') return Buffer.from([0x80]);
  whole = whole.padStart(whole.length + (whole.length % 2), '0');
  fraction = fraction.padEnd(fraction.length + (fraction.length % 2), '0');
  const digits = (`${whole}${fraction}`.match(/../g) ?? []).map(Number);
  let exponent = whole.length / 2;
  while (digits[0] === 0) {
    digits.shift();
    exponent -= 1;
  }
  while (digits.at(-1) === 0) digits.pop();
  if (!negative) return Buffer.from([exponent + 192, ...digits.map((digit) => digit + 1)]);
  return Buffer.from([~(exponent + 192) & 255, ...digits.map((digit) => 101 - digit), ...(digits.length < 20 ? [102] : [])]);
}

/** What a NUMBER says, where it is a small one. */
export function numberOf(bytes: Buffer): number {
  const [first = 0x80] = bytes;
  if (bytes.length === 1 && first === 0x80) return 0;
  const positive = (first & 0x80) !== 0;
  const exponent = (positive ? first : ~first & 255) - 193;
  const digits = [...bytes.subarray(1)].filter((digit) => positive || digit !== 102);
  const value = digits.reduce((sum, digit, at) => sum + (positive ? digit - 1 : 101 - digit) * 100 ** (exponent - at), 0);
  return positive ? value : -value;
}

/** `2024-02-29 12:00:00.123456789 +02:00`: with a fraction 11 bytes, with a zone 13, and then in UTC. */
function dateBytes(text: string, type: number): Buffer {
  const parts = /^(-?\d+)-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?: ([+-])(\d\d):(\d\d))?$/.exec(text);
  if (!parts) throw new Error(`not a date: ${text}`);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1, 7).map(Number);
  const nanoseconds = Number((parts[7] ?? '').padEnd(9, '0'));
  const out = Buffer.alloc(type === ora.DATE ? 7 : type === ora.TIMESTAMP_TZ ? 13 : 11);
  const minutes = (parts[8] === '-' ? -1 : 1) * (Number(parts[9] ?? 0) * 60 + Number(parts[10] ?? 0));
  const time = new Date(Date.UTC(2000, month - 1, day, hour, minute - (type === ora.TIMESTAMP_TZ ? minutes : 0), second));
  time.setUTCFullYear(time.getUTCFullYear() - 2000 + year);
  out[0] = Math.trunc(year / 100) + 100;
  out[1] = (year % 100) + 100;
  const rest = [time.getUTCMonth() + 1, time.getUTCDate(), time.getUTCHours() + 1, time.getUTCMinutes() + 1, time.getUTCSeconds() + 1];
  rest.forEach((value, index) => {
    out[index + 2] = value;
  });
  if (out.length > 7) out.writeUInt32BE(nanoseconds, 7);
  if (out.length > 11) {
    out[11] = Math.trunc(minutes / 60) + 20;
    out[12] = (minutes % 60) + 60;
  }
  return out;
}

/** Numbers of four or eight bytes sort as bytes do: positive ones have the first bit set, the bits of negative ones are turned. */
function floatBytes(value: number, size: 4 | 8): Buffer {
  const out = Buffer.alloc(size);
  if (size === 4) out.writeFloatBE(value);
  else out.writeDoubleBE(value);
  if ((out[0] ?? 0) & 0x80) for (let at = 0; at < size; at += 1) out[at] = ~(out[at] ?? 0) & 255;
  else out[0] = (out[0] ?? 0) | 0x80;
  return out;
}

/** Days, hours, minutes, seconds, nanoseconds; or years and months. */
function intervalBytes(parts: readonly number[]): Buffer {
  const [first = 0, ...rest] = parts;
  const out = Buffer.alloc(parts.length === 2 ? 5 : 11);
  out.writeUInt32BE(first + 0x8000_0000, 0);
  for (const [index, part] of rest.slice(0, 3).entries()) out[index + 4] = part + 60;
  if (parts.length > 2) out.writeUInt32BE((rest[3] ?? 0) + 0x8000_0000, 7);
  return out;
}

/** Writes a value of a row as a column of this type. */
export function writeValue(out: Writer, type: number, value: OracleValue, large: boolean): void {
  if (type === ora.ROWID && value !== null) {
    out.u8(1).ub(65_536, 5).u8(0).ub(131, 7);
    return;
  }
  const bytes = ((): Buffer | null => {
    if (value === null) return null;
    if (Buffer.isBuffer(value)) return value;
    if (type === ora.NUMBER) return numberBytes(String(value));
    if ([ora.DATE, ora.TIMESTAMP, ora.TIMESTAMP_TZ, ora.TIMESTAMP_LTZ].some((one) => one === type)) return dateBytes(String(value), type);
    if (type === ora.BINARY_DOUBLE) return floatBytes(Number(value), 8);
    if (type === ora.BINARY_FLOAT) return floatBytes(Number(value), 4);
    if (type === ora.BOOLEAN) return Buffer.from(value === true ? [1, 1] : [0]);
    if (typeof value === 'object') return intervalBytes(value);
    return Buffer.from(String(value));
  })();
  out.sized(bytes);
  if (large || type === ora.LONG || type === ora.LONG_RAW) out.ub(0, 0);
}
