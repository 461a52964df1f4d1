import type { Diagnosis, Rewrite } from '../sqlparser/dialect.ts';
import type { Words } from '../sqlparser/words.ts';
import { before, words as grammar } from './guard-names.ts';
import { reserved } from './guard-reserved.ts';

/** How many words from an index on are of this list, in any order. */
function run(words: Words, index: number, list: string): number {
  let count = 0;
  while (words.follow(index + count, list)) count++;
  return count;
}

/** Whether a word is the parenthesis that closes a call of a function. */
function closes(words: Words, index: number, name: string): boolean {
  for (let at = index - 1; at > 0 && words.at(index) === ')'; at--) {
    if (words.follow(at, '(') && words.close(at) === index) return words.at(at - 1) === name && words.at(at - 2) !== '.';
  }
  return false;
}

/** Whether a word can be the name of something: what stands behind it is then no operand of an operator. */
function isName(words: Words, index: number): boolean {
  const word = words.at(index);
  if (words.kind(index) !== 'word') return words.kind(index) === 'quoted';
  return !reserved.has(word) && !grammar.has(word) && !before.has(word);
}

const isJson = (word: string): boolean => /^json_(query|value|table|exists|object|array|objectagg|arrayagg|serialize|scalar)$/.test(word);

/** The words of IS JSON after JSON: STRICT, WITH UNIQUE KEYS and their kin. */
function jsonTest(words: Words, index: number): number {
  let count = run(words, index, 'strict|lax');
  if (words.follow(index + count, 'with|without', 'unique')) count += 2 + (words.follow(index + count + 2, 'keys') ? 1 : 0);
  return count;
}

/** The words of … ON ERROR, … ON EMPTY, … ON CONVERSION ERROR at an index; 0 where they are not. */
function onError(words: Words, index: number): number {
  let count = 0;
  if (words.follow(index, 'default') && /^(string|number)$/.test(words.kind(index + 1) ?? '')) count = 2;
  else if (words.follow(index, 'default', '-|+') && words.kind(index + 2) === 'number') count = 3;
  else if (words.follow(index, 'default', 'null')) count = 2;
  else if (words.follow(index, 'empty', 'array|object')) count = 2;
  else if (words.follow(index, 'error|null|empty|true|false')) count = 1;
  if (count === 0 || !words.follow(index + count, 'on')) return 0;
  if (words.follow(index + count + 1, 'error|empty|mismatch')) return count + 2;
  return words.follow(index + count + 1, 'conversion', 'error') ? count + 3 : 0;
}

/**
 * What the parser does not know. Each matches a fixed sequence of words that holds no name, no call and no constant of the person
 * that could be something else (or leaves those in place), so that nothing can hide in what is not shown.
 */
export const rewrites: readonly Rewrite[] = [
  {
    name: 'ORDER SIBLINGS BY a',
    at: (words, index) => (words.follow(index, 'siblings', 'by') && words.at(index - 1) === 'order' ? words.edit(index, 1) : null),
  },
  {
    // The order stays, so that every name of it is judged.
    name: 'MAX(a) KEEP (DENSE_RANK LAST ORDER BY b)',
    at: (words, index) =>
      words.follow(index, 'keep', '(', 'dense_rank', 'first|last', 'order', 'by') && words.at(index - 1) === ')'
        ? words.edit(index, 4, 'WITHIN GROUP (')
        : null,
  },
  {
    name: 'a AT LOCAL',
    at: (words, index) =>
      words.follow(index, 'at', 'local') && (words.at(index - 1) === ')' || isName(words, index - 1)) ? words.edit(index, 2) : null,
  },
  {
    name: "JSON_QUERY(a, '$' WITH CONDITIONAL ARRAY WRAPPER)",
    at: (words, index) => {
      if (!words.follow(index, 'with|without') || !isJson(words.within(index))) return null;
      const count = 1 + run(words, index + 1, 'conditional|unconditional|array');
      return words.follow(index + count, 'wrapper') ? words.edit(index, count + 1) : null;
    },
  },
  {
    name: "JSON_VALUE(a, '$' NULL ON EMPTY), CAST(a AS NUMBER DEFAULT 0 ON CONVERSION ERROR)",
    at: (words, index) => {
      const count = onError(words, index);
      const around = words.within(index);
      return count > 0 && (isJson(around) || /^(cast|to_\w+)$/.test(around)) ? words.edit(index, count) : null;
    },
  },
  {
    // Another test without arguments, of the same thing.
    name: 'a IS NOT JSON STRICT WITH UNIQUE KEYS',
    at: (words, index) =>
      words.follow(index, 'json') && (words.at(index - 1) === 'is' || words.follow(index - 2, 'is', 'not'))
        ? words.edit(index, 1 + jsonTest(words, index + 1), 'NULL')
        : null,
  },
  {
    name: "JSON_OBJECT(KEY 'a' VALUE b), JSON_OBJECT('a' : b)",
    at: (words, index) => {
      if (!/^json_object(agg)?$/.test(words.within(index))) return null;
      if (words.follow(index, ':')) return words.edit(index, 1, ',');
      const key = words.follow(index, 'key') && /^[(,]$/.test(words.at(index - 1)) && words.kind(index + 1) === 'string';
      return key ? words.edit(index, 1) : null;
    },
  },
  {
    name: 'NTH_VALUE(a, 2) FROM FIRST OVER (…)',
    at: (words, index) =>
      words.follow(index, 'from', 'first|last', 'over|ignore|respect') && closes(words, index - 1, 'nth_value')
        ? words.edit(index, 2)
        : null,
  },
  {
    name: 'a ^= b',
    at: (words, index) => (words.follow(index, '^', '=') && words.touch(index) ? words.edit(index, 2, '<>') : null),
  },
  {
    name: 'a = ANY (1, 2)',
    at: (words, index) =>
      words.follow(index, 'any|some|all', '(') && /^[=<>]$/.test(words.at(index - 1)) && !/^(select|with|\()$/.test(words.at(index + 2))
        ? words.edit(index, 1)
        : null,
  },
  {
    name: 'SELECT UNIQUE a',
    at: (words, index) => (words.follow(index, 'unique') && words.at(index - 1) === 'select' ? words.edit(index, 1, 'ALL') : null),
  },
  {
    // A part of a table that is published as a whole; its name is no other thing’s.
    name: 'FROM t PARTITION (p)',
    at: (words, index) =>
      words.follow(index, 'partition|subpartition', '(') &&
      words.kind(index + 2) === 'word' &&
      words.at(index + 3) === ')' &&
      isName(words, index - 1) &&
      /^(from|join|,|\.)$/.test(words.at(index - 2))
        ? words.edit(index, 4)
        : null,
  },
  {
    name: '1d, 1.5f',
    at: (words, index) => {
      const token = words.tokens[index];
      const written = token?.kind === 'number' ? words.slice(token) : '';
      return /[dDfF]$/.test(written) && !/^0x/i.test(written) ? words.edit(index, 1, written.slice(0, -1)) : null;
    },
  },
  {
    // A cast with the same argument and type.
    name: 'VALIDATE_CONVERSION(a AS NUMBER)',
    at: (words, index) => (words.follow(index, 'validate_conversion', '(') ? words.edit(index, 1, 'CAST') : null),
  },
];

const noLocks = { rule: 'rows.locked', allowed: 'The same SELECT without FOR ….' };

/** Messages for what would be refused anyway. */
export const diagnoses: readonly Diagnosis[] = [
  { words: '@', rule: 'relation.unknown', message: 'Another database cannot be read through a link.', allowed: 'Published tables.' },
  { words: 'for update', ...noLocks, message: 'FOR UPDATE locks rows.' },
  { words: 'into', rule: 'statement.not_read', message: 'SELECT … INTO writes.', allowed: 'The same SELECT without INTO.' },
  {
    words: 'with function|procedure',
    rule: 'statement.not_read',
    message: 'WITH FUNCTION runs a program.',
    allowed: 'WITH q AS (SELECT …)',
  },
  {
    words: '. nextval|currval',
    rule: 'function.unlisted',
    message: 'Sequences are moved on by reading them.',
    allowed: 'ROWNUM, ROW_NUMBER() OVER ()',
  },
  {
    words: 'xmltable|xmlquery|xmlexists',
    rule: 'function.unlisted',
    message: 'XQuery can read from elsewhere.',
    allowed: 'JSON_TABLE, JSON_VALUE',
  },
  {
    words: 'model dimension|partition|reference|return|ignore|keep|unique',
    rule: 'construct.unlisted',
    message: 'MODEL cannot be judged.',
    allowed: 'Analytic functions.',
  },
];
