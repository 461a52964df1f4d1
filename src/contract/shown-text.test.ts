import { describe, expect, test } from 'vitest';
import type { ZodType } from 'zod';
import { Acknowledgement, ConfirmInput, CredentialInput, DisableInput, EditInput, Login } from './connections.ts';
import { Ssh } from './engines.ts';

const place = { host: 'ssh.example.com', user: 'tunnel' };
const fields: readonly [string, 'line' | 'text', ZodType, (text: string) => object][] = [
  ['the user of an SSH server', 'line', Ssh, (user) => ({ ...place, user })],
  ['the host of an SSH server', 'line', Ssh, (host) => ({ ...place, host })],
  ['a username', 'line', Login, (username) => ({ username })],
  ['the username of another credential', 'line', CredentialInput, (username) => ({ username })],
  ['a reason to acknowledge', 'text', Acknowledgement, (reason) => ({ code: 'tls.disabled', reason })],
  ['a reason to confirm', 'text', ConfirmInput, (reason) => ({ reason })],
  ['a reason to disable', 'text', DisableInput, (reason) => ({ reason })],
  ['a description', 'text', EditInput, (description) => ({ description })],
];
const turning = ['\u202e', '\u202d', '\u2066', '\u2069', '\u200f', '\u200e', '\u061c'];
const hidden = ['\u200b', '\u200d', '\u2060', '\ufeff', '\u00ad', '\u3164', '\u034f', '\ufe0f', '\u2028', '\u{e0041}'];
const control = ['\0', '\u0007', '\u001b', '\u0085', '\u007f'];

describe.each(fields)('%s', (_, kind, schema, made) => {
  const taken = (text: string): boolean => schema.safeParse(made(text)).success;
  test('holds nothing that hides or turns what stands beside it', () => {
    for (const mark of [...turning, ...control, ...(kind === 'line' ? [...hidden, '\n', '\t'] : [])])
      expect([mark, taken(`some${mark}body`)]).toEqual([mark, false]);
  });
  test('holds what names and languages need', () => {
    for (const text of ['reader', 'Zoë', 'läsare_1', 'DOMAIN\\user', 'c##reader', 'чтение', '読む人', 'قارئ'])
      expect([text, taken(text)]).toEqual([text, true]);
    if (kind === 'text') for (const text of ['two\nlines', 'a 👩‍💻 said so', 'می‌خواهم']) expect([text, taken(text)]).toEqual([text, true]);
  });
});
