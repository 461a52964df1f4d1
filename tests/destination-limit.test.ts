import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hostKey } from '../src/server/platform/outbound-host.ts';
import { startApp, type TestApp } from './support/app.ts';
import { type PostgresServer, startPostgres } from './support/postgres.ts';
import { refusal } from './support/refusal.ts';
import { registrationBody } from './support/registration-body.ts';
import { gate } from './support/require.ts';
import { startSshServer, type TestSshServer } from './support/ssh-server.ts';

const { skip } = gate('postgres');

test.each([
  ['127.0.0.1', ['127.1', '2130706433', '0x7f.1', '::ffff:127.0.0.1', '[::FFFF:7f00:1]', '１２７.0.0.1']],
  ['2001:db8::1', ['2001:DB8:0:0::1', '[2001:0db8::0001]']],
  ['db.example.com', ['DB.example.COM', 'db.example.com.', 'ｄｂ.example.com']],
])('%s is counted as one, however it is written', (plain, spellings) => {
  expect(spellings.map(hostKey)).toEqual(spellings.map(() => plain));
});

/** A real server whose log says how often somebody came with a wrong password. */
describe.skipIf(skip)('tests of one destination', () => {
  let app: TestApp;
  let server: PostgresServer;
  const attempts = (username: string): number =>
    readFileSync(join(server.folder, 'log'), 'utf8').split(`FATAL:  password authentication failed for user "${username}"`).length - 1;
  beforeAll(async () => {
    server = await startPostgres();
    app = await startApp();
  });
  beforeEach(() => app.server.built.store.db.deleteFrom('attempts').execute());
  afterAll(async () => {
    await app?.stop();
    await server?.stop();
  });
  const bodyFor = (username: string, over: object) => {
    const body = registrationBody(server, 'postgres', { username, password: 'a guess' });
    return { ...body, address: { ...body.address, ...over } };
  };

  test('are five a minute, by whatever names and spellings it is reached', { timeout: 120_000 }, async () => {
    const spellings = ['127.0.0.1', 'localhost', 'LocalHost', '::ffff:127.0.0.1', '127.1', '2130706433', 'localhost'];
    const answers: unknown[] = [];
    for (const host of spellings) {
      const tested = app.admin.client.testDbConnection({ body: bodyFor('somebody', { host }) });
      answers.push(
        await tested.then(
          ({ ok }) => ok,
          () => refusal(tested),
        ),
      );
    }
    const exceeded = expect.objectContaining({ code: 'rate.exceeded' });
    expect(answers).toEqual([false, false, false, false, false, exceeded, exceeded]);
    expect(attempts('somebody')).toBe(5);
    // Somebody else's account there has a count of its own.
    expect((await app.admin.client.testDbConnection({ body: bodyFor('another', {}) })).ok).toBe(false);
  });

  test('count for the account on an SSH server as well', { timeout: 120_000 }, async () => {
    const ssh: TestSshServer = await startSshServer({ password: 'another one' });
    const { port, user, hostKeySha256 } = ssh;
    const answers: unknown[] = [];
    for (const host of ['127.0.0.1', 'localhost', '127.1', 'LocalHost', '::ffff:127.0.0.1', '0x7f.1']) {
      const body = bodyFor('reader', { ssh: { host, port, user, hostKeySha256 } });
      const credentials = { ...body.credentials, tunnel: { password: 'a guess' } };
      const tested = app.admin.client.testDbConnection({ body: { ...body, credentials } });
      answers.push(
        await tested.then(
          ({ ok }) => ok,
          () => refusal(tested),
        ),
      );
    }
    expect(answers).toEqual([false, false, false, false, false, expect.objectContaining({ code: 'rate.exceeded' })]);
    expect(ssh.tried).toHaveLength(5);
    await ssh.stop();
  });
});
