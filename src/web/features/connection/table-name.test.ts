import { expect, test } from 'vitest';
import { nameOf, splitName } from './table-name.ts';

test.each([
  ['shop', 'orders'],
  ['a.b', 'c'],
  ['a', 'b.c.d'],
  ['a..b', '..'],
  ['Odd "Things"', '<img src=x>'],
])('the table %j.%j is one word in the address and itself again', (schema, name) => {
  expect(splitName(nameOf({ schema, name }))).toEqual({ schema, table: name });
});
