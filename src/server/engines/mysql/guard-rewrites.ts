import type { Diagnosis, Rewrite } from '../sqlparser/dialect.ts';
import { charsets, units } from './guard-names.ts';
import { reserved } from './guard-reserved.ts';

/**
 * What the parser does not know. Each matches a fixed sequence of words that holds no name, no call and no constant of the person
 * that could be something else (or leaves those in place), so that nothing can hide in what is not shown.
 */
export const rewrites: readonly Rewrite[] = [
  {
    name: 'GROUP BY … WITH ROLLUP',
    at: (words, index) => (words.follow(index, 'with', 'rollup') ? words.edit(index, 2) : null),
  },
  {
    name: 'a SOUNDS LIKE b',
    at: (words, index) =>
      // Behind a dot, a comma or a word of grammar it is a column of that name.
      words.follow(index, 'sounds', 'like') &&
      (words.kind(index - 1) === 'mark' ? words.at(index - 1) === ')' : !reserved.has(words.at(index - 1)))
        ? words.edit(index, 1)
        : null,
  },
  {
    // Such units are reserved words: they can be no name, but behind a dot.
    name: 'EXTRACT(YEAR_MONTH FROM d), INTERVAL 1 DAY_HOUR',
    at: (words, index) =>
      words.at(index).includes('_') && units.has(words.at(index)) && words.at(index - 1) !== '.' ? words.edit(index, 1, 'YEAR') : null,
  },
  {
    name: 'CAST(a AS CHAR(10) CHARACTER SET utf8mb4)',
    at: (words, index) => {
      const count = words.follow(index, 'character', 'set') ? 3 : words.follow(index, 'charset') ? 2 : 0;
      const inCast = /^(cast|convert)$/.test(words.within(index));
      return count > 0 && inCast && charsets.has(words.at(index + count - 1)) ? words.edit(index, count) : null;
    },
  },
  {
    name: 'CHAR(77 USING utf8mb4)',
    at: (words, index) =>
      words.follow(index, 'using') && words.within(index) === 'char' && charsets.has(words.at(index + 1)) && words.at(index + 2) === ')'
        ? words.edit(index, 2)
        : null,
  },
  {
    // A reserved word: without a parenthesis behind it it is no call.
    name: 'a MOD b',
    at: (words, index) => (words.follow(index, 'mod') && words.at(index + 1) !== '(' ? words.edit(index, 1, '%') : null),
  },
  {
    // Another sign with one operand: what it is applied to stays as it is.
    name: '!a',
    at: (words, index) => (words.follow(index, '!') && words.at(index + 1) !== '=' ? words.edit(index, 1, '+') : null),
  },
];

const noVariables = { rule: 'variable.unlisted', allowed: 'Values bound to placeholders (?).' };
const noLocks = { rule: 'rows.locked', allowed: 'The same SELECT without it.' };

/** Messages for what would be refused anyway. */
export const diagnoses: readonly Diagnosis[] = [
  { words: '@', ...noVariables, message: 'Variables hold a state of the session.' },
  { words: ': =', ...noVariables, message: ':= writes a variable.' },
  { words: 'into', rule: 'statement.not_read', message: 'SELECT … INTO writes.', allowed: 'The same SELECT without INTO.' },
  { words: 'for update|share', ...noLocks, message: 'FOR UPDATE and its kin lock rows.' },
  { words: 'lock in', ...noLocks, message: 'LOCK IN SHARE MODE locks rows.' },
  {
    words: 'procedure',
    rule: 'construct.unlisted',
    message: 'PROCEDURE ANALYSE is not among what a statement may be made of.',
    allowed: 'Aggregates.',
  },
  { words: 'table', first: true, rule: 'construct.unlisted', message: 'TABLE t cannot be judged here.', allowed: 'SELECT * FROM t' },
];
