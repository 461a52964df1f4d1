import { describe, expect, it } from 'vitest';
import { dateText } from './date-text.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);
const nanoseconds = (value: number) => [value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255];

describe('dates as they came over the wire', () => {
  it.each<[string, Uint8Array, string]>([
    ['a date', bytes(120, 124, 2, 29, 13, 1, 1), '2024-02-29 12:00:00'],
    ['the first date there is', bytes(53, 88, 1, 1, 1, 1, 1), '-4712-01-01 00:00:00'],
    ['the last', bytes(199, 199, 12, 31, 24, 60, 60), '9999-12-31 23:59:59'],
    ['a timestamp', bytes(120, 124, 2, 29, 13, 1, 1, ...nanoseconds(123_456_000)), '2024-02-29 12:00:00.123456'],
    ['one of nine digits', bytes(120, 124, 2, 29, 13, 1, 1, ...nanoseconds(123_456_789)), '2024-02-29 12:00:00.123456789'],
    ['one without a fraction', bytes(120, 124, 2, 29, 13, 1, 1), '2024-02-29 12:00:00'],
    ['one with a zone', bytes(120, 124, 2, 29, 11, 1, 1, ...nanoseconds(500_000_000), 22, 60), '2024-02-29 12:00:00.500000 +02:00'],
    ['one with a zone behind', bytes(120, 124, 1, 1, 1, 16, 1, ...nanoseconds(0), 17, 30), '2023-12-31 20:45:00 -03:30'],
    ['one whose zone is a name', bytes(120, 124, 2, 29, 11, 1, 1, ...nanoseconds(0), 0x80 | 8, 4), '2024-02-29 10:00:00 +00:00'],
    ['one across the years without a nought', bytes(100, 101, 1, 1, 1, 1, 1, ...nanoseconds(0), 19, 60), '-0001-12-31 23:00:00 -01:00'],
  ])('%s', (_, from, text) => {
    expect(dateText(from, null)).toBe(text);
  });
  it('in the zone of the database', () => {
    expect(dateText(bytes(120, 124, 2, 29, 13, 1, 1), { minutes: -210 })).toBe('2024-02-29 12:00:00 -03:30');
    expect(dateText(bytes(120, 124, 2, 29, 13, 1, 1), { region: 'Europe/Oslo' })).toBe('2024-02-29 12:00:00 Europe/Oslo');
  });
  it('a torn one is none', () => {
    expect(() => dateText(bytes(120, 124, 2), null)).toThrow(RangeError);
  });
});
