import { describe, expect, test } from 'vitest';
import { jsonText, visible } from './print.ts';

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
