import { expect, test } from 'vitest';
import type { ParsedString } from '../../../contract/engines.ts';
import { readConnectionString } from '../../../server/engines/strings.ts';
import { waysToRead } from './ways-to-read.ts';

const ofText = (text: string): ParsedString[] => {
  const found = readConnectionString(text);
  return found ? [found, ...found.alternatives] : [];
};
const reading = (password: string, address: Record<string, string> = { host: 'db.example.com' }): ParsedString => ({
  dbType: 'sqlite',
  address,
  credentials: { username: 'reader', password },
  parameters: [],
  problems: [],
  alternatives: [],
});

test('ways are told apart by how long the password is, and by what is no part of it in any of them', () => {
  const [first, second] = waysToRead(ofText('postgres://reader:pa@ss.com/x@db.example.com/sales')).map(({ label }) => label);
  expect(first).toBe('Password of 11 characters: reader at db.example.com:5432 / sales');
  // Its host and its database hold pieces of what the first takes for the password.
  expect(second).toBe('Password of 2 characters: reader at a place not shown here, which may hold a piece of the password');
});

test('two ways that differ in the password alone are two', () => {
  const ways = waysToRead([reading('p%40ss'), reading('p@ss')]);
  expect(ways.map(({ number, label }) => `${number} ${label}`)).toEqual([
    '1 Password of 6 characters: reader at db.example.com',
    '2 Password of 4 characters: reader at db.example.com',
  ]);
  expect(new Set(waysToRead([reading('abcd'), reading('efgh')]).map(({ number }) => number)).size).toBe(2);
});

test.each([
  ['a whole value', 'hunter2', 'hunter2'],
  ['a part of it', 'hunter2', 'unter'],
  ['its end', 'hunter2', 'r2.example.com'],
  ['its beginning', 'hunter2', 'db.hunt'],
  ['in other case', 'Hunter2', 'HUNTER2'],
])('what another way takes for the password is not shown: %s', (_, password, host) => {
  const [, other] = waysToRead([reading(password), reading('x', { host })]);
  expect(other?.label).toBe('Password of 1 character: reader at a place not shown here, which may hold a piece of the password');
});

test('what all of them say alike is shown, and no password is none', () => {
  const ways = waysToRead([reading('db'), reading('')]);
  expect(ways.map(({ label }) => label)).toEqual([
    'Password of 2 characters: reader at db.example.com',
    'No password: reader at db.example.com',
  ]);
});
