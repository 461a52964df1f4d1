import { describe, expect, test } from 'vitest';
import { fingerprintOf, shapeOf } from './fingerprint.ts';
import { prefilter, tooLong } from './prefilter.ts';
import { hint, nearest, positionOf } from './refusal.ts';
import { type Lexis, scanSql } from './scan-sql.ts';

const lexis: Lexis = { identifierQuotes: { '"': '"' }, escapes: true, parameter: /\$\d+/y };
const brackets: Lexis = { identifierQuotes: { '"': '"', '`': '`', '[': ']' }, escapes: false, parameter: /\?\d*/y };
const cut = (text: string, by = lexis) => scanSql(text, by).map((token) => `${token.kind}:${text.slice(token.start, token.end)}`);
const refused = (text: string, by = lexis) => prefilter(text, scanSql(text, by))?.refusal.rule ?? null;

describe('the scanner', () => {
  test.each([
    ['SELECT \'it\'\'s\' AS "a""b"', ['word:SELECT', "string:'it''s'", 'word:AS', 'quoted:"a""b"']],
    ["E'\\'' x", ["string:E'\\''", 'word:x']],
    ['$a$ $b$ $a$ $1', ['string:$a$ $b$ $a$', 'parameter:$1']],
    ['$$;$$;', ['string:$$;$$', 'mark:;']],
    ['a--b\nc', ['word:a', 'comment:--b', 'word:c']],
    ['a/*;*/b', ['word:a', 'comment:/*;*/', 'word:b']],
    ['1.5e3+.5-0x1F', ['number:1.5e3', 'mark:+', 'number:.5', 'mark:-', 'number:0x1F']],
    ['U&"d\\0061ta" U&\'x\'', ['quoted:U&"d\\0061ta"', "string:U&'x'"]],
    ['née_1$ 駅', ['word:née_1$', 'word:駅']],
    ["'open", ["open:'open"]],
    ['/* open', ['open:/* open']],
  ])('cuts %s', (text, tokens) => expect(cut(text)).toEqual(tokens));

  test('knows brackets and backticks where the dialect has them, and no backslash there', () => {
    expect(cut('[a]] `b``c` ?1 ?', brackets)).toEqual(['quoted:[a]', 'mark:]', 'quoted:`b``c`', 'parameter:?1', 'parameter:?']);
    expect(cut("'a\\' b", brackets)).toEqual(["string:'a\\'", 'word:b']);
  });
});

describe('the scanner of other dialects', () => {
  const mysql: Lexis = {
    identifierQuotes: { '`': '`' },
    stringQuotes: '\'"',
    stringPrefixes: 'xXbBnN',
    backslashes: true,
    hashComments: true,
    escapes: false,
    parameter: /\?/y,
  };
  const tsql: Lexis = {
    identifierQuotes: { '"': '"', '[': ']' },
    doubledBrackets: true,
    stringPrefixes: 'nN',
    escapes: false,
    parameter: /@p\d+/y,
    word: /[A-Za-z_][\w$#@]*/y,
  };
  const oracle: Lexis = {
    identifierQuotes: { '"': '"' },
    stringPrefixes: 'nN',
    chosenQuotes: true,
    escapes: false,
    parameter: /:\w+/y,
    number: /\d+(?:\.\d*)?[dDfF]?/y,
  };

  test.each([
    ["'a\\' b'", ["string:'a\\' b'"]],
    ['"a\\"b" `c``d`', ['string:"a\\"b"', 'quoted:`c``d`']],
    ["'a''b' x'41' e'f'", ["string:'a''b'", "string:x'41'", 'word:e', "string:'f'"]],
    ['a # b\nc -- d', ['word:a', 'comment:# b', 'word:c', 'comment:-- d']],
    ["'a\\\\' b", ["string:'a\\\\'", 'word:b']],
    ["'a\\'", ["open:'a\\'"]],
  ])('backslashes, two kinds of string and # comments: %s', (text, tokens) => expect(cut(text, mysql)).toEqual(tokens));

  test.each([
    ["[a']b", ["quoted:[a']", 'word:b']],
    ['[a]]b] "c""d"', ['quoted:[a]]b]', 'quoted:"c""d"']],
    ["N'a\\' @p1 @x", ["string:N'a\\'", 'parameter:@p1', 'mark:@', 'word:x']],
    ['a#b #c', ['word:a#b', 'mark:#', 'word:c']],
  ])('brackets that double: %s', (text, tokens) => expect(cut(text, tsql)).toEqual(tokens));

  test.each([
    ["q'[a'b]' c", ["string:q'[a'b]'", 'word:c']],
    ["Q'!a'!' nq'{b}' 'c'", ["string:Q'!a'!'", "string:nq'{b}'", "string:'c'"]],
    ["q'[a]", ["open:q'[a]"]],
    [':1 :name 1.5f', ['parameter::1', 'parameter::name', 'number:1.5f']],
  ])('quotes of the writer’s choice: %s', (text, tokens) => expect(cut(text, oracle)).toEqual(tokens));
});

describe('the prefilter', () => {
  test.each([
    ['SELECT 1\0', 'character.forbidden'],
    ['\ufeffSELECT 1', 'character.forbidden'],
    ['SELECT 1\rFROM t', 'character.forbidden'],
    ['SELECT\u00a01', 'character.forbidden'],
    ['SELECT a\u200bb', 'character.forbidden'],
    ['SELECT 1 -- \u202e evil', 'character.forbidden'],
    ['SELECT ｆ(1)', 'character.forbidden'],
    ["SELECT '\ud800'", 'character.forbidden'],
    ["SELECT 'a", 'text.unterminated'],
    ['SELECT 1 /* /* */ */', 'comment.nested'],
    [`SELECT ${'('.repeat(65)}1${')'.repeat(65)}`, 'statement.too_complex'],
    [`SELECT ${'f('.repeat(13)}1${')'.repeat(13)}`, 'statement.too_complex'],
    [`SELECT 1${',1'.repeat(10_001)}`, 'statement.too_complex'],
    [`SELECT ${'('.repeat(60)}1${')'.repeat(60)}`, null],
    [`SELECT ${'f('.repeat(12)}1${')'.repeat(12)}`, null],
    [`SELECT 1 WHERE ${'x IN ('.repeat(20)}1${')'.repeat(20)}`, null],
    ['SELECT \'naïve\u00a0café \u202e 駅 ｆ\'\r\n\tFROM "日本\u3000語"', null],
    ['SELECT 1 -- /* not a comment in a comment', null],
  ])('%j', (text, rule) => expect(refused(text)).toBe(rule));

  test('does not look at what is longer than 64 KiB in UTF-8', () => {
    expect(tooLong('a'.repeat(65_536))).toBeNull();
    expect(tooLong('é'.repeat(32_769))?.refusal.rule).toBe('text.oversized');
  });
});

describe('the fingerprint', () => {
  const shape = (text: string) => shapeOf(text, scanSql(text, lexis));
  test('leaves out constants, comments, case and spacing', () => {
    expect(shape('SELECT  A, "b", "C d" FROM T WHERE x IN (1, \'a\', $1) /* c */;')).toBe('select a , b , "C d" from t where x in ( ? )');
    expect(fingerprintOf('a', scanSql('a', lexis))).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe('hints and places', () => {
  test('the nearest names come first, and nothing far', () => {
    expect(nearest('custmer', ['orders', 'customers', 'customer'])).toEqual(['customer', 'customers']);
    expect(nearest('x', ['orders'])).toEqual([]);
    expect(hint('zzz', ['a', 'b'], 'tables')).toBe('The tables: a, b.');
    expect(hint('zzz', [], 'tables')).toBe('There are no tables.');
  });
  test('lines and columns are counted from one', () => {
    expect(positionOf('a\nbc', { start: 3, end: 4 })).toEqual({ start: 3, end: 4, line: 2, column: 2 });
    expect(positionOf('a', null)).toBeNull();
  });
});
