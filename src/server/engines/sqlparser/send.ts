import type { Token } from '../scan-sql.ts';
import { splice } from './eyes.ts';
import type { Resolution } from './scope.ts';
import type { Edit } from './words.ts';

/** The text that is sent: the one that was written without comments and final semicolons, with the changes that the analysis asked for. */
export function textToSend(resolution: Resolution, all: readonly Token[], placeholders: readonly Edit[]): string {
  const { words, dialect } = resolution.structure;
  const kept = new Set(words.tokens);
  const dropped = all.filter((token) => !kept.has(token)).map(({ start, end }): Edit => ({ start, end, text: ' ' }));
  const calls = dialect.spaceChangesCalls ? gaps(resolution) : [];
  const edits = [...resolution.edits.flatMap((edit) => edit()), ...dropped, ...calls, ...placeholders];
  const titles = resolution.titles.flatMap(({ span, title }): Edit[] => {
    const changed = edits.some((edit) => edit.start >= span.start && edit.end <= span.end);
    const named = changed && title.length <= 250 && title.trim() !== '';
    return named ? [{ start: span.end, end: span.end, text: ` AS ${dialect.quote(title)}` }] : [];
  });
  return splice(words.text, ordered([...edits, ...titles])).trim();
}

/** Edits in order; of those that are the same, one. Throws where two overlap. */
function ordered(edits: readonly Edit[]): Edit[] {
  const sorted = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  const once = sorted.filter((edit, index) => {
    const before = sorted[index - 1];
    return !before || before.start !== edit.start || before.end !== edit.end || before.text !== edit.text;
  });
  for (const [index, edit] of once.entries()) {
    if (edit.end > (once[index + 1]?.start ?? edit.end)) throw new Error('two changes of the text overlap');
  }
  return once;
}

/** The blanks between a function and its parenthesis. */
function gaps({ structure: { words, idents } }: Resolution): Edit[] {
  return words.tokens.flatMap((token, index): Edit[] => {
    const next = words.tokens[index + 1];
    const call = idents.get(token.start) === 'function' || words.follow(index, 'cast|substring|substr|trim|extract|position|mid');
    if (!next || !call || words.at(index + 1) !== '(' || token.end === next.start) return [];
    return /^\s+$/.test(words.text.slice(token.end, next.start)) ? [{ start: token.end, end: next.start, text: '' }] : [];
  });
}
