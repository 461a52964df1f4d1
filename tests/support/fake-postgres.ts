/** A message as a server of PostgreSQL sends it. */
export const message = (type: string, body: Buffer | string = ''): Buffer => {
  const bytes = Buffer.from(body);
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(4 + bytes.length, 1);
  return Buffer.concat([head, bytes]);
};
/** Numbers of four bytes each. */
export const int32 = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [at, value] of values.entries()) bytes.writeInt32BE(value, 4 * at);
  return bytes;
};
/** An error that ends the session. */
export const failure = (code: string, text: string) => message('E', `SFATAL\0C${code}\0M${text}\0\0`);
/** The client is let in. */
export const signedIn = message('R', int32(0));
/** The server waits for a statement. */
export const ready = Buffer.concat([message('S', 'server_version\x0015.0\0'), message('K', int32(1, 2)), message('Z', 'I')]);
/** What columns the rows have, all of them text. */
export const columns = (...names: string[]) =>
  message(
    'T',
    Buffer.concat([
      Buffer.from([0, names.length]),
      ...names.flatMap((name) => [
        Buffer.from(`${name}\0`),
        Buffer.alloc(6),
        int32(25),
        Buffer.from([255, 255]),
        int32(-1),
        Buffer.alloc(2),
      ]),
    ]),
  );
/** A row of text. */
export const row = (...values: string[]) =>
  message('D', Buffer.concat([Buffer.from([0, values.length]), ...values.flatMap((value) => [int32(value.length), Buffer.from(value)])]));
/** A whole answer to one statement. */
export const answer = (names: string[], ...rows: string[][]) =>
  Buffer.concat([
    message('1'),
    message('2'),
    columns(...names),
    ...rows.map((values) => row(...values)),
    message('C', `SELECT ${rows.length}\0`),
    message('Z', 'I'),
  ]);
/** The answer that shows that the session keeps its settings. */
export const settings = answer(['a', 'b', 'c', 'd', 'e'], ['on', 'pg_catalog, pg_temp', '10s', '5s', '2min']);
