import { randomBytes } from 'node:crypto';
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { operator } from '../src/server/identity/people-record.ts';
import { startApp, type TestApp } from './support/app.ts';
import { type Cli, commandLine } from './support/cli.ts';

// A safety limit: each command is a process of its own, and the machine may be busy.
vi.setConfig({ testTimeout: 180_000 });

describe('commands that work with the server stopped', () => {
  let home: string;
  let app: TestApp;
  let portcullis: Cli;
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'portcullis-offline-'));
    app = await startApp();
    portcullis = commandLine(home, { PORTCULLIS_DATA_DIR: join(app.folder, 'data') });
  });
  afterAll(async () => {
    await app?.stop();
    for (const folder of [home, app?.folder ?? home]) rmSync(folder, { recursive: true, force: true });
  });
  const add = ['organization', 'add', 'Second', '--admin', 'eve@example.com'];
  const reset = ['members', 'reset', 'ada@example.com'];

  test('do nothing without the master key, and say which one they need', async () => {
    const records = async () => (await app.server.built.store.db.selectFrom('records').select('id').execute()).length;
    const organizations = async () => (await app.server.built.store.db.selectFrom('organizations').select('id').execute()).length;
    const before = [await records(), await organizations()];
    await app.server.stop();
    const key = join(app.folder, 'data', 'master.key');
    renameSync(key, `${key}.away`);
    const missing = { code: 1, stdout: '', stderr: expect.stringContaining('give its content as PORTCULLIS_MASTER_KEY') };
    for (const command of [add, reset]) expect(await portcullis(command)).toMatchObject(missing);
    const wrong = await portcullis(reset, { env: { PORTCULLIS_MASTER_KEY: randomBytes(32).toString('base64') } });
    expect(wrong).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('Give the key it was sealed with') });
    const onServer = await portcullis(add, { env: { PORTCULLIS_DATABASE_URL: 'postgres://127.0.0.1:9/none' } });
    expect(onServer).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('PORTCULLIS_MASTER_KEY: is needed') });
    renameSync(`${key}.away`, key);
    app = await startApp({ folder: app.folder, setup: false });
    // This start and the end before it are on record; nothing of a command is.
    expect([await records(), await organizations()]).toEqual([(before[0] ?? 0) + 2, before[1]]);
  });

  test('are on record in chains that are signed from the first record to the last', async () => {
    await app.server.stop();
    for (const command of [add, reset]) expect(await portcullis(command)).toMatchObject({ code: 0, stderr: '' });
    app = await startApp({ folder: app.folder, setup: false });
    const { db } = app.server.built.store;
    const rows = await db.selectFrom('records').selectAll().orderBy('chain').orderBy('sequence').execute();
    for (const action of ['organization.created', 'password.linked']) {
      const deed = rows.findLast((row) => row.action === action && row.actor_name === operator.name);
      const chain = rows.filter((row) => row.chain === deed?.chain);
      expect(chain.map((row) => row.kind)).toEqual(['opened', 'deed', 'checkpoint']);
      expect(JSON.parse(chain.at(-1)?.detail ?? '')).toMatchObject({ closed: true });
    }
    expect(app.logged()).not.toContain('does not verify');
    await app.server.stop();
  });

  test('make the master key where they come first, and say so beside what they print', async () => {
    const folder = join(home, 'first');
    const made = await portcullis([...add, '--json'], { env: { PORTCULLIS_DATA_DIR: folder } });
    expect(made).toMatchObject({ code: 0, stderr: expect.stringContaining('A master key was made in') });
    const { url } = made.json<{ url: string }>();
    const first = await startApp({ folder: home, setup: false, env: { PORTCULLIS_DATA_DIR: folder } });
    const token = new URL(url).hash.replace('#token=', '');
    await first.client().acceptInvitation({ body: { token, name: 'Eve', password: 'a long enough password' } });
    const cookie = await first.signIn('eve@example.com', 'a long enough password');
    expect(await first.client({ cookie, origin: first.url }).verifyAudit()).toMatchObject({ ok: true, chains: 2 });
    await first.server.stop();
  });
});
