import type { Cell } from '../engine.ts';

/** A value of SQLite as it is answered: integers that a JSON number would round are text, and so is what JSON has no number for; bytes as \\x. */
export function cellOf(value: unknown): Cell {
  if (value === null || typeof value === 'string') return value;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === 'number') {
    if (Number.isFinite(value) && !Object.is(value, -0)) return value;
    return Object.is(value, -0) ? '-0' : String(value);
  }
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}`;
  throw new TypeError('SQLite has no such value');
}

/** The storage class of a value, which in SQLite belongs to the value and not to the column. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return 'text';
  return typeof value === 'bigint' ? 'integer' : typeof value === 'number' ? 'real' : 'blob';
}

/** The type of a column of an answer: as declared, else what its values are. */
export function typeOf(declared: string | null, kinds: ReadonlySet<string>): string {
  if (declared) return declared;
  const [first, ...others] = [...kinds].filter((kind) => kind !== 'null');
  return first === undefined ? 'null' : others.length > 0 ? 'any' : first;
}
