import type { Dialect } from './dialect.ts';
import { onlyReads } from './structure.ts';
import type { Edit, Words } from './words.ts';

const MAX_PARAMETERS = 1000;

/** How many values a statement takes, and its placeholders as they are sent. */
export function placeholdersOf(words: Words, dialect: Dialect): { readonly parameters: number; readonly edits: readonly Edit[] } {
  const found = words.tokens.filter((token) => token.kind === 'parameter');
  const texts = found.map((token) => words.slice(token).toLowerCase());
  const refuse = (at: number, message: string, allowed: string) =>
    words.refuse('parameter.unnumbered', message, allowed, found[at] ?? null);
  const write = (text: (index: number) => string) =>
    found.flatMap((token, index): Edit[] =>
      words.slice(token) === text(index) ? [] : [{ start: token.start, end: token.end, text: text(index) }],
    );
  if (found.length > MAX_PARAMETERS) throw refuse(MAX_PARAMETERS, 'There are more than 1000 placeholders.', onlyReads);
  if (dialect.placeholders === 'question') return { parameters: found.length, edits: [] };
  if (dialect.placeholders === 'named') {
    const again = texts.findIndex((text, index) => texts.indexOf(text) < index);
    if (again >= 0) throw refuse(again, `${texts[again]} stands here twice.`, 'Each placeholder once: values are bound in their order.');
    return { parameters: found.length, edits: write((index) => `:${index + 1}`) };
  }
  const questions = texts.filter((text) => text === '?').length;
  if (questions === found.length) return { parameters: found.length, edits: write((index) => `@p${index + 1}`) };
  if (questions > 0) throw refuse(texts.indexOf('?'), 'Placeholders are either all ? or all @p1, @p2 and so on.', '@p1, @p2 and so on.');
  const numbers = texts.map((text) => Number(text.slice(2)));
  const bad = numbers.findIndex((number) => number < 1 || number > MAX_PARAMETERS);
  if (bad >= 0) throw refuse(bad, 'Placeholders are @p1 to @p1000.', '@p1, @p2 and so on.');
  return { parameters: Math.max(0, ...numbers), edits: write((index) => `@p${numbers[index]}`) };
}
