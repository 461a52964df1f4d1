import { describe, expect, test } from 'vitest';
import { folded, jsonText, visible } from './print.ts';

const evil = 'a\u001b]0;owned\u0007b\u009b2Jc\u202ed\u200be\u2066f\u00adg\r\nh\u{e0041}';

describe('text of a database on a terminal', () => {
  test('is written out where it would steer it', () => {
    expect(visible(evil)).toBe('a\\u001b]0;owned\\u0007b\\u009b2Jc\\u202ed\\u200be\\u2066f\\u00adg\\u000d\\u000ah\\udb40\\udc41');
    expect(visible('Zürich 東京 😀 naïve')).toBe('Zürich 東京 😀 naïve');
  });

  test('keeps line ends only where we made them', () => {
    expect(visible('one\ntwo', 'keep lines')).toBe('one\ntwo');
    expect(visible('one\ntwo')).toBe('one\\u000atwo');
  });

  test('is still the same as JSON', () => {
    const text = jsonText({ [evil]: [evil, 1, null] });
    expect(text).not.toMatch(/[^\n\P{Cc}]|\p{Cf}/u);
    expect(JSON.parse(text)).toEqual({ [evil]: [evil, 1, null] });
  });
});

describe('a long line', () => {
  const text = 'one two three four five six';
  test('is broken between words on a terminal, under where the text begins', () => {
    expect(folded('try: ', text, { isTTY: true, columns: 20 })).toBe('try: one two three\n     four five six');
    expect(folded('try: ', text, { isTTY: true, columns: 80 })).toBe(`try: ${text}`);
    expect(folded('', 'unbreakable', { isTTY: true, columns: 5 })).toBe('unbreakable');
  });
  test('is one line for a program', () => {
    expect(folded('try: ', text, { columns: 20 })).toBe(`try: ${text}`);
    expect(folded('a', 'b\u001b\nc', { isTTY: true, columns: 80 })).toBe('ab\\u001b\\u000ac');
  });
});
