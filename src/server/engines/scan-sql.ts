/** A piece of SQL text. `open` is the start of something that never ends. */
export interface Token {
  readonly kind: 'word' | 'quoted' | 'string' | 'number' | 'parameter' | 'mark' | 'comment' | 'open';
  readonly start: number;
  readonly end: number;
}

/** How a dialect writes its words, as far as a scanner has to know. */
export interface Lexis {
  /** Characters that open a quoted identifier, and the one that closes it. */
  readonly identifierQuotes: Readonly<Record<string, string>>;
  /** Whether E'…' strings know backslashes and $tag$…$tag$ quotes exist. */
  readonly escapes: boolean;
  /** Placeholders at this place of the text; sticky. */
  readonly parameter: RegExp;
}

const word = /[A-Za-z_\u0080-\u{10ffff}][\w$\u0080-\u{10ffff}]*/uy;
const number = /(?:0[xXoObB][\dA-Fa-f_]+|(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?)/y;
const dollarTag = /\$(?:[A-Za-z_\u0080-\u{10ffff}][\w\u0080-\u{10ffff}]*)?\$/uy;
const blank = /[ \t\r\n\f\v]/;

function matchAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : -1;
}

/** The end of what a quote opened, past doubled quotes (and backslashes where they count); -1 when it never ends. */
function quoteEnd(text: string, from: number, quote: string, backslash: boolean, doubled: boolean): number {
  for (let at = from; at < text.length; at++) {
    if (backslash && text[at] === '\\') at++;
    else if (text[at] === quote) {
      if (!doubled || text[at + 1] !== quote) return at + 1;
      at++;
    }
  }
  return -1;
}

/** Cuts SQL into tokens in one pass. It knows where quotes and comments end, and nothing of grammar. */
export function scanSql(text: string, lexis: Lexis): Token[] {
  const tokens: Token[] = [];
  const push = (kind: Token['kind'], start: number, end: number): number => {
    tokens.push(end < 0 ? { kind: 'open', start, end: text.length } : { kind, start, end });
    return end < 0 ? text.length : end;
  };
  for (let at = 0; at < text.length; ) {
    const first = text.charAt(at);
    const next = text[at + 1];
    if (blank.test(first)) at++;
    else if (first === '-' && next === '-') {
      const line = text.indexOf('\n', at);
      at = push('comment', at, line < 0 ? text.length : line);
    } else if (first === '/' && next === '*') {
      const close = text.indexOf('*/', at + 2);
      at = push('comment', at, close < 0 ? -1 : close + 2);
    } else if (first === "'") at = push('string', at, quoteEnd(text, at + 1, "'", false, true));
    else if (lexis.identifierQuotes[first] !== undefined) {
      const close = lexis.identifierQuotes[first];
      at = push('quoted', at, quoteEnd(text, at + 1, close, false, close === first));
    } else if (next === "'" && /[eEbBxXnN]/.test(first)) {
      at = push('string', at, quoteEnd(text, at + 2, "'", lexis.escapes && /[eE]/.test(first), true));
    } else if (lexis.escapes && /^U&['"]/i.test(text.slice(at, at + 3))) {
      const quote = text.charAt(at + 2);
      at = push(quote === "'" ? 'string' : 'quoted', at, quoteEnd(text, at + 3, quote, false, true));
    } else {
      const parameter = matchAt(lexis.parameter, text, at);
      const dollar = lexis.escapes && parameter < 0 && first === '$' ? matchAt(dollarTag, text, at) : -1;
      const wordEnd = parameter < 0 && dollar < 0 ? matchAt(word, text, at) : -1;
      const numberEnd = wordEnd < 0 && dollar < 0 && parameter < 0 ? matchAt(number, text, at) : -1;
      if (parameter > 0) at = push('parameter', at, parameter);
      else if (dollar > 0) {
        const tag = text.slice(at, dollar);
        const close = text.indexOf(tag, dollar);
        at = push('string', at, close < 0 ? -1 : close + tag.length);
      } else if (wordEnd > 0) at = push('word', at, wordEnd);
      else if (numberEnd > 0) at = push('number', at, numberEnd);
      else at = push('mark', at, at + 1);
    }
  }
  return tokens;
}
