import { expect, test } from 'vitest';
import { createClient } from '../contract/client.ts';
import type { Connection } from '../contract/connections.ts';
import { editOf } from './edit-input.ts';

// Nothing of this is asked of a server: there is none.
const client = createClient({ baseUrl: 'http://127.0.0.1:9' });
const connection = { dbType: 'postgresql', address: {} } as Connection;

test('what was said is changed, and nothing else', async () => {
  expect(await editOf(client, connection, { name: 'Sales', maxRows: 'none', timeoutMs: 900 })).toEqual({
    name: 'Sales',
    limits: { maxRows: null, timeoutMs: 900 },
  });
  expect(await editOf(client, connection, { purpose: 'none', description: '' })).toEqual({ purpose: null, description: '' });
});

test.each([
  [{}, 'Say what to change'],
  [{ username: 'other' }, 'connection credential set'],
  [{ name: 'Sales', passwordStdin: true as const }, 'connection credential set'],
  [{ reason: 'because' }, '--reason goes with --tls disable'],
])('%o says what to do instead', async (flags, text) => {
  await expect(editOf(client, connection, flags)).rejects.toThrow(text);
});
