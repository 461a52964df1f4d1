import type { Span } from '../refusal.ts';
import { type Tree, variant } from './kinds.ts';
import type { Lines } from './lines.ts';
import type { Words } from './words.ts';

/** An identifier of the tree. */
export interface Ident {
  readonly value: string;
  readonly quoted: boolean;
  readonly span: Span;
}

/** What it takes to find a node of the tree in the text. */
export interface Found {
  readonly words: Words;
  readonly lines: Lines;
  /** Whether the word that begins at a place was shown to the parser in other words. */
  readonly shown: (start: number) => boolean;
}

/** A line and a column, counted from 1; line 0 where the tree does not say. */
export interface LineColumn {
  readonly line: number;
  readonly column: number;
}

/** Where a node lies in the text; null where the tree does not say. */
export function spanOf(node: unknown, lines: Lines): Span | null {
  const span = (node as Tree | undefined)?.span as { start: LineColumn; end: LineColumn } | undefined;
  if (!span || span.start.line === 0) return null;
  return { start: lines.offset(span.start.line, span.start.column), end: lines.offset(span.end.line, span.end.column) };
}

/** The first place in the text that a part of the tree tells. */
export function placeOf(value: unknown, lines: Lines): Span | null {
  if (value === null || typeof value !== 'object') return null;
  const own = Array.isArray(value) ? null : spanOf(value, lines);
  if (own) return own;
  for (const part of Object.values(value as Tree)) {
    const found = placeOf(part, lines);
    if (found) return found;
  }
  return null;
}

/** The name of a node that is written as a string, such as `AS 'total'`: the tree does not say where it is. Null for any other. */
export function textualName(node: unknown): string | null {
  const { value, quote_style: quote, span } = node as { value: string; quote_style?: string; span?: { start: LineColumn } };
  return span?.start.line === 0 && (quote === "'" || quote === '"') ? value : null;
}

/** An identifier with its place, which has to be one word of the text: parser and scanner then agree on what is a word. */
export function identOf(node: unknown, { words, lines, shown }: Found, parameter = false): Ident {
  const { value, quote_style: quote } = node as { value: string; quote_style?: string };
  const span = spanOf(node, lines);
  const token = span ? words.tokens[words.indexAt(span.start)] : undefined;
  // What a rewrite put there is a word of the guard’s own.
  if (span && shown(span.start)) return { value, quoted: false, span };
  const named = token?.kind === 'word' || token?.kind === 'quoted' || (parameter && token?.kind === 'parameter');
  if (!span || !named || token?.end !== span.end) {
    throw words.refuse('statement.unparsed', `The name ${value} does not stand alone.`, 'Names apart from one another.', span);
  }
  return { value, quoted: typeof quote === 'string', span };
}

/** The parts of an object’s name. */
export function nameOf(node: unknown, structure: Found): Ident[] {
  return ((node as Tree[] | undefined) ?? []).map((part) => identOf(part.Identifier, structure));
}

/** Whether an expression is a placeholder that the parser takes for a name (`@p1`). */
export function isPlaceholder(node: unknown, { words, lines, shown }: Found): boolean {
  const [kind, ident] = variant(node);
  const span = kind === 'Identifier' ? spanOf(ident, lines) : null;
  return (
    span !== null &&
    words.kind(words.indexAt(span.start)) === 'parameter' &&
    identOf(ident, { words, lines, shown }, true).span.start === span.start
  );
}
