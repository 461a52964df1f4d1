import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Connection } from '../src/contract/connections.ts';
import { startApp, type TestApp } from './support/app.ts';
import { type Cli, type CliResult, commandLine } from './support/cli.ts';
import { type Login, type PostgresServer, startPostgres } from './support/postgres.ts';
import { gate } from './support/require.ts';

// A safety limit: each command is a process of its own, and the machine may be busy.
vi.setConfig({ testTimeout: 300_000 });

describe.skipIf(gate('postgres').skip)('editing by the command line', () => {
  let home: string;
  let app: TestApp;
  let server: PostgresServer;
  let reader: Login;
  let portcullis: Cli;
  const seen: CliResult[] = [];
  const shown = async (): Promise<Connection> => (await portcullis(['connection', 'show', 'Shop', '--json'])).json<Connection>();
  const password = () => ({ stdin: `${reader.password}\n` });

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'portcullis-cli-'));
    [app, server] = await Promise.all([startApp(), startPostgres()]);
    await server.createDatabase('shop');
    await server.sql('create table orders (id int primary key, note text); create table gone (id int)', 'shop');
    reader = await server.createReadOnlyLogin('shop', 'reader', 'a password for reading');
    const run = commandLine(home, { PORTCULLIS_URL: app.url, PORTCULLIS_API_KEY: app.admin.apiKey });
    portcullis = async (...args) => {
      const result = await run(...args);
      seen.push(result);
      return result;
    };
    const where = ['--host', server.host, '--port', String(server.port), '--database', 'shop', '--tls', 'disable'];
    const add = ['connection', 'add', '--type', 'postgresql', ...where, '--username', 'reader', '--password-stdin', '--name', 'Shop'];
    const made = await portcullis([...add, '--max-rows', '7', '--rescan-hours', '0', '--wait'], password());
    expect(made).toMatchObject({ code: 0, stderr: '' });
  });
  // A destination may be tested five times a minute, which these tests are not about.
  const clearLimits = () => app.server.built.store.db.deleteFrom('attempts').execute();
  afterAll(async () => {
    await app?.stop();
    await server?.stop();
    rmSync(home, { recursive: true, force: true });
  });

  test('limits come with the registration', async () => {
    expect((await shown()).limits).toEqual({ rescanHours: 0, maxRows: 7, maxBytes: null, timeoutMs: null });
  });

  test('what it is called and is for, and its limits, change without a test', async () => {
    const edit = [
      'connection',
      'edit',
      'Shop',
      '--description',
      'Orders',
      '--purpose',
      'analytics',
      '--max-rows',
      'none',
      '--timeout-ms',
      '900',
    ];
    expect(await portcullis(edit)).toMatchObject({ code: 0, stdout: 'Shop is changed.\n', stderr: '' });
    expect(await shown()).toMatchObject({ description: 'Orders', purpose: 'analytics', limits: { maxRows: null, timeoutMs: 900 } });
    const asJson = await portcullis(['connection', 'edit', 'Shop', '--purpose', 'none', '--json']);
    expect(asJson.json()).toMatchObject({ name: 'Shop', purpose: null, description: 'Orders' });
  });

  test('wrong usage says what to do instead, and asks nothing of the server', async () => {
    const lines: [string[], RegExp][] = [
      [['--max-rows', '0'], /a whole number from 1 to 10000, or none/],
      [['--port', '1'], /Password of reader: .*--password-stdin/],
      [['--file', 'x.db'], /--file says nothing about a database of type postgresql/],
    ];
    for (const [flags, text] of lines) {
      const { code, stderr } = await portcullis(['connection', 'edit', 'Shop', ...flags]);
      expect({ flags, code, stderr }).toEqual({ flags, code: 2, stderr: expect.stringMatching(text) });
    }
    const empty = await portcullis(['connection', 'edit', 'Shop', '--port', '1', '--password-stdin']);
    expect(empty).toMatchObject({ code: 2, stderr: 'usage: stdin is empty: it must hold the secret, in its first line.\n' });
  });

  test('another address is tested live with the credential given again; if that fails, nothing changes', async () => {
    const before = await shown();
    const edit = ['connection', 'edit', 'Shop', '--host', 'localhost', '--password-stdin'];
    const failed = await portcullis(edit, { stdin: 'not the password\n' });
    expect(failed.code).toBe(1);
    expect(failed.stdout).toMatch(
      /✓ tcp +passed[\s\S]*✗ auth +failed[\s\S]* {4}field: credentials\.readOnly\.password \(--password-stdin\)/,
    );
    expect(failed.stderr).toMatch(/^credential\.rejected: The test failed at stage auth, so nothing was changed: .*\n$/);
    expect((await shown()).address).toEqual(before.address);
    const asJson = await portcullis([...edit, '--json'], { stdin: 'not the password\n' });
    expect([asJson.code, asJson.stdout, JSON.parse(asJson.stderr).code]).toEqual([1, '', 'credential.rejected']);
    await clearLimits();
    const moved = await portcullis(edit, password());
    expect(moved).toMatchObject({ code: 0, stderr: '' });
    expect(moved.stdout).toMatch(/✓ auth +passed[\s\S]*\nShop is changed\. Its schema is read again\.\n$/);
    expect((await shown()).address).toEqual({ ...before.address, host: 'localhost' });
  });

  test('a login is replaced by one that passes, and destroyed', async () => {
    await clearLimits();
    const set = ['connection', 'credential', 'set', 'Shop', '--password-stdin'];
    const failed = await portcullis(set, { stdin: 'not the password\n' });
    expect(failed).toMatchObject({ code: 1, stderr: expect.stringMatching(/^credential\.rejected: .* so nothing was changed/) });
    expect(await portcullis(set, password())).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('The login of Shop (read_only) is replaced.'),
    });
    expect((await portcullis([...set, '--slot', 'tunnel'], password())).stderr).toMatch(/^slot\.unavailable: /);
    const destroy = ['connection', 'credential', 'delete', 'Shop'];
    expect((await portcullis(destroy)).code).toBe(2);
    expect((await portcullis([...destroy, '--yes'])).code).toBe(0);
    expect((await portcullis(['connection', 'test', 'Shop'])).stderr).toMatch(/^credential\.required: [\s\S]*credential set/);
    expect(await portcullis([...set, '--username', 'reader'], password())).toMatchObject({ code: 0 });
  });

  test('a server is confirmed, and what a credential could do acknowledged, with a reason', async () => {
    await clearLimits();
    expect((await portcullis(['connection', 'confirm', 'Shop'])).code).toBe(2);
    const confirmed = await portcullis(['connection', 'confirm', 'Shop', '--reason', 'a restore']);
    expect(confirmed).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/✓ read[\s\S]*PostgreSQL .* is the right server of Shop from now on\.\n$/),
    });
    expect((await portcullis(['connection', 'acknowledge', 'Shop', '--reason', 'a test'])).code).toBe(0);
    expect((await portcullis(['connection', 'show', 'Shop'])).stdout).toMatch(/accepted +privilege\.excess by Ada: a test/);
  });

  test('runs are listed and shown, and what was read is told', async () => {
    // The one that the other address began.
    await portcullis(['runs', 'watch', 'Shop']);
    await portcullis(['connection', 'ingest', 'Shop', '--wait']);
    expect((await portcullis(['runs', 'list', 'Shop'])).stdout).toMatch(
      /^STARTED +STATE +TABLES +RUN\n.* succeeded +\+0 ~0 -0 +[0-9a-f-]{36}\n/,
    );
    expect((await portcullis(['runs', 'show', 'Shop'])).stdout).toMatch(/^run +[0-9a-f-]{36}\nstate +succeeded/);
    for (const verb of ['accept', 'cancel']) expect((await portcullis(['runs', verb, 'Shop'])).stderr).toMatch(/^run\.finished: /);
    expect((await portcullis(['tables', 'list', 'Shop'])).stdout).toMatch(/^TABLE +KIND +COLUMNS[\s\S]*public\.orders +table +2/);
    expect((await portcullis(['tables', 'show', 'Shop', 'public.orders'])).stdout).toMatch(/id +integer +no[\s\S]*primary key \(id\)/);
    expect((await portcullis(['tables', 'show', 'Shop', 'orders'])).code).toBe(2);
  });

  test('a run that waits for a person is accepted', async () => {
    // Half of the tables go.
    await server.sql('drop table gone', 'shop');
    const held = await portcullis(['connection', 'ingest', 'Shop', '--wait']);
    expect(held).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^run\.held: [\s\S]*vanished: public\.gone[\s\S]*portcullis runs accept/),
    });
    expect((await portcullis(['runs', 'list', 'Shop'])).stdout).toMatch(/ held +2→1 /);
    expect((await portcullis(['runs', 'accept', 'Shop'])).code).toBe(0);
    expect((await portcullis(['runs', 'watch', 'Shop'])).stdout).toMatch(/0 tables appeared, 0 changed, 1 vanished/);
    expect((await portcullis(['tables', 'changes', 'Shop'])).stdout).toMatch(/1 tables\n {2}- public\.gone\n/);
  });

  test('no password was printed by any of these', () => {
    const printed = seen.map(({ stdout, stderr }) => stdout + stderr).join('\n');
    for (const secret of [reader.password, 'not the password', app.admin.apiKey]) expect(printed).not.toContain(secret);
  });
});
