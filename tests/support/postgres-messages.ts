/** Messages as a PostgreSQL server writes them, for servers that play one. */
export function message(type: string, ...parts: readonly (Buffer | string)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
  const head = Buffer.alloc(5);
  head.write(type, 'latin1');
  head.writeUInt32BE(4 + body.length, 1);
  return Buffer.concat([head, body]);
}

export function int32(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [i, value] of values.entries()) bytes.writeInt32BE(value, i * 4);
  return bytes;
}
const int16 = (value: number): Buffer => int32(value).subarray(2);

/** An authentication request: 0 accepted, 3 cleartext, 5 MD5, 10 to 12 SASL. */
export const authentication = (kind: number, ...parts: readonly (Buffer | string)[]): Buffer => message('R', int32(kind), ...parts);
export const scramOffer = authentication(10, 'SCRAM-SHA-256\0\0');
export const accepted = authentication(0);
export const parameter = (name: string, value: string): Buffer => message('S', `${name}\0${value}\0`);
export const ready = message('Z', 'I');
/** All that a server says between the sign-in and the first statement. */
export const welcome = Buffer.concat([accepted, parameter('server_version', '15.0'), message('K', int32(1, 2)), ready]);
export const failure = (sqlState: string, text: string, severity = 'FATAL'): Buffer =>
  message('E', `S${severity}\0V${severity}\0C${sqlState}\0M${text}\0\0`);
export const notice = (text: string): Buffer => message('N', `SNOTICE\0VNOTICE\0C00000\0M${text}\0\0`);

const column = (name: string): Buffer =>
  Buffer.concat([Buffer.from(`${name}\0`), int32(0), int16(0), int32(25), int16(-1), int32(-1), int16(0)]);
export const columns = (...names: readonly string[]): Buffer => message('T', int16(names.length), ...names.map(column));
export const row = (...values: readonly string[]): Buffer =>
  message('D', int16(values.length), ...values.flatMap((value) => [int32(Buffer.byteLength(value)), value]));
/** A whole answer to a statement of the extended protocol. */
export const answer = (...rows: readonly (readonly string[])[]): Buffer =>
  Buffer.concat([
    begunAnswer(rows[0]?.length ?? 1),
    ...rows.map((values) => row(...values)),
    message('C', `SELECT ${rows.length}\0`),
    ready,
  ]);
/** The beginning of one: what comes before the rows. */
export const begunAnswer = (width = 1): Buffer =>
  Buffer.concat([message('1'), message('2'), columns(...Array.from({ length: width }, (_, i) => `c${i}`))]);
