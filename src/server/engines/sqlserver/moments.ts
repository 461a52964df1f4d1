import { WireError } from './wire-error.ts';

const dayMs = 86_400_000;
const day2000 = Date.UTC(2000, 0, 1);
const day1900 = Date.UTC(1900, 0, 1);
/** Days from 0001-01-01 to 2000-01-01, and to 9999-12-31. */
const to2000 = 730_119;
const lastDay = 3_652_058;

const two = (value: number): string => String(value).padStart(2, '0');

function calendar(ms: number): string {
  const text = new Date(ms).toISOString();
  if (!/^\d{4}-/.test(text)) throw new WireError('malformed');
  return text.slice(0, 10);
}

/** A date from its days since 0001-01-01. */
function dateOf(days: number): string {
  if (days < 0 || days > lastDay) throw new WireError('malformed');
  return calendar(day2000 + (days - to2000) * dayMs);
}

/** A time of day from its units since midnight, with as many digits behind the point as its type has. */
function timeOf(units: number, scale: number): string {
  const unit = 10 ** scale;
  const seconds = Math.floor(units / unit);
  if (seconds >= 86_400) throw new WireError('malformed');
  const digits = scale === 0 ? '' : `.${String(units % unit).padStart(scale, '0')}`;
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}${digits}`;
}

/** `date`. */
export const date = (bytes: Buffer): string => dateOf(bytes.readUIntLE(0, 3));

/** `time(scale)`. */
export const time = (bytes: Buffer, scale: number): string => timeOf(bytes.readUIntLE(0, bytes.length), scale);

/** `datetime2(scale)`: the time, then three bytes of days. */
export function datetime2(bytes: Buffer, scale: number): string {
  const at = bytes.length - 3;
  return `${dateOf(bytes.readUIntLE(at, 3))} ${timeOf(bytes.readUIntLE(0, at), scale)}`;
}

/** `datetimeoffset(scale)`: a moment in UTC and the minutes by which its clock was ahead, told by that clock. */
export function datetimeoffset(bytes: Buffer, scale: number): string {
  const at = bytes.length - 5;
  const minutes = bytes.readInt16LE(at + 3);
  if (Math.abs(minutes) > 14 * 60) throw new WireError('malformed');
  const unitsOfDay = 86_400 * 10 ** scale;
  const local = bytes.readUIntLE(0, at) + minutes * 60 * 10 ** scale;
  const days = bytes.readUIntLE(at, 3) + Math.floor(local / unitsOfDay);
  const zone = `${minutes < 0 ? '-' : '+'}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
  return `${dateOf(days)} ${timeOf(local - Math.floor(local / unitsOfDay) * unitsOfDay, scale)} ${zone}`;
}

/** `datetime` (days, and three-hundredths of a second, told as the server rounds them) and `smalldatetime` (days and minutes). */
export function datetime(bytes: Buffer): string {
  if (bytes.length === 4) return `${calendar(day1900 + bytes.readUInt16LE(0) * dayMs)} ${timeOf(bytes.readUInt16LE(2) * 60, 0)}`;
  const ms = Math.round((bytes.readUInt32LE(4) * 10) / 3);
  return `${calendar(day1900 + bytes.readInt32LE(0) * dayMs)} ${timeOf(ms, 3)}`;
}
