import { expect, test } from 'vitest';
import { addedTo } from './added-to-refusal.ts';

const message = 'There is no published table trips.';
const detail = `relation.unknown (line 1, column 15): ${message}`;

test('what an answer adds to its refusal is told apart from the refusal', () => {
  const again = 'The schema is being read again, in case the table is new: try again in a moment.';
  expect(addedTo({ message }, { detail: `${detail} ${again}` })).toBe(again);
  expect(addedTo({ message }, { detail })).toBe('');
  expect(addedTo({ message }, { detail: 'Something else' })).toBe('');
  expect(addedTo({ message }, null)).toBe('');
});
