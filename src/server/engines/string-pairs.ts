/** How values are quoted: `quotes` in '…' or "…" with the quote doubled within; `braces` in {…} with } doubled. */
export type Quoting = 'quotes' | 'braces';

/** The pairs of a text, and whether it breaks off before its end. */
export interface Pairs {
  readonly pairs: readonly (readonly [name: string, value: string])[];
  readonly torn: boolean;
}

const closers: Record<Quoting, Readonly<Record<string, string>>> = { quotes: { '"': '"', "'": "'" }, braces: { '{': '}' } };

/** The end of a quoted value, past doubled closers; -1 where it never ends. */
function closing(text: string, from: number, closer: string): number {
  for (let at = text.indexOf(closer, from); at >= 0; at = text.indexOf(closer, at + 2)) {
    if (text[at + 1] !== closer) return at;
  }
  return -1;
}

const blanks = /\s*/y;
function pastBlanks(text: string, at: number): number {
  // Beyond the end the expression would begin anew.
  if (at >= text.length) return text.length;
  blanks.lastIndex = at;
  blanks.test(text);
  return blanks.lastIndex;
}

/** The pairs of `Name=value;Name=value`, by a scan that never looks back. */
export function semicolonPairs(text: string, quoting: Quoting): Pairs {
  const pairs: (readonly [string, string])[] = [];
  for (let at = pastBlanks(text, 0); at < text.length; at = pastBlanks(text, at + 1)) {
    if (text[at] === ';') continue;
    const equals = text.indexOf('=', at);
    const name = text.slice(at, equals);
    if (equals < 0 || name.includes(';')) return { pairs, torn: true };
    const start = pastBlanks(text, equals + 1);
    const closer = closers[quoting][text[start] ?? ''];
    let end: number;
    if (closer) {
      const close = closing(text, start + 1, closer);
      end = pastBlanks(text, close + 1);
      if (close < 0 || (end < text.length && text[end] !== ';')) return { pairs, torn: true };
      pairs.push([name.trim(), text.slice(start + 1, close).replaceAll(closer + closer, closer)]);
    } else {
      const semicolon = text.indexOf(';', equals);
      end = semicolon < 0 ? text.length : semicolon;
      pairs.push([name.trim(), text.slice(start, end).trim()]);
    }
    at = end;
  }
  return { pairs, torn: false };
}

/** Whether the text starts with one of these names and an equals sign, as `Name=value;…` does. */
export const startsWithName = (text: string, names: RegExp): boolean => {
  const equals = text.slice(0, 60).indexOf('=');
  return equals > 0 && names.test(text.slice(0, equals).trim());
};

/** Why such a text cannot be read. */
export const tornPairs = (quoting: Quoting): string =>
  `The text breaks off: write Name=value with semicolons between, and a value that holds a ; or begins with a quote in ${quoting === 'quotes' ? 'quotes' : '{braces}'}.`;
