import { expect, test } from 'vitest';
import { AcceptInvitationInput, ApiKeyInput, OrganizationInput, SetupInput } from './identity.ts';

const password = 'correct horse battery';
const named = (name: string): readonly (readonly [string, boolean])[] => [
  ['organisation', OrganizationInput.safeParse({ name }).success],
  ['key', ApiKeyInput.safeParse({ name, scopes: ['schema:read'] }).success],
  ['person', AcceptInvitationInput.safeParse({ token: 't', name, password }).success],
  ['first person', SetupInput.safeParse({ organization: 'Acme', name, email: 'a@example.com', password }).success],
  ['first organisation', SetupInput.safeParse({ organization: name, name: 'Ada', email: 'a@example.com', password }).success],
];

test('names may be of any script', () => {
  for (const name of ['Ada', 'Zoë Ångström-O’Neil', '山田 太郎', 'محمد', 'Ünïté 2']) {
    expect(named(name).filter(([, accepted]) => !accepted)).toEqual([]);
  }
});

test.each([
  ['a direction mark', 'Ada\u202egnp'],
  ['an escape', 'Ada\u001b[2J'],
  ['a line end', 'Ada\nAdmin'],
  ['a line separator', 'Ada\u2028Admin'],
  ['an invisible space', 'Ada\u200b'],
])('names may not hold %s', (_, name) => {
  expect(named(name).filter(([, accepted]) => accepted)).toEqual([]);
});
