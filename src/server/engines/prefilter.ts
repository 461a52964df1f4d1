import { type Refuse, refuse, type Span } from './refusal.ts';
import type { Token } from './scan-sql.ts';

/** Bytes of a statement in UTF-8 at the most. */
export const MAX_BYTES = 65_536;
const MAX_TOKENS = 20_000;
const MAX_DEPTH = 64;
const MAX_CALLS = 12;
/** How often words may stand that join queries or tables: no database plans more, and judging them takes ever longer. */
const MAX_JOINING: Readonly<Record<string, { readonly most: number; readonly what: string }>> = {
  union: { most: 1000, what: 'UNION' },
  intersect: { most: 1000, what: 'INTERSECT' },
  except: { most: 1000, what: 'EXCEPT' },
  minus: { most: 1000, what: 'MINUS' },
  join: { most: 500, what: 'JOIN' },
};

/** Control characters and the byte order mark: no statement needs them, and a parser may stop at them. */
const control = /(?![\t\n\r])\p{Cc}|\ufeff|\r(?!\n)/u;
/** Spaces, joiners, direction marks and full-width forms: fine inside quotes, misleading outside. */
const misleading = /\p{Default_Ignorable_Code_Point}|(?! )\p{Zs}|[\p{Cf}\p{Zl}\p{Zp}\uff00-\uffef]/u;

/** Words that may stand before a parenthesis without being a function. */
const notCalls = new Set(
  'in and or not as any all some exists values on using where when then else case select from join having by over filter within union intersect except between like ilike is limit offset fetch distinct lateral with array row cast returning materialized'.split(
    ' ',
  ),
);

const simpler = 'Statements of at most 64 KiB, 20,000 words, 64 nested parentheses, 12 nested calls, 1,000 set operations and 500 joins.';

/** The refusal of a text that is too long to be looked at; null when it may be scanned. */
export function tooLong(text: string): Refuse | null {
  if (text.length <= MAX_BYTES && Buffer.byteLength(text) <= MAX_BYTES) return null;
  return refuse('', 'text.oversized', 'The statement is longer than 64 KiB.', simpler);
}

function character(text: string, at: number): Refuse {
  const code = (text.codePointAt(at) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  const message = `The character U+${code} may not stand here: it can make a statement read differently from what it does.`;
  return refuse(text, 'character.forbidden', message, 'Plain spaces, tabs and line feeds; any letter inside quotes.', {
    start: at,
    end: at + 1,
  });
}

function forbiddenCharacter(text: string, tokens: readonly Token[]): Refuse | null {
  const found = control.exec(text);
  if (found) return character(text, found.index);
  if (!text.isWellFormed()) return character(text, text.search(/\p{Surrogate}/u));
  if (!misleading.test(text)) return null;
  let from = 0;
  for (const token of [
    ...tokens.filter((one) => one.kind === 'string' || one.kind === 'quoted'),
    { start: text.length, end: text.length },
  ]) {
    const at = text.slice(from, token.start).search(misleading);
    if (at >= 0) return character(text, from + at);
    from = token.end;
  }
  return null;
}

/** Refuses more queries or tables in one statement than anyone joins. */
function tooManyJoined(text: string, tokens: readonly Token[]): Refuse | null {
  const counts = new Map<string, number>();
  for (const token of tokens) {
    // The longest of these words.
    if (token.kind !== 'word' || token.end - token.start > 9) continue;
    const word = text.slice(token.start, token.end).toLowerCase();
    const limit = Object.hasOwn(MAX_JOINING, word) ? MAX_JOINING[word] : undefined;
    if (!limit) continue;
    const count = (counts.get(word) ?? 0) + 1;
    counts.set(word, count);
    if (count > limit.most)
      return refuse(text, 'statement.too_complex', `The statement has more than ${limit.most} times ${limit.what}.`, simpler, token);
  }
  return null;
}

/** Refuses what no parser should be shown: sizes, depths, control characters, quotes and comments that never end. */
export function prefilter(text: string, tokens: readonly Token[]): Refuse | null {
  const bad = forbiddenCharacter(text, tokens);
  if (bad) return bad;
  const deep = (span: Span) => refuse(text, 'statement.too_complex', 'The statement is nested too deeply.', simpler, span);
  if (tokens.length > MAX_TOKENS) return refuse(text, 'statement.too_complex', 'The statement has too many words.', simpler);
  const joined = tooManyJoined(text, tokens);
  if (joined) return joined;
  const calls: boolean[] = [];
  let callDepth = 0;
  let before: Token | undefined;
  for (const token of tokens) {
    if (token.kind === 'open') {
      const message = 'A quote or a comment that begins here never ends.';
      return refuse(text, 'text.unterminated', message, 'Close every quote and comment.', { start: token.start, end: token.start + 1 });
    }
    if (token.kind === 'comment') {
      const nested = text.slice(token.start + 2, token.end).indexOf('/*');
      if (nested < 0 || text[token.start] !== '/') continue;
      const start = token.start + 2 + nested;
      return refuse(text, 'comment.nested', 'A comment may not hold another one.', 'Comments that do not nest.', { start, end: start + 2 });
    }
    const mark = token.kind === 'mark' ? text[token.start] : '';
    if (mark === '(') {
      const name =
        before?.kind === 'quoted' || (before?.kind === 'word' && !notCalls.has(text.slice(before.start, before.end).toLowerCase()));
      calls.push(name);
      if (name) callDepth++;
      if (calls.length > MAX_DEPTH || callDepth > MAX_CALLS) return deep(token);
    } else if (mark === ')' && calls.pop()) callDepth--;
    before = token;
  }
  return null;
}
