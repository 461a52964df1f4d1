import { describe, expect, it } from 'vitest';
import { cleanName, cleanText, longest, shownNames } from './clean-text.ts';

describe('texts of a database', () => {
  it('lose what does not show or shows as something else, and stay on one line', () => {
    expect(cleanText('a\u0000b\u001b[31mc', 100)).toBe('ab[31mc');
    expect(cleanText('first\r\n\tsecond\u2028third', 100)).toBe('first second third');
    expect(cleanText('a\u202Eb\u2066c\u200Bd\u200De\u00ADf\uFEFFg', 100)).toBe('abcdefg');
    expect(cleanText('tags\u{E0041}\u{E0042} and half \uD800 pairs', 100)).toBe('tags and half  pairs');
    expect(cleanText('Größe 数量 🎉', 100)).toBe('Größe 数量 🎉');
  });

  it('are cut, never through the middle of a character', () => {
    expect(cleanText('x'.repeat(3000), longest.comment)).toHaveLength(longest.comment);
    expect(cleanText('🎉🎉🎉', 4)).toBe('🎉…');
    expect(cleanName('🎉'.repeat(200))).toBe('🎉'.repeat(127));
  });
});

describe('names of a database', () => {
  it('show that there is something hidden', () => {
    expect(cleanName('a\u202Eb')).toBe('a\uFFFDb');
    expect(cleanName('line\nbreak')).toBe('line\uFFFDbreak');
    expect(cleanName('')).toBe('\uFFFD');
    expect(cleanName('__proto__')).toBe('__proto__');
  });

  it('stay different from each other, whatever the order', () => {
    const raws = ['a\u202E', 'a\u202D', 'a\uFFFD', 'plain', 'b\u200B', `${'x'.repeat(300)}1`, `${'x'.repeat(300)}2`];
    const names = shownNames(raws);
    expect(names.size).toBe(5);
    expect(new Set(raws.map((raw) => names.get(raw) ?? raw)).size).toBe(raws.length);
    expect(names.get('b\u200B')).toBe('b\uFFFD');
    expect(names.get('a\u202E')).toMatch(/^a\uFFFD~[0-9a-f]{6}$/);
    expect(shownNames(raws.toReversed())).toEqual(names);
  });

  it('cannot be taken by one that was made to look like them', () => {
    const taken = shownNames(['a\u202E', 'a\u202D']).get('a\u202E') ?? '';
    const names = shownNames(['a\u202E', 'a\u202D', taken]);
    expect(names.has(taken)).toBe(false);
    expect(new Set([...names.values(), taken]).size).toBe(3);
  });
});
