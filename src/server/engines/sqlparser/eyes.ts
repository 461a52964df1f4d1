import type { Token } from '../scan-sql.ts';
import type { Dialect } from './dialect.ts';
import type { Edit, Words } from './words.ts';

/** A text that is shown to the parser in place of the one that was written; every place in it is a place in that. */
export interface Eyes {
  readonly text: string;
  /** Whether the word that begins at a place was shown in other words. */
  readonly shown: (start: number) => boolean;
}

/** Splices edits into a text. They are in order and do not overlap. */
export function splice(text: string, edits: readonly Edit[]): string {
  let made = '';
  let at = 0;
  for (const edit of edits) {
    made += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return made + text.slice(at);
}

/** What the parser is shown: no comments, no final semicolons, and constructs that it does not know in words that it does. */
export function eyesOf(words: Words, all: readonly Token[], dialect: Dialect): Eyes {
  const rewrites: Edit[] = [];
  for (let index = 0; index < words.tokens.length; ) {
    const found = dialect.rewrites.map((rewrite) => rewrite.at(words, index)).find((edit) => edit !== null);
    if (found) rewrites.push(found);
    index = found?.next ?? index + 1;
  }
  const kept = new Set(words.tokens);
  const within = (start: number) => rewrites.some((edit) => start >= edit.start && start < edit.end);
  const blanks = all
    .filter((token) => !kept.has(token) && !within(token.start))
    .map(({ start, end }) => ({ start, end, text: ' '.repeat(end - start) }));
  const edits = [...rewrites, ...blanks].sort((a, b) => a.start - b.start);
  const free = edits.every(
    (edit, index) => edit.end - edit.start === edit.text.length && edit.end <= (edits[index + 1]?.start ?? edit.end),
  );
  if (!free) throw new Error('a rewrite has another length');
  return { text: splice(words.text, edits), shown: within };
}
