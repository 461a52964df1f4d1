import { z } from 'zod';
import { nextTurn } from '../platform/turns.ts';

/** Milliseconds of work between two pauses, about. */
const SLICE_MS = 8;
/** Characters of a text that are written in one go. */
const LONG = 128 * 1024;

const bytes = new TextEncoder();

/** Bytes of a body. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** An answer whose list under one key may be long: what it is written by. */
export interface Sliced {
  readonly key: string;
  readonly item: z.ZodType;
  /** All the rest of it. */
  readonly rest: z.ZodObject;
  /** Its keys, in their order. */
  readonly keys: readonly string[];
}

/** Prepares a schema for being written in slices. */
export function slicedBy(schema: z.ZodType | null, key: string): Sliced {
  const list = schema instanceof z.ZodObject ? schema.shape[key] : undefined;
  if (!(schema instanceof z.ZodObject) || !(list instanceof z.ZodArray)) throw new TypeError(`${key} is no list of the answer`);
  const { [key]: _, ...rest } = schema.shape;
  return { key, item: list.element as z.ZodType, rest: z.object(rest), keys: Object.keys(schema.shape) };
}

const isLong = (value: unknown): boolean => typeof value === 'string' && value.length > LONG;

/** Pieces of JSON that together are the value: a long text, alone or in a list, is cut, never within a character. */
function* written(value: unknown): Generator<string> {
  if (typeof value === 'string' && isLong(value)) {
    for (let from = 0; from < value.length; ) {
      const high = /[\ud800-\udbff]/.test(value.charAt(from + LONG - 1));
      const to = from + LONG - (high ? 1 : 0);
      yield `${from === 0 ? '"' : ''}${JSON.stringify(value.slice(from, to)).slice(1, -1)}`;
      from = to;
    }
    yield '"';
  } else if (Array.isArray(value) && value.some(isLong)) {
    for (const [index, one] of value.entries()) {
      yield index === 0 ? '[' : ',';
      yield* written(one);
    }
    yield ']';
  } else yield JSON.stringify(value);
}

/** The whole answer as pieces of JSON, each part of it parsed by its schema on the way. */
function* piecesOf({ key, item, rest, keys }: Sliced, answer: Readonly<Record<string, unknown>>): Generator<string> {
  const { [key]: list, ...others } = answer;
  const parsed = rest.parse(others);
  let before = '{';
  for (const name of keys) {
    if (name !== key && parsed[name] === undefined) continue;
    yield `${before}${JSON.stringify(name)}:`;
    before = ',';
    if (name !== key) {
      yield JSON.stringify(parsed[name]);
      continue;
    }
    let between = '[';
    for (const one of list as readonly unknown[]) {
      yield between;
      between = ',';
      yield* written(item.parse(one));
    }
    yield between === '[' ? '[]' : ']';
  }
  yield '}';
}

/**
 * Writes a long answer as JSON, with pauses in which others are served. It is whole before any of it is sent: what does not fit its schema fails
 * without half an answer. Throws the signal's reason once it is aborted.
 */
export async function jsonInSlices(sliced: Sliced, answer: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<Bytes[]> {
  const slices: Bytes[] = [];
  let pieces: string[] = [];
  let began = performance.now();
  for (const piece of piecesOf(sliced, answer)) {
    pieces.push(piece);
    if (performance.now() - began < SLICE_MS) continue;
    slices.push(bytes.encode(pieces.join('')));
    pieces = [];
    await nextTurn();
    signal.throwIfAborted();
    began = performance.now();
  }
  slices.push(bytes.encode(pieces.join('')));
  return slices;
}
