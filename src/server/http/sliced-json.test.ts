import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Bytes, jsonInSlices, slicedBy } from './sliced-json.ts';

const Answer = z.object({
  columns: z.array(z.string()),
  rows: z.array(z.array(z.json())),
  note: z.string().optional(),
  count: z.int(),
});
const sliced = slicedBy(Answer, 'rows');
const never = new AbortController().signal;
const textOf = (pieces: readonly Bytes[]): string => Buffer.concat(pieces).toString('utf8');
const write = async (answer: Record<string, unknown>) => textOf(await jsonInSlices(sliced, answer, never));
const plain = (answer: unknown): string => JSON.stringify(Answer.parse(answer));

describe('a long answer', () => {
  test.each([
    ['empty', []],
    ['one row', [[1]]],
    ['rows without columns', [[], []]],
    ['every kind of value', [[1, -0.5, 'a "quoted" \\ text\n', '\u0001', '\ud800', true, null, 'ü €  😀']]],
    ['nested', [[{ a: [1, { b: null }] }]]],
  ])('is written as any other: %s', async (_, rows) => {
    const answer = { count: rows.length, rows, columns: ['ü'] };
    expect(await write(answer)).toBe(plain(answer));
    expect(await write({ ...answer, note: 'one' })).toBe(plain({ ...answer, note: 'one' }));
  });

  test.each([0, 1, 2, 3])('never cuts a long text within a character (%i)', async (shift) => {
    const long = `${'a'.repeat(shift)}${'😀\u0001"'.repeat(150_000)}`;
    const answer = { columns: [], rows: [['before', long, 'behind'], [long]], count: 1 };
    expect(await write(answer)).toBe(plain(answer));
    const halves = { columns: [], rows: [[`${'a'.repeat(shift)}${'\ud83d'.repeat(300_000)}`]], count: 1 };
    expect(await write(halves)).toBe(plain(halves));
  });

  test('comes in pieces, and others have their turn between', async () => {
    const row = Array.from({ length: 100 }, (_, index) => `value ${index}`);
    const answer = { columns: [], rows: Array.from({ length: 4000 }, () => row), count: 4000 };
    let turns = 0;
    let going = true;
    const watch = () => {
      turns++;
      if (going) setImmediate(watch);
    };
    setImmediate(watch);
    const several = await Promise.all([jsonInSlices(sliced, answer, never), jsonInSlices(sliced, answer, never)]);
    going = false;
    const [one, other] = several;
    expect(one.length).toBeGreaterThan(1);
    expect(turns).toBeGreaterThanOrEqual(one.length + other.length - 2);
    for (const pieces of several) expect(textOf(pieces)).toBe(plain(answer));
  });

  test('says nothing that its schema does not list', async () => {
    const answer = { columns: [], rows: [['a']], count: 1, secret: 'x' };
    expect(JSON.parse(await write(answer))).toEqual({ columns: [], rows: [['a']], count: 1 });
    await expect(write({ columns: [], rows: [['a'], [undefined]], count: 2 })).rejects.toThrow();
    await expect(write({ columns: [], rows: [[1]], count: 'many' })).rejects.toThrow();
  });

  test('ends when its reader goes away', async () => {
    const gone = new AbortController();
    const answer = { columns: [], rows: Array.from({ length: 100_000 }, () => [1, 2, 3, 4, 5, 6, 7, 8]), count: 1 };
    const writing = jsonInSlices(sliced, answer, gone.signal);
    gone.abort(new Error('gone'));
    await expect(writing).rejects.toThrow('gone');
  });

  test('needs a list', () => {
    expect(() => slicedBy(Answer, 'count')).toThrow('no list');
    expect(() => slicedBy(null, 'rows')).toThrow('no list');
  });
});
