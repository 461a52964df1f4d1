import { hint } from '../refusal.ts';
import type { Dialect } from './dialect.ts';
import { onlyReads, type Structure } from './structure.ts';
import type { Words } from './words.ts';

/** Refuses what the words alone give away, before anything is parsed. */
export function judgeWords(words: Words, dialect: Dialect): void {
  const [first] = words.tokens;
  if (!first) throw words.refuse('statement.empty', 'There is no statement.', onlyReads);
  const begins = dialect.diagnoses.some((one) => one.first && words.follow(0, ...one.words.split(' ')));
  if (first.kind === 'word' && !begins && !/^(select|with|values)$/.test(words.at(0))) {
    throw words.refuse('statement.not_read', `${words.at(0).toUpperCase()} is not a read.`, onlyReads, first);
  }
  for (const [index, token] of words.tokens.entries()) {
    const word = words.at(index);
    if (word === ';') {
      throw words.refuse('statement.multiple', 'Only one statement at a time.', onlyReads, words.tokens[index + 1] ?? token);
    }
    for (const { words: sequence, first: atStart, rule, message, allowed } of dialect.diagnoses) {
      if ((!atStart || index === 0) && words.follow(index, ...sequence.split(' '))) {
        const last = words.tokens[index + sequence.split(' ').length - 1] ?? token;
        throw words.refuse(rule, message, allowed, { start: token.start, end: last.end });
      }
    }
    if (token.kind === 'mark' && !dialect.marks.includes(word)) {
      throw words.refuse('construct.unlisted', `${word} has no place in a statement that reads.`, onlyReads, token);
    }
    const next = words.kind(index + 1);
    if ((token.kind === 'number' || token.kind === 'parameter') && words.touch(index) && (next === 'word' || next === 'number')) {
      throw words.refuse('statement.unparsed', 'A number runs into a word.', 'A blank between them.', token);
    }
  }
}

/**
 * The second look, by words alone: whatever the tree says, each word is a name that the tree has at that place or one of the
 * grammar that may be there, and what a parenthesis follows is a function of the list.
 */
export function judgeEveryWord({ words, dialect, idents, shown }: Structure): void {
  for (const [index, token] of words.tokens.entries()) {
    if (token.kind !== 'word' && token.kind !== 'quoted') continue;
    const word = words.at(index);
    const role = idents.get(token.start);
    const called = words.at(index + 1) === '(';
    if (role === undefined) {
      const known = token.kind === 'word' && (called ? dialect.before.has(word) || dialect.types.has(word) : isWord(word, dialect));
      const pivoted = called && words.within(index) === 'pivot' && dialect.functions.has(word);
      if (known || pivoted || shown(token.start)) continue;
      const written = words.slice(token);
      if (called) throw unlisted(written, words, dialect, index);
      throw words.refuse('construct.unlisted', `${written} has no place in a statement that reads.`, onlyReads, token);
    }
    if (role === 'function' ? !dialect.functions.has(word) && !dialect.bare.has(word) : called && !mayOpen(words, index, dialect)) {
      throw unlisted(words.slice(token), words, dialect, index);
    }
    const dotted = words.at(index - 1) === '.';
    const judged = role === 'alias' || (dialect.reservedEverywhere && role === 'name' && !dotted);
    if (token.kind === 'word' && judged && dialect.reserved.has(word)) {
      const message = `${words.slice(token)} is a word of ${dialect.label} and cannot be a name without quotes.`;
      throw words.refuse('name.reserved', message, `Another name, or ${dialect.quote(words.slice(token))}.`, token);
    }
  }
}

const isWord = (word: string, dialect: Dialect): boolean => dialect.words.has(word) || dialect.before.has(word) || dialect.types.has(word);

/** Whether a name may stand before a parenthesis: a WITH query, a new name with those of its columns, a window, a table function. */
function mayOpen(words: Words, index: number, dialect: Dialect): boolean {
  const before = words.at(index - 1);
  const after = words.at(words.close(index + 1) + 1);
  if (/^(with|recursive)$/.test(before) || (before === ',' && after === 'as')) return true;
  if (Object.hasOwn(dialect.tableFunctions, words.at(index)) && /^(from|,|join|apply)$/.test(before)) return true;
  return before === 'as' || before === ')' || words.follow(index + 1, '(', '+', ')');
}

function unlisted(name: string, words: Words, dialect: Dialect, index: number) {
  const near = hint(name, [...dialect.functions], 'functions');
  const message = `The function ${name} is not on the list of those that may be called.`;
  const allowed = `Functions that compute from their arguments alone. ${near.startsWith('Did') ? near : 'Ask an Admin.'}`;
  return words.refuse('function.unlisted', message, allowed, words.tokens[index] ?? null);
}
