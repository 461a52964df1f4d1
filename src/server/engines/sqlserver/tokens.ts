import type { Cell } from '../engine.ts';
import { readColumns, readType, readValue, type WireColumn } from './columns.ts';
import type { Inlet, Reading } from './inlet.ts';
import type { Told } from './server-error.ts';
import type { CodepageOf } from './values.ts';
import { WireError } from './wire-error.ts';

/** What is told of the tokens that a server sends. */
export interface Listener {
  columns(columns: readonly WireColumn[]): void;
  /** Whether rows are still kept: of others only their length is looked at. */
  readonly wantsRows: boolean;
  /** `size`: bytes of the row on the wire. */
  row(values: Cell[], size: number): void;
  error(told: Told): void;
  /** The end of a statement, a procedure or a batch. `attention`: the server has heard that it was to stop. */
  done(attention: boolean): void;
  /** The session is as it was at the sign-in. */
  wasReset(): void;
  /** A token that the driver needs, whole. Rows and their columns are not among them: we read them, exactly. */
  pass(token: Buffer): void;
}

const done = new Set([0xfd, 0xfe, 0xff]);
/** Changes of the session that the driver knows: database, language, character set, packet size, collation, transaction. */
const changes = new Set([1, 2, 3, 4, 7, 8, 9, 10, 18]);
const routing = 20;
const wasReset = 18;
const attention = 0x20;

/** A token whose length of two bytes stands behind its first. */
function* sized(from: Inlet, kind: number): Reading<Buffer> {
  const head = yield* from.take(2);
  const length = head.readUInt16LE(0);
  const start = Buffer.from([kind, head[0] ?? 0, head[1] ?? 0]);
  return Buffer.concat([start, yield* from.take(length)]);
}

function readError(token: Buffer): Told {
  const length = token.length < 13 ? -1 : token.readUInt16LE(9) * 2;
  let at = 11 + length;
  if (length < 0 || at > token.length) throw new WireError('malformed');
  const text = token.toString('utf16le', 11, at);
  // The names of the server and of the procedure.
  for (let name = 0; name < 2; name++) {
    if (at >= token.length) throw new WireError('malformed');
    at += 1 + 2 * token.readUInt8(at);
  }
  if (at + 4 !== token.length) throw new WireError('malformed');
  return { number: token.readInt32LE(3), state: token.readUInt8(7), severity: token.readUInt8(8), line: token.readUInt32LE(at), text };
}

/** Whether a change of the session is whole: two values, each with its length before it. */
function isWholeChange(token: Buffer): boolean {
  const isText = (token[3] ?? 0) < 5;
  let at = 4;
  for (let value = 0; value < 2; value++) {
    if (at >= token.length) return false;
    at += 1 + (isText ? 2 : 1) * (token[at] ?? 0);
  }
  return at === token.length;
}

function* readChange(from: Inlet, to: Listener): Reading<void> {
  const token = yield* sized(from, 0xe3);
  const kind = token[3] ?? 0;
  if (kind === routing) throw new WireError('routed');
  if (!changes.has(kind)) return;
  if (!isWholeChange(token)) throw new WireError('malformed');
  if (kind === wasReset) to.wasReset();
  to.pass(token);
}

function* readAcknowledged(from: Inlet): Reading<Buffer> {
  const parts = [Buffer.from([0xae])];
  for (;;) {
    const feature = yield* from.take(1);
    parts.push(Buffer.from(feature));
    if (feature[0] === 0xff) return Buffer.concat(parts);
    const length = yield* from.take(4);
    if (parts.length > 100 || length.readUInt32LE(0) > 65_536) throw new WireError('malformed');
    parts.push(Buffer.from(length), Buffer.from(yield* from.take(length.readUInt32LE(0))));
  }
}

/** Reads a returned parameter, which nobody asked for. */
function* skipReturned(from: Inlet, codepageOf: CodepageOf): Reading<void> {
  yield* from.uint16();
  yield* from.text8();
  yield* from.uint8();
  const type = yield* readType(from, codepageOf);
  yield* readValue(from, type, codepageOf);
}

function* readRow(
  from: Inlet,
  columns: readonly WireColumn[],
  codepageOf: CodepageOf,
  withBitmap: boolean,
  kept: boolean,
): Reading<Cell[]> {
  if (columns.length === 0) throw new WireError('malformed');
  const nulls = withBitmap ? Buffer.from(yield* from.take(Math.ceil(columns.length / 8))) : null;
  const values: Cell[] = [];
  for (let index = 0; index < columns.length; index++) {
    const column = columns[index];
    const isNull = nulls !== null && ((nulls[index >> 3] ?? 0) & (1 << (index & 7))) !== 0;
    const value = isNull || !column ? null : yield* readValue(from, column, codepageOf);
    if (kept) values.push(value);
  }
  return values;
}

/** Tokens that carry what only people and their tools would look at. */
const unread = new Set([0xa4, 0xa5, 0xa9, 0xab]);

/**
 * Reads tokens without end. Nothing gets past that is torn or unknown: the driver trusts what it reads, and reads decimals, money and times
 * of day as floating-point numbers and dates that cannot hold them. `at` is told where it is: between two tokens, or
 * within one.
 */
export function* readTokens(from: Inlet, to: Listener, codepageOf: CodepageOf, at: (between: boolean) => void): Reading<never> {
  let columns: readonly WireColumn[] = [];
  for (;;) {
    at(true);
    const kind = yield* from.uint8();
    at(false);
    if (kind === 0xd1 || kind === 0xd2) {
      const before = from.consumed;
      const values = yield* readRow(from, columns, codepageOf, kind === 0xd2, to.wantsRows);
      to.row(values, from.consumed - before + 1);
    } else if (done.has(kind)) {
      const rest = Buffer.from(yield* from.take(12));
      to.done(kind === 0xfd && (rest.readUInt16LE(0) & attention) !== 0);
      to.pass(Buffer.concat([Buffer.from([kind]), rest]));
    } else if (kind === 0x81) {
      columns = yield* readColumns(from, codepageOf);
      to.columns(columns);
    } else if (kind === 0xe3) yield* readChange(from, to);
    else if (kind === 0xaa) {
      const token = yield* sized(from, kind);
      to.error(readError(token));
      to.pass(token);
    } else if (kind === 0xad) to.pass(yield* sized(from, kind));
    else if (kind === 0xae) to.pass(yield* readAcknowledged(from));
    else if (unread.has(kind)) yield* sized(from, kind);
    else if (kind === 0x79) yield* from.take(4);
    else if (kind === 0xac) yield* skipReturned(from, codepageOf);
    else if (kind === 0xed || kind === 0xee) throw new WireError('method_unknown');
    else throw new WireError('malformed');
  }
}
