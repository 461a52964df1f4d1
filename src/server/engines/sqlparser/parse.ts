import { init, Parser } from '@guanmingchiu/sqlparser-ts';
import type { Dialect } from './dialect.ts';
import type { Tree } from './kinds.ts';
import type { Lines } from './lines.ts';
import { onlyReads } from './structure.ts';
import type { Words } from './words.ts';

/** Loads the parser. */
export const loadParser = init;

/** Set once the parser gave up in the middle of its work: its memory is not to be trusted from then on. */
let broken: string | null = null;

const refusal = /^(?:sql parser error: )?(.*?)(?: at Line: (\d+), Column: (\d+))?\.?$/s;

/** The statements of a text as the parser sees it. `words` are those that were written, for the place of an error. */
export function parse(eyes: string, words: Words, lines: Lines, dialect: Dialect): Tree[] {
  if (broken !== null) throw new RangeError(`the parser is broken: ${broken}`);
  try {
    return Parser.parse(eyes, dialect.parser) as unknown as Tree[];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (/recursion limit/i.test(message)) {
      throw words.refuse('statement.too_complex', 'The statement is nested too deeply.', 'A simpler statement: less nesting.');
    }
    // A refusal says what it expected or where; anything else is the machine under the parser that stopped.
    const [, what = '', line, column] = refusal.exec(message) ?? [];
    if (!message.startsWith('sql parser error: ') && line === undefined) {
      broken = message;
      throw new RangeError(`the parser broke: ${message}`);
    }
    const start = line === undefined ? -1 : lines.offset(Number(line), Number(column));
    const token = words.tokens.find((one) => one.end > start);
    const span = start < 0 ? null : { start: token?.start ?? start, end: token?.end ?? start };
    throw words.refuse('statement.unparsed', `This cannot be read as ${dialect.label}: ${what}.`, onlyReads, span);
  }
}
