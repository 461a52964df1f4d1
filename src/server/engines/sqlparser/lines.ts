/** A line of a text, looked at once. */
interface Line {
  readonly start: number;
  readonly end: number;
  readonly ascii: boolean;
  /** Columns, from 1, of the characters that take two places. */
  readonly wide: readonly number[];
}

/** How many of these, which ascend, are below a number. */
function countBelow(ascending: readonly number[], most: number): number {
  let low = 0;
  for (let high = ascending.length; low < high; ) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) < most) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Turns the lines and columns of the parser (counted from 1, in characters) into places in a text. */
export class Lines {
  readonly #text: string;
  readonly #starts: readonly number[];
  readonly #seen = new Map<number, Line>();

  constructor(text: string) {
    this.#text = text;
    const starts = [0];
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    this.#starts = starts;
  }

  #line(number: number): Line {
    const known = this.#seen.get(number);
    if (known) return known;
    const start = this.#starts[number - 1] ?? this.#text.length;
    const end = this.#starts[number] ?? this.#text.length;
    const text = this.#text.slice(start, end);
    const wide: number[] = [];
    const ascii = /^[\0-\x7f]*$/.test(text);
    if (!ascii) {
      let column = 1;
      for (const character of text) {
        if (character.length > 1) wide.push(column);
        column++;
      }
    }
    const line = { start, end, ascii, wide };
    this.#seen.set(number, line);
    return line;
  }

  offset(line: number, column: number): number {
    const { start, end, ascii, wide } = this.#line(line);
    if (ascii) return start + column - 1;
    return Math.min(start + Math.max(column, 1) - 1 + countBelow(wide, column), end);
  }
}
