import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { followRun } from '../src/cli/follow-run.ts';
import type { Client } from '../src/contract/client.ts';
import { newId } from '../src/server/platform/clock.ts';
import { addConnection, addRun } from './support/access-rows.ts';
import { startApp, type TestApp } from './support/app.ts';

describe('watching a run', () => {
  let app: TestApp;
  let connectionId: string;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app?.stop());
  const visible = () => addConnection(app, { createdBy: newId(), visibility: 'organization' });

  test('ends when the run waits for a person, and the command line says what vanished and how to accept it', async () => {
    connectionId = await visible();
    const held = { before: 4, after: 2, vanished: ['public.orders', 'public.customer'] };
    const params = { id: connectionId, runId: await addRun(app, connectionId, { state: 'held', held }) };
    const run = await app.admin.client.getIngestion({ params });
    await expect(followRun(app.admin.client, run, { json: true })).rejects.toMatchObject({
      code: 'run.held',
      message: expect.stringMatching(/4 tables .*\n.*public\.orders, public\.customer\n.*accept/),
    });
  });

  const leave: [string, (member: { id: string; keyId: string; client: Client }) => Promise<unknown>][] = [
    ['their membership', ({ id }) => app.admin.client.removeMember({ params: { id } })],
    ['their key', ({ keyId, client }) => client.revokeApiKey({ params: { id: keyId } })],
  ];
  test.each(leave)('ends for a member who loses %s', async (_, lose) => {
    connectionId = await visible();
    const runId = await addRun(app, connectionId, { state: 'running' });
    const { client, email } = await app.join('user');
    const member = (await app.admin.client.listMembers({ query: { limit: 500 } })).items.find((one) => one.user.email === email);
    const key = (await client.listApiKeys({ query: {} })).items[0];
    let seen = 0;
    const watching = client.stream.watchIngestion({ params: { id: connectionId, runId } }, { onEvent: () => seen++ });
    const ended = expect(watching).rejects.toMatchObject({ problem: { code: 'caller.unauthenticated' } });
    await expect.poll(() => seen, { timeout: 5000 }).toBe(1);
    await lose({ id: member?.id ?? '', keyId: key?.id ?? '', client });
    await ended;
  });

  test('ends in a browser that signs out', async () => {
    connectionId = await visible();
    const runId = await addRun(app, connectionId, { state: 'running' });
    const { email, password } = await app.join('user');
    const cookie = await app.signIn(email, password);
    const browser = app.client({ cookie, origin: app.url });
    let seen = 0;
    const watching = browser.stream.watchIngestion({ params: { id: connectionId, runId } }, { onEvent: () => seen++ });
    const ended = expect(watching).rejects.toMatchObject({ problem: { code: 'caller.unauthenticated' } });
    await expect.poll(() => seen, { timeout: 5000 }).toBe(1);
    await fetch(`${app.url}/api/auth/sign-out`, {
      method: 'POST',
      headers: { cookie, origin: app.url, 'content-type': 'application/json' },
      body: '{}',
    });
    await ended;
  });
});
