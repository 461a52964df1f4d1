import { refuse } from '../refusal.ts';
import type { Token } from '../scan-sql.ts';
import { formatters } from './guard-names.ts';
import { bare, onlyReads } from './guard-refusals.ts';

/** Refuses what the words alone give away, with a message that says more than the compiler’s. */
export function judgeWords(text: string, tokens: readonly Token[]): void {
  const [first] = tokens;
  if (!first || text[first.start] === ';') throw refuse(text, 'statement.empty', 'There is no statement.', onlyReads);
  const root = bare(text, first);
  if (first.kind === 'word' && /^[a-z]+$/.test(root) && !['select', 'with', 'values'].includes(root)) {
    throw refuse(text, 'statement.not_read', `${root.toUpperCase()} is not a read.`, onlyReads, first);
  }
  const end = tokens.findIndex((token) => token.kind === 'mark' && text[token.start] === ';');
  const more = end < 0 ? undefined : tokens.slice(end).find((token) => text[token.start] !== ';');
  if (more) throw refuse(text, 'statement.multiple', 'Only one statement at a time.', onlyReads, more);
  for (const token of tokens) {
    if (token.kind !== 'parameter' || text[token.start] === '?') continue;
    throw refuse(text, 'parameter.unnumbered', 'Placeholders have no names here.', '?, or ?1, ?2 and so on.', token);
  }
}

/** Refuses printf and format unless their format is written out and asks for no more than 999 characters. */
export function judgeFormats(text: string, tokens: readonly Token[]): void {
  for (const [index, token] of tokens.entries()) {
    const open = tokens[index + 1];
    if ((token.kind !== 'word' && token.kind !== 'quoted') || !open || text[open.start] !== '(') continue;
    if (!formatters.has(bare(text, token))) continue;
    const [format, after] = tokens.slice(index + 2, index + 4);
    const written = format?.kind === 'string' && after?.kind === 'mark' && /[,)]/.test(text.charAt(after.start));
    if (written && !/%[^a-zA-Z%]*(\*|\d{4})/.test(text.slice(format.start, format.end))) continue;
    const message = `${bare(text, token)} needs a format that is written out, with widths of at most 999.`;
    throw refuse(text, 'argument.unbounded', message, "printf('%.2f', x)", token);
  }
}

/** The index after the parenthesis that closes the one at `open`. */
function afterClose(text: string, tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    const token = tokens[at];
    const mark = token?.kind === 'mark' ? text[token.start] : '';
    if (mark === '(') depth++;
    else if (mark === ')' && --depth === 0) return at + 1;
  }
  return tokens.length;
}

/** The words of a stretch that stand in no inner parentheses. */
function outerWords(text: string, tokens: readonly Token[], from: number, to: number): string[] {
  const words: string[] = [];
  for (let at = from; at < to; at++) {
    const token = tokens[at];
    if (!token) break;
    if (token.kind === 'mark' && text[token.start] === '(') at = afterClose(text, tokens, at) - 1;
    else words.push(token.kind === 'string' ? "''" : bare(text, token));
  }
  return words;
}

/**
 * Refuses a recursive query that cannot end: its second part reads itself alone, without WHERE, LIMIT or another table.
 * Others may be endless too; those end at the limits of the session.
 */
export function judgeRecursion(text: string, tokens: readonly Token[]): void {
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'word' || bare(text, token) !== 'as') continue;
    const open = tokens.findIndex((one, at) => at > index && one.kind === 'mark' && text[one.start] === '(');
    if (open < 0 || open > index + 3) continue;
    const words = outerWords(text, tokens, open + 1, afterClose(text, tokens, open) - 1);
    const union = words.lastIndexOf('union');
    if (union < 0 || words[union + 1] !== 'all') continue;
    const from = words.indexOf('from', union);
    if (from < 0 || words.slice(from).some((word) => /^(where|limit|join|,|group|except|intersect)$/.test(word))) continue;
    if (words[from + 1] !== queryName(text, tokens, index)) continue;
    const message = 'This recursive query cannot end.';
    throw refuse(text, 'recursion.unbounded', message, 'WHERE or LIMIT in the part that refers to itself.', tokens[open] ?? null);
  }
}

/** The name before AS, past a list of columns. */
function queryName(text: string, tokens: readonly Token[], as: number): string {
  let at = as - 1;
  const last = tokens[at];
  if (last && text[last.start] === ')') while (at > 0 && text[tokens[at]?.start ?? 0] !== '(') at--;
  const name = tokens[last && text[last.start] === ')' ? at - 1 : at];
  return name ? bare(text, name) : '';
}
