import { expect, test } from 'vitest';
import { destination, tokenOfLink } from './sign-in.ts';

test.each([
  ['/databases?q=x#y', '/databases?q=x#y'],
  [undefined, '/'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['https://evil.example', '/'],
  ['/sign-in?to=/sign-in', '/'],
])('after signing in %j leads to %j', (to, where) => expect(destination(to)).toBe(where));

test('the token of a link is what stands behind the #', () => {
  expect(tokenOfLink('#token=a%2Bb')).toBe('a+b');
  expect(tokenOfLink('')).toBe('');
});
