import type { Diagnosis, Rewrite } from '../sqlparser/dialect.ts';
import type { Words } from '../sqlparser/words.ts';

const constant = (words: Words, index: number): boolean => words.kind(index) === 'number';

/** The words of OPTION (…) up to its end, when it holds nothing but what cannot change more than the plan of this statement. */
function optionEnd(words: Words, index: number): number {
  const close = words.close(index + 1);
  for (let at = index + 2; at < close; ) {
    if (words.follow(at, 'recompile')) at++;
    else if (words.follow(at, 'maxdop') && constant(words, at + 1)) at += 2;
    else if (words.follow(at, 'maxrecursion') && constant(words, at + 1) && isPositive(words, at + 1)) at += 2;
    else if (words.follow(at, 'fast') && constant(words, at + 1)) at += 2;
    else if (words.follow(at, 'hash|merge|loop', 'join') || words.follow(at, 'force', 'order')) at += 2;
    else if (words.follow(at, 'hash|order', 'group') || words.follow(at, 'keep|robust', 'plan')) at += 2;
    else if (words.follow(at, 'optimize', 'for', 'unknown')) at += 3;
    else return -1;
    if (at < close && words.at(at++) !== ',') return -1;
  }
  return words.at(close) === ')' && close > index + 2 && close === words.tokens.length - 1 ? close : -1;
}

/** MAXRECURSION 0 would be without end. */
function isPositive(words: Words, index: number): boolean {
  const token = words.tokens[index];
  return token !== undefined && Number(words.slice(token)) > 0;
}

/** A path that names the text of a value and nothing else, and a type of text to give it as. */
const ownText = /^N?'(?:\.|text\(\)|\.\/text\(\)|\(?(?:\.|text\(\)|\.\/text\(\))\)?\[1\])'$/i;
const asText = /^N?'n?varchar\((?:max|\d{1,4})\)'$/i;

/** Whether it is the constant of a text that a pattern fits. */
function isText(words: Words, index: number, pattern: RegExp): boolean {
  const token = words.tokens[index];
  return token?.kind === 'string' && pattern.test(words.slice(token));
}

/** The stretch of GROUPING SETS (…) within a statement that an index lies in, if it does. */
function insideSets(words: Words, index: number): boolean {
  for (let at = index; at >= 2; at--) if (words.follow(at - 2, 'grouping', 'sets', '(')) return words.close(at) > index;
  return false;
}

/**
 * What the parser does not know. Each matches a fixed sequence of words that holds no name, no call and no constant of the person
 * that could be something else (or leaves those in place), so that nothing can hide in what is not shown.
 */
export const rewrites: readonly Rewrite[] = [
  {
    name: 'GROUP BY … WITH CUBE, WITH ROLLUP',
    at: (words, index) => (words.follow(index, 'with', 'cube|rollup') ? words.edit(index, 2) : null),
  },
  {
    // A call with the same lists as arguments: all that stands in them is judged as ever.
    name: 'GROUPING SETS ((a), (b), ())',
    at: (words, index) => {
      if (words.follow(index, 'grouping', 'sets', '(')) return words.edit(index, 2, 'ROLLUP');
      return words.follow(index, '(', ')') && insideSets(words, index) ? words.edit(index, 2, '0') : null;
    },
  },
  {
    name: 'OPTION (RECOMPILE, MAXDOP 2, MAXRECURSION 100)',
    at: (words, index) => {
      const end = words.follow(index, 'option', '(') ? optionEnd(words, index) : -1;
      return end < 0 ? null : words.edit(index, end - index + 1);
    },
  },
  {
    // A placeholder of the same length, which the parser does not take there.
    name: 'FETCH NEXT @p1 ROWS ONLY',
    at: (words, index) => {
      const token = words.tokens[index];
      const count = token?.kind === 'parameter' && words.follow(index - 2, 'fetch', 'next|first');
      return count ? words.edit(index, 1, '1'.repeat(token.end - token.start)) : null;
    },
  },
  {
    name: 'INNER HASH JOIN',
    at: (words, index) =>
      words.follow(index, 'hash|merge|loop', 'join') && /^(inner|left|right|full|outer)$/.test(words.at(index - 1))
        ? words.edit(index, 1)
        : null,
  },
  {
    name: 'a !> b, a !< b',
    at: (words, index) =>
      words.follow(index, '!', '>|<') && words.touch(index) ? words.edit(index, 2, words.at(index + 1) === '>' ? '<=' : '>=') : null,
  },
  {
    name: "PARSE(a AS date USING 'en-US')",
    at: (words, index) => {
      if (words.follow(index, 'parse', '(')) return words.edit(index, 1, 'CAST');
      if (words.follow(index, 'try_parse', '(')) return words.edit(index, 1, 'TRY_CAST');
      const culture = words.follow(index, 'using') && words.kind(index + 1) === 'string' && words.at(index + 2) === ')';
      return culture && /^(try_)?parse$/.test(words.within(index)) ? words.edit(index, 2) : null;
    },
  },
  {
    // Of the XML that the query before it just made. Any other path could name columns.
    name: "(SELECT ', ' + a FROM t FOR XML PATH(''), TYPE).value('.', 'nvarchar(max)')",
    at: (words, index) =>
      words.follow(index, '.', 'value', '(') &&
      words.follow(index - 3, ',', 'type', ')') &&
      isText(words, index + 3, ownText) &&
      words.at(index + 4) === ',' &&
      isText(words, index + 5, asText) &&
      words.at(index + 6) === ')'
        ? words.edit(index, 7)
        : null,
  },
  {
    name: "JSON_OBJECT('a': b)",
    at: (words, index) => (words.follow(index, ':') && /^json_object(agg)?$/.test(words.within(index)) ? words.edit(index, 1, ',') : null),
  },
];

const onlyTables = { rule: 'function.unlisted', allowed: 'Published tables.' };

/** Messages for what would be refused anyway. */
export const diagnoses: readonly Diagnosis[] = [
  {
    words: '@',
    rule: 'variable.unlisted',
    message: 'Variables hold a state of the session.',
    allowed: 'Values bound to placeholders (@p1 or ?).',
  },
  { words: '#', rule: 'relation.unknown', message: 'Temporary tables are not published.', allowed: 'Published tables, WITH.' },
  { words: 'into', rule: 'statement.not_read', message: 'SELECT … INTO writes.', allowed: 'The same SELECT without INTO.' },
  {
    words: 'next value for',
    rule: 'function.unlisted',
    message: 'NEXT VALUE FOR moves a sequence on.',
    allowed: 'ROW_NUMBER() OVER (ORDER BY …)',
  },
  { words: 'openrowset|openquery|opendatasource|openxml', ...onlyTables, message: 'That reads from elsewhere than the database.' },
  { words: '$', rule: 'construct.unlisted', message: 'Money is not written with its sign here.', allowed: '1.50, or CAST(1.50 AS money)' },
];
