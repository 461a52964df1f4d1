import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startApp, type TestApp } from './support/app.ts';
import { commandLine } from './support/cli.ts';

/* Databases that are files, through the front door: registered, read, and nothing learned about files that are not the organisation's. */
let app: TestApp;
let folder: string;
let elsewhere: string;

const make = (path: string, sql = 'CREATE TABLE ship (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO ship (name) VALUES (1)') => {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
};

beforeAll(async () => {
  app = await startApp();
  const { organization } = await app.admin.client.getMe();
  folder = join(app.folder, 'data', 'databases', organization.id);
  mkdirSync(join(folder, 'deep'), { recursive: true });
  make(join(folder, 'fleet.db'));
  make(join(folder, 'deep', 'other.db'));
  elsewhere = mkdtempSync(join(tmpdir(), 'portcullis-elsewhere-'));
  make(join(elsewhere, 'secret.db'));
});
afterAll(async () => {
  await app?.stop();
  rmSync(elsewhere, { recursive: true, force: true });
});

const tested = (file: string) => app.admin.client.testDbConnection({ body: { dbType: 'sqlite', address: { file } } });

/** The same, without the limit on how often a person may test. */
async function stagesOf(file: string) {
  await app.server.built.store.db.deleteFrom('attempts').execute();

  return tested(file);
}
const ready = (id: string) =>
  vi.waitFor(async () => expect(await app.admin.client.getDbConnection({ params: { id } })).toMatchObject({ status: 'ready' }), {
    timeout: 30_000,
  });

describe('a file', () => {
  test('is tested stage by stage, those of a network skipped, and registered without a credential', async () => {
    const { ok, stages, server, privileges, receipt } = await stagesOf('fleet.db');
    expect(ok).toBe(true);
    expect(stages.map(({ stage, status }) => `${stage} ${status}`)).toEqual([
      'parse passed',
      'dns skipped',
      'network skipped',
      'tcp skipped',
      'tunnel skipped',
      'tls skipped',
      'auth skipped',
      'database passed',
      'version passed',
      'read passed',
      'privilege passed',
      'catalog passed',
    ]);
    expect(stages.find(({ stage }) => stage === 'tcp')?.evidence).toMatch(/nothing is dialled/);
    expect(server).toMatchObject({ product: 'SQLite', dialect: 'sqlite' });
    expect(privileges).toMatchObject({ grade: 'read_only', relations: 1, readable: 1, writable: 0 });
    const body = { dbType: 'sqlite', name: 'Fleet', address: { file: 'fleet.db' } } as const;
    const made = await app.admin.client.createDbConnection({ body: { ...body, ...(receipt ? { receipt } : {}) } });
    expect(made).toMatchObject({ name: 'Fleet', address: { file: 'fleet.db' }, usernames: { readOnly: null, write: null } });
    const { db } = app.server.built.store;
    expect(await db.selectFrom('db_credentials').selectAll().execute()).toEqual([]);
    expect(await db.selectFrom('db_connections').select(['host', 'port', 'database', 'username']).execute()).toEqual([
      { host: null, port: null, database: 'fleet.db', username: null },
    ]);
    await ready(made.id);
    expect((await app.admin.client.listTables({ params: { id: made.id }, query: {} })).items).toMatchObject([
      { schema: 'main', name: 'ship' },
    ]);
    // Moved to another file without a credential to give again; there is none to replace or delete.
    const moved = await app.admin.client.editDbConnection({ params: { id: made.id }, body: { address: { file: 'deep/other.db' } } });
    expect(moved.address).toEqual({ file: 'deep/other.db' });
    const slot = { id: made.id, slot: 'read_only' } as const;
    await expect(app.admin.client.deleteCredential({ params: slot })).rejects.toMatchObject({ code: 'slot.unavailable' });
    await expect(app.admin.client.putCredential({ params: slot, body: { username: 'u', password: 'p' } })).rejects.toMatchObject({
      code: 'slot.unavailable',
    });
    expect((await app.admin.client.testStoredDbConnection({ params: { id: made.id } })).ok).toBe(true);
  });

  test('is given by a string too, and never with a login', async () => {
    const of = (connectionString: string) =>
      app.admin.client.testDbConnection({ body: { dbType: 'sqlite', mode: 'connection_string', connectionString } });
    for (const text of ['sqlite:///fleet.db', 'jdbc:sqlite:fleet.db', 'fleet.db', 'DATABASE_URL="sqlite:fleet.db?mode=ro"']) {
      await app.server.built.store.db.deleteFrom('attempts').execute();
      expect([text, (await of(text)).ok]).toEqual([text, true]);
    }
    for (const text of ['file:fleet.db?mode=rwc', 'sqlite:///fleet.db?vfs=unix-none', 'sqlite::memory:', 'sqlite://'])
      expect([text, (await of(text)).stages[0]?.fault?.code]).toEqual([text, 'string.invalid']);
    const body = { dbType: 'sqlite', address: { file: 'fleet.db' }, credentials: { readOnly: { username: 'u', password: 'p' } } } as const;
    await expect(app.admin.client.testDbConnection({ body })).rejects.toMatchObject({
      code: 'request.invalid',
      problem: { field: 'credentials.readOnly' },
    });
    for (const file of ['', 'file:fleet.db', 'sqlite:fleet.db', 'a\0b', 'x'.repeat(2000)])
      await expect(app.admin.client.testDbConnection({ body: { dbType: 'sqlite', address: { file } } })).rejects.toMatchObject({
        code: 'request.invalid',
      });
  });

  test('that is missing, forbidden, outside, another’s, no file or our own is one and the same answer', async () => {
    const { organization } = await app.admin.client.getMe();
    const strange = join(folder, '..', 'another-organisation');
    mkdirSync(strange);
    make(join(strange, 'theirs.db'));
    symlinkSync(join(elsewhere, 'secret.db'), join(folder, 'link.db'));
    symlinkSync(elsewhere, join(folder, 'linked'));
    linkSync(join(app.folder, 'data', 'portcullis.db'), join(folder, 'hard.db'));
    execFileSync('mkfifo', [join(folder, 'pipe.db')]);
    const names = [
      'missing.db',
      'deep',
      '.',
      '..',
      'pipe.db',
      'link.db',
      'linked/secret.db',
      'hard.db',
      '../another-organisation/theirs.db',
      join(strange, 'theirs.db'),
      join(elsewhere, 'secret.db'),
      '/etc/passwd',
      '/dev/stdin',
      '/proc/self/environ',
      '../../portcullis.db',
      join(app.folder, 'data', 'portcullis.db'),
      'fleet.db\\..\\x',
      `../${organization.id}-x/fleet.db`,
    ];
    const answers = new Map<string, string[]>();
    for (const name of names) {
      const { ok, stages } = await stagesOf(name);
      expect([name, ok]).toEqual([name, false]);
      const shown = JSON.stringify(
        stages.map(({ ms: _, evidence, ...rest }) => (rest.stage === 'parse' ? { ...rest } : { ...rest, evidence })),
      );
      answers.set(shown, [...(answers.get(shown) ?? []), name]);
    }
    expect([...answers.values()]).toEqual([names]);
    expect([...answers.keys()][0]).toContain('database.unknown');
    // Inside of the folder by another way of writing it, it is found.
    expect((await stagesOf('deep/../fleet.db')).ok).toBe(true);
    expect((await stagesOf(join(folder, 'fleet.db'))).ok).toBe(true);
  });

  test('that is no database is told from one that is not there, for it is the organisation’s own', async () => {
    writeFileSync(join(folder, 'notes.db'), 'SQLite format 2, or so I thought');
    writeFileSync(join(folder, 'empty.db'), '');
    writeFileSync(join(folder, 'torn.db'), 'SQLite format 3\0and then nothing that makes sense'.padEnd(4096, '?'));
    for (const name of ['notes.db', 'empty.db', 'torn.db']) {
      const { stages } = await stagesOf(name);
      expect([name, stages.find(({ fault }) => fault)?.fault?.code]).toEqual([name, 'protocol.mismatched']);
    }
  });
});

describe('the sample', () => {
  test('is registered with one call, and read', async () => {
    const made = await app.admin.client.addSampleConnection({});
    expect(made).toMatchObject({ dbType: 'sqlite', name: 'Sample: bicycle hire', description: expect.stringContaining('bicycles') });
    await ready(made.id);
    expect((await app.admin.client.getDbConnection({ params: { id: made.id } })).tables).toBeGreaterThanOrEqual(12);
    const { tables } = await app.admin.client.search({
      params: { id: made.id },
      body: { question: 'Which districts have the most stations?' },
    });
    expect(tables[0]?.table).toMatch(/district|station/);
    await expect(app.admin.client.addSampleConnection({})).rejects.toMatchObject({ code: 'name.taken' });
    await app.admin.client.deleteDbConnection({ params: { id: made.id }, body: { confirmName: made.name } });
  });

  test('and so by the command line', async () => {
    const home = mkdtempSync(join(tmpdir(), 'portcullis-cli-'));
    const portcullis = commandLine(home, { PORTCULLIS_URL: app.url, PORTCULLIS_API_KEY: app.admin.apiKey });
    await app.server.built.store.db.deleteFrom('attempts').execute();
    const made = await portcullis(['connection', 'add', '--sample', '--wait']);
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(made.stdout).toMatch(/Sample: bicycle hire is registered/);
    const file = await portcullis(['connection', 'add', '--type', 'sqlite', '--file', 'fleet.db', '--name', 'By file']);
    expect(file).toMatchObject({ code: 0, stderr: '' });
    rmSync(home, { recursive: true, force: true });
  });
});
