/** Tokens of TDS 7.4 as a server writes them, for servers that play one. Written from what the published driver (tedious, MIT) reads. */

export const u16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value & 0xffff);
  return bytes;
};
export const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
};
const u64 = (value: bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
  return bytes;
};
const wide = (text: string): Buffer => Buffer.from(text, 'utf16le');
/** A text with its number of characters before it, in one byte or two. */
export const text8 = (text: string): Buffer => Buffer.concat([Buffer.from([text.length]), wide(text)]);
export const text16 = (text: string): Buffer => Buffer.concat([u16(text.length), wide(text)]);
const sized = (kind: number, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([kind]), u16(body.length), body]);
};

/** Packets of a message, the last one marked. */
export function packets(kind: number, payload: Buffer, size = 4096, isLast = true): Buffer {
  const all: Buffer[] = [];
  for (let at = 0; at < payload.length || all.length === 0; at += size - 8) {
    const piece = payload.subarray(at, at + size - 8);
    const head = Buffer.from([kind, isLast && at + size - 8 >= payload.length ? 1 : 0, 0, 0, 0, 51, all.length + 1, 0]);
    head.writeUInt16BE(8 + piece.length, 2);
    all.push(Buffer.concat([head, piece]));
  }
  return Buffer.concat(all);
}
/** A whole message of the server. */
export const message = (...tokens: readonly Buffer[]): Buffer => packets(4, Buffer.concat(tokens));

/** What a server wants of encryption: 0 off, 1 on, 2 not supported, 3 required. */
export const preloginAnswer = (encryption: number): Buffer =>
  packets(4, Buffer.from([0, 0, 11, 0, 6, 1, 0, 17, 0, 1, 255, 16, 0, 16, 23, 0, 0, encryption]));

/** The end of a statement: more to come 1, an error 2, a count 16, heard that it was to stop 32. */
export const done = (status = 0, rows = 0, kind = 0xfd): Buffer =>
  Buffer.concat([Buffer.from([kind]), u16(status), u16(0xc1), u64(BigInt(rows))]);
export const stopped = message(done(0x20));

export const error = (number: number, text: string, severity = 14, state = 1): Buffer =>
  sized(0xaa, u32(number), Buffer.from([state, severity]), text16(text), text8('STANDIN'), text8(''), u32(1));
export const info = (number: number, text: string): Buffer =>
  sized(0xab, u32(number), Buffer.from([1, 0]), text16(text), text8('STANDIN'), text8(''), u32(1));
/** What a failed statement is answered with. */
export const failed = (number: number, text: string, severity = 16): Buffer => Buffer.concat([error(number, text, severity), done(2)]);

export const change = (kind: number, now: string, before = ''): Buffer => sized(0xe3, Buffer.from([kind]), text8(now), text8(before));
/** A change told in bytes: collation 7, transaction 8 to 10, reset 18. */
export const changeBytes = (kind: number, now: Buffer = Buffer.alloc(0), before: Buffer = Buffer.alloc(0)): Buffer =>
  sized(0xe3, Buffer.from([kind, now.length]), now, Buffer.from([before.length]), before);
export const routing = (host: string, port: number): Buffer => {
  const target = Buffer.concat([Buffer.from([0]), u16(port), text16(host)]);
  return sized(0xe3, Buffer.from([20]), u16(target.length), target, u16(0));
};
export const wasReset = changeBytes(18);

const collation = Buffer.from([0x09, 0x04, 0xd0, 0x00, 0x34]);
const accepted = sized(0xad, Buffer.from([1, 0x74, 0, 0, 4]), text8('Microsoft SQL Server'), Buffer.from([16, 0, 16, 23]));
/** All that a server says when the login is right. */
export const loggedIn = (database: string): Buffer =>
  Buffer.concat([
    change(1, database, 'master'),
    info(5701, `Changed database context to '${database}'.`),
    changeBytes(7, collation),
    change(2, 'us_english'),
    accepted,
    change(4, '4096', '4096'),
    Buffer.concat([Buffer.from([0xae, 0x0a]), u32(1), Buffer.from([1, 0xff])]),
    done(),
  ]);

/** A column: its type with all that belongs to it, and its name. */
export interface Column {
  readonly name: string;
  readonly type: Buffer;
}
export const columns = (...all: readonly Column[]): Buffer =>
  Buffer.concat([Buffer.from([0x81]), u16(all.length), ...all.flatMap(({ name, type }) => [u32(0), u16(9), type, text8(name)])]);
export const row = (...values: readonly Buffer[]): Buffer => Buffer.concat([Buffer.from([0xd1]), ...values]);
/** A row with a map of its nulls; those are left out of the values. */
export const bitmapRow = (values: readonly (Buffer | null)[]): Buffer => {
  const map = Buffer.alloc(Math.ceil(values.length / 8));
  for (const [at, value] of values.entries()) if (value === null) map[at >> 3] = (map[at >> 3] ?? 0) | (1 << (at & 7));
  return Buffer.concat([Buffer.from([0xd2]), map, ...values.filter((value) => value !== null)]);
};

const intType = Buffer.from([0x26, 4]);
const bigType = Buffer.from([0x26, 8]);
const bitType = Buffer.from([0x68, 1]);
const textType = Buffer.concat([Buffer.from([0xe7]), u16(0xffff), collation]);

/** Some text as pieces, of which there is one. */
export const pieces = (bytes: Buffer): Buffer =>
  Buffer.concat([u64(BigInt(bytes.length)), ...(bytes.length > 0 ? [u32(bytes.length), bytes] : []), u32(0)]);
const noPieces = u64(-1n);

export type Plain = string | number | bigint | boolean | null;

function typeOf(values: readonly Plain[]): Buffer {
  const kind = typeof values.find((value) => value !== null);
  return kind === 'number' ? intType : kind === 'bigint' ? bigType : kind === 'boolean' ? bitType : textType;
}
function encoded(value: Plain, type: Buffer): Buffer {
  if (value === null) return type === textType ? noPieces : Buffer.from([0]);
  if (typeof value === 'number') return Buffer.concat([Buffer.from([4]), u32(value)]);
  if (typeof value === 'bigint') return Buffer.concat([Buffer.from([8]), u64(value)]);
  if (typeof value === 'boolean') return Buffer.from([1, value ? 1 : 0]);
  return pieces(wide(value));
}

/** Rows of plain values as tokens: numbers are int, big ones bigint, everything else nvarchar(max). */
export function table(names: readonly string[], rows: readonly (readonly Plain[])[]): Buffer {
  const types = names.map((_, at) => typeOf(rows.map((values) => values[at] ?? null)));
  return Buffer.concat([
    columns(...names.map((name, at) => ({ name, type: types[at] ?? textType }))),
    ...rows.map((values) => row(...types.map((type, at) => encoded(values[at] ?? null, type)))),
    done(0x10, rows.length),
  ]);
}
/** The same with one row, its columns named by their places. */
export const oneRow = (...values: readonly Plain[]): Buffer =>
  table(
    values.map((_, at) => `c${at}`),
    [values],
  );
