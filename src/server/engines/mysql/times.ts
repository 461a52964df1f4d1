import type { BinaryReader } from './binary-reader.ts';
import { WireError } from './wire-error.ts';

const padded = (value: number, digits = 2): string => String(value).padStart(digits, '0');

/** The part behind the seconds, with as many digits as the column has. */
function fraction(micros: number, decimals: number): string {
  const digits = decimals > 6 ? (micros === 0 ? 0 : 6) : decimals;
  return digits === 0 ? '' : `.${padded(micros, 6).slice(0, digits)}`;
}

/** A date, with its time where `timed`: zero dates are written as they are. */
export function readDate(reader: BinaryReader, timed: boolean, decimals: number): string {
  const length = reader.uint(1);
  if (![0, 4, 7, 11].includes(length)) throw new WireError('malformed');
  const [year, month, day] = length >= 4 ? [reader.uint(2), reader.uint(1), reader.uint(1)] : [0, 0, 0];
  const [hour, minute, second] = length >= 7 ? [reader.uint(1), reader.uint(1), reader.uint(1)] : [0, 0, 0];
  const micros = length === 11 ? reader.uint(4) : 0;
  const date = `${padded(year, 4)}-${padded(month)}-${padded(day)}`;
  return timed ? `${date} ${padded(hour)}:${padded(minute)}:${padded(second)}${fraction(micros, decimals)}` : date;
}

/** A time of the day, or a span of up to 838 hours to either side. */
export function readTime(reader: BinaryReader, decimals: number): string {
  const length = reader.uint(1);
  if (![0, 8, 12].includes(length)) throw new WireError('malformed');
  const negative = length > 0 && reader.uint(1) === 1;
  const days = length > 0 ? reader.uint(4) : 0;
  const [hour, minute, second] = length > 0 ? [reader.uint(1), reader.uint(1), reader.uint(1)] : [0, 0, 0];
  const micros = length === 12 ? reader.uint(4) : 0;
  return `${negative ? '-' : ''}${padded(days * 24 + hour)}:${padded(minute)}:${padded(second)}${fraction(micros, decimals)}`;
}
