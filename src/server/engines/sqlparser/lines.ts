/** Turns the lines and columns of the parser (counted from 1, in characters) into places in a text. */
export class Lines {
  readonly #text: string;
  readonly #starts: readonly number[];

  constructor(text: string) {
    this.#text = text;
    const starts = [0];
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    this.#starts = starts;
  }

  offset(line: number, column: number): number {
    const start = this.#starts[line - 1] ?? this.#text.length;
    const end = this.#starts[line] ?? this.#text.length;
    if (/^[\0-\x7f]*$/.test(this.#text.slice(start, end))) return start + column - 1;
    let at = start;
    for (let seen = 1; seen < column && at < end; seen++) at += (this.#text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
    return at;
  }
}
