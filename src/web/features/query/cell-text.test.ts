import { expect, test } from 'vitest';
import { isNumeric, shownOf, textOf, widthsOf } from './cell-text.ts';
import { writeCsv } from './write-csv.ts';

const columns = [
  { name: 'id', type: 'bigint', masked: false },
  { name: 'note', type: 'text', masked: false },
];

test('null is no text, and the empty text is one', () => {
  expect(textOf(null)).toBeNull();
  expect(textOf('')).toBe('');
  expect(textOf({ a: [1, null] })).toBe('{"a":[1,null]}');
  expect(textOf(false)).toBe('false');
});

test.each([
  ['bigint', true],
  ['numeric(12,2)', true],
  ['INTEGER', true],
  ['double precision', true],
  ['interval', false],
  ['integer[]', false],
  ['point', false],
  ['text', false],
])('values of %s stand as figures: %s', (type, numeric) => expect(isNumeric(type)).toBe(numeric));

test('a cell shows one line, and not more than can be seen', () => {
  expect(shownOf('a\r\nb\tc')).toBe('a⏎ b⇥ c');
  expect(shownOf('x'.repeat(10_000)).length).toBeLessThan(400);
});

test('no column is wider than can be read', () => {
  const widths = widthsOf({ columns, rows: [['1', 'x'.repeat(5_000)]] });
  expect(widths[0]).toBeLessThan(12);
  expect(widths[1]).toBeLessThan(60);
});

test('a file tells null from empty text, and holds no formula', () => {
  const rows = [
    ['-1', null],
    ['2', ''],
    ['3', '=cmd()'],
    ['4', '@a,"b"\nc'],
    ['5', '-1e5'],
  ];
  expect(writeCsv(columns, rows)).toBe(`id,note\r\n-1,\r\n2,""\r\n3,'=cmd()\r\n4,"'@a,""b""\nc"\r\n5,-1e5\r\n`);
});
