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
  /** Characters that open and close a string; ' alone where left out. */
  readonly stringQuotes?: string;
  /** Letters that may stand right before the quote of a string; those of PostgreSQL and SQLite where left out. */
  readonly stringPrefixes?: string;
  /** Whether a backslash in any string makes the next character part of it. */
  readonly backslashes?: boolean;
  /** Whether # begins a comment that ends with the line. */
  readonly hashComments?: boolean;
  /** Whether q'[…]' strings exist. */
  readonly chosenQuotes?: boolean;
  /** Whether a quote that closes is written twice to stand for itself, where it is not the one that opens. */
  readonly doubledBrackets?: boolean;
  /** Words at this place of the text, where they differ from those of most dialects; sticky. */
  readonly word?: RegExp;
  /** Numbers at this place of the text, where they differ; sticky. */
  readonly number?: RegExp;
}

const usualWord = /[A-Za-z_\u0080-\u{10ffff}][\w$\u0080-\u{10ffff}]*/uy;
const usualNumber = /(?:0[xXoObB][\dA-Fa-f_]+|(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?)/y;
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

const closing: Readonly<Record<string, string>> = { '[': ']', '{': '}', '<': '>', '(': ')' };

/** The end of a string whose quotes its writer chose, q'[…]'; -1 when it never ends, 0 when there is none here. */
function chosenEnd(text: string, at: number): number {
  const opening = /^n?q'([^\s'])/iu.exec(text.slice(at, at + 5));
  const quote = opening?.[1];
  if (!opening || quote === undefined) return 0;
  const close = text.indexOf(`${closing[quote] ?? quote}'`, at + opening[0].length);
  return close < 0 ? -1 : close + quote.length + 1;
}

/** The end of a comment that begins here; -1 when it never ends, 0 when there is none here. */
function commentEnd(text: string, at: number, hash: boolean): number {
  const two = text.slice(at, at + 2);
  if (two === '--' || (hash && two[0] === '#')) {
    const line = text.indexOf('\n', at);
    return line < 0 ? text.length : line;
  }
  if (two !== '/*') return 0;
  const close = text.indexOf('*/', at + 2);
  return close < 0 ? -1 : close + 2;
}

/** The end of a string or a quoted identifier that begins here, with what it is; null where there is none. */
function quotedAt(text: string, at: number, lexis: Lexis): { kind: 'string' | 'quoted'; end: number } | null {
  const { stringQuotes = "'", stringPrefixes = 'eEbBxXnN', backslashes = false } = lexis;
  const first = text.charAt(at);
  const next = text[at + 1];
  if (stringQuotes.includes(first)) return { kind: 'string', end: quoteEnd(text, at + 1, first, backslashes, true) };
  const close = lexis.identifierQuotes[first];
  if (close !== undefined) {
    return { kind: 'quoted', end: quoteEnd(text, at + 1, close, false, close === first || lexis.doubledBrackets === true) };
  }
  if (next === "'" && stringPrefixes.includes(first)) {
    return { kind: 'string', end: quoteEnd(text, at + 2, "'", backslashes || (lexis.escapes && /[eE]/.test(first)), true) };
  }
  if (lexis.escapes && /^U&['"]/i.test(text.slice(at, at + 3))) {
    const quote = text.charAt(at + 2);
    return { kind: quote === "'" ? 'string' : 'quoted', end: quoteEnd(text, at + 3, quote, false, true) };
  }
  const chosen = lexis.chosenQuotes ? chosenEnd(text, at) : 0;
  return chosen === 0 ? null : { kind: 'string', end: chosen };
}

/** The token that begins here, which is no blank, no comment and no quote. */
function plainAt(text: string, at: number, lexis: Lexis): { kind: Token['kind']; end: number } {
  const parameter = matchAt(lexis.parameter, text, at);
  if (parameter > 0) return { kind: 'parameter', end: parameter };
  const dollar = lexis.escapes && text[at] === '$' ? matchAt(dollarTag, text, at) : -1;
  if (dollar > 0) {
    const tag = text.slice(at, dollar);
    const close = text.indexOf(tag, dollar);
    return { kind: 'string', end: close < 0 ? -1 : close + tag.length };
  }
  const word = matchAt(lexis.word ?? usualWord, text, at);
  if (word > 0) return { kind: 'word', end: word };
  const number = matchAt(lexis.number ?? usualNumber, text, at);
  return number > 0 ? { kind: 'number', end: number } : { kind: 'mark', end: at + 1 };
}

/** Cuts SQL into tokens in one pass. It knows where quotes and comments end, and nothing of grammar. */
export function scanSql(text: string, lexis: Lexis): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; ) {
    if (blank.test(text.charAt(at))) {
      at++;
      continue;
    }
    const comment = commentEnd(text, at, lexis.hashComments === true);
    const { kind, end } =
      comment !== 0 ? { kind: 'comment' as const, end: comment } : (quotedAt(text, at, lexis) ?? plainAt(text, at, lexis));
    tokens.push(end < 0 ? { kind: 'open', start: at, end: text.length } : { kind, start: at, end });
    at = end < 0 ? text.length : end;
  }
  return tokens;
}
