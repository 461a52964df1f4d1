import { expect, test } from 'vitest';
import { progressOf, shareOf } from './ingestion-words.ts';

test.each([
  ['queued', 0, null, 'Waiting for its turn'],
  ['tables', 0, null, 'Reading tables'],
  ['tables', 2750, null, 'Reading tables: 2,750 tables so far'],
  ['columns', 412, 1890, 'Reading columns: 412 of 1,890 tables'],
  ['keys', 1890, 1890, 'Reading keys and indexes'],
  ['embed', 0, 1, 'Preparing search: 0 of 1 table'],
] as const)('a run that is at %s, with %j of %j, says so', (phase, done, total, said) => {
  expect(progressOf({ phase, done, total })).toBe(said);
});

test('what is told of all tables at once is no share', () => {
  expect(shareOf({ phase: 'comments', done: 9, total: 9 }).total).toBeNull();
  expect(shareOf({ phase: 'embed', done: 3, total: 9 })).toEqual({ done: 3, total: 9 });
});
