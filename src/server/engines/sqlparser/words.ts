import { type Refuse, refuse, type Span } from '../refusal.ts';
import type { Token } from '../scan-sql.ts';

/** A stretch of the text, and what stands there instead. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Index of the first word that is left to be looked at. */
  readonly next?: number;
}

/** The text under judgement with its words: everything but comments, blanks and final semicolons. */
export class Words {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly #lower: readonly string[];
  /** The word or mark that opened the parentheses around each word: the word before them. */
  readonly #within: readonly string[];
  readonly #byStart: ReadonlyMap<number, number>;

  constructor(text: string, tokens: readonly Token[]) {
    this.text = text;
    this.tokens = tokens;
    this.#lower = tokens.map((token) =>
      token.kind === 'word' || token.kind === 'mark' ? text.slice(token.start, token.end).toLowerCase() : '',
    );
    this.#byStart = new Map(tokens.map((token, index) => [token.start, index]));
    const open: string[] = [];
    this.#within = this.#lower.map((word, index) => {
      if (word === ')') open.pop();
      const around = open.at(-1) ?? '';
      if (word === '(') open.push(this.#lower[index - 1] ?? '');
      return around;
    });
  }

  /** The word or mark at an index, in lower case; empty for names in quotes, strings and numbers, and where there is none. */
  at(index: number): string {
    return this.#lower[index] ?? '';
  }

  kind(index: number): Token['kind'] | null {
    return this.tokens[index]?.kind ?? null;
  }

  /** The word before the parentheses that a word stands in. */
  within(index: number): string {
    return this.#within[index] ?? '';
  }

  /** The index of the token that begins at a place of the text; -1 where none does. */
  indexAt(start: number): number {
    return this.#byStart.get(start) ?? -1;
  }

  /** Whether these words follow one another from an index on. Each may be several, with | between them. */
  follow(index: number, ...words: readonly string[]): boolean {
    return words.every((word, at) => word.split('|').includes(this.at(index + at)) && this.at(index + at) !== '');
  }

  /** The index of the parenthesis that closes the one at an index; that of the last word where none does. */
  close(open: number): number {
    let depth = 0;
    for (let index = open; index < this.tokens.length; index++) {
      if (this.at(index) === '(') depth++;
      else if (this.at(index) === ')' && --depth === 0) return index;
    }
    return this.tokens.length - 1;
  }

  /** Whether two words stand next to one another without a blank. */
  touch(index: number): boolean {
    return this.tokens[index]?.end === this.tokens[index + 1]?.start;
  }

  /** What is shown instead of `count` words: a text at the beginning of the stretch, blanks for the rest. */
  edit(index: number, count: number, text = ''): Edit | null {
    const [first, last] = [this.tokens[index], this.tokens[index + count - 1]];
    if (!first || !last || last.end - first.start < text.length) return null;
    return { start: first.start, end: last.end, text: text.padEnd(last.end - first.start), next: index + count };
  }

  slice({ start, end }: Span): string {
    return this.text.slice(start, end);
  }

  refuse(rule: string, message: string, allowed: string, span: Span | null = null): Refuse {
    return refuse(this.text, rule, message, allowed, span);
  }
}
