import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startApp, type TestApp } from './support/app.ts';
import { type Cli, commandLine } from './support/cli.ts';

// A safety limit: each command is a process of its own, and the machine may be busy.
vi.setConfig({ testTimeout: 300_000 });

const PASSWORD = 'a long enough password';
let home: string;
let app: TestApp;
let portcullis: Cli;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'portcullis-cli-'));
  app = await startApp({ setup: false });
  portcullis = commandLine(home, { PORTCULLIS_URL: app.url });
});
afterAll(async () => {
  await app?.stop();
  for (const folder of [home, app?.folder ?? home]) rmSync(folder, { recursive: true, force: true });
});

describe('usage', () => {
  test('ends with 0 where help was asked for, and with 2 where it is wrong', async () => {
    const lines: [string, number][] = [
      ['--help', 0],
      ['connection add --help', 0],
      ['--version', 0],
      ['', 2],
      ['nonsense', 2],
      ['connection', 2],
      ['connection list --nonsense', 2],
      ['connection add --port 70000', 2],
      ['members invite a@example.com --role king', 2],
      ['search', 2],
      ['connection add --type db2', 2],
      ['connection add --sample --name x', 2],
      ['setup', 2],
      ['login', 2],
    ];
    for (const [line, code] of lines) expect([line, (await portcullis(line.split(' ').filter(Boolean))).code]).toEqual([line, code]);
  });

  test('without a login says how to get one', async () => {
    const { code, stderr } = await portcullis(['connection', 'list']);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/^login\.missing: .*portcullis login/) });
  });

  test('a server that is not there is told as such', async () => {
    const away = commandLine(home, { PORTCULLIS_URL: 'http://127.0.0.1:9', PORTCULLIS_API_KEY: 'none' });
    const { code, stderr } = await away(['connection', 'list']);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/^server\.unreachable: /) });
  });
});

describe('a first Admin', () => {
  test('is made with the password from stdin, and their key is kept where only they can read it', async () => {
    const args = ['setup', '--organization', 'Example', '--name', 'Ada', '--email', 'ada@example.com', '--password-stdin'];
    expect((await portcullis(args, { stdin: 'short\n' })).stderr).toMatch(/^request\.invalid: .*12 characters/);
    const made = await portcullis(args, { stdin: `${PASSWORD}\n` });
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(made.stdout).toContain('Example is set up, and ada@example.com is its first Admin.');
    const file = join(home, 'portcullis', 'login.json');
    const { apiKey } = JSON.parse(readFileSync(file, 'utf8'));
    expect((statSync(file).mode & 0o777).toString(8)).toBe('600');
    expect(made.stdout).not.toContain(apiKey);
    expect(await portcullis(args, { stdin: `${PASSWORD}\n` })).toMatchObject({ code: 1, stderr: expect.stringMatching(/^setup\.done: /) });
  });

  test('makes keys, keeps one as login, and ends one', async () => {
    const shown = await portcullis(['keys', 'create', '--name', 'reader', '--scopes', 'schema:read', '--json']);
    const { id, key } = shown.json<{ id: string; key: string }>();
    const reader = commandLine(home, { PORTCULLIS_URL: app.url, PORTCULLIS_API_KEY: key });
    expect((await reader(['connection', 'list'])).code).toBe(0);
    expect(await reader(['members', 'list', '--json'])).toMatchObject({ code: 1, stderr: expect.stringContaining('"caller.forbidden"') });
    expect((await portcullis(['keys', 'revoke', id])).code).toBe(0);
    expect((await reader(['connection', 'list'])).stderr).toMatch(/^caller\.unauthenticated: /);

    const kept = await portcullis(['keys', 'create', '--name', 'mine', '--scopes', 'admin', '--keep']);
    expect(kept).toMatchObject({ code: 0, stderr: '' });
    const { apiKey } = JSON.parse(readFileSync(join(home, 'portcullis', 'login.json'), 'utf8'));
    expect(kept.stdout).not.toContain(apiKey);
    expect((await portcullis(['keys', 'list'])).stdout).toMatch(/^STARTS WITH .*\n(.*\n)*pc_\w+ +mine +ada@example\.com .* admin\n/);
    const other = await portcullis(['keys', 'create', '--name', 'other', '--scopes', 'schema:read', '--json']);
    const { prefix } = other.json<{ prefix: string }>();
    expect(await portcullis(['keys', 'revoke', prefix])).toMatchObject({ code: 0, stdout: `The key ${prefix} no longer works.\n` });
    expect((await portcullis(['keys', 'revoke', prefix])).stderr).toMatch(/^key\.unknown: .*keys list/);
  });

  test('learns who they are, what the organisation is called, and what there is to register', async () => {
    expect((await portcullis(['whoami'])).stdout).toMatch(/^Ada <ada@example\.com>, admin of Example, at .*\n[\s\S]*vault:manage/);
    expect((await portcullis(['organization', 'rename', 'Example & Co'])).stdout).toBe('It is called Example & Co now.\n');
    expect((await portcullis(['organization', 'show'])).stdout).toMatch(/^name +Example & Co\n/);
    expect((await portcullis(['organization', 'rename', 'Example'])).code).toBe(0);
    expect((await portcullis(['engines', 'list'])).stdout).toMatch(/^TYPE +NAME +PORT[\s\S]*\npostgresql +PostgreSQL +5432 /);
    expect((await portcullis(['engines', 'show', 'sqlite'])).stdout).toMatch(/^SQLite\n {2}(yes|no) [\s\S]*\nWHAT .*\n/);
    expect((await portcullis(['engines', 'show', 'db2'])).code).toBe(2);
    const link = await portcullis(['members', 'password-link', 'ada@example.com', '--json']);
    expect(link.json<{ url: string }>().url).toMatch(/#token=/);
  });

  test('logs in elsewhere with a key from stdin; a wrong one is not kept', async () => {
    const other = mkdtempSync(join(tmpdir(), 'portcullis-cli-'));
    const elsewhere = commandLine(other);
    expect(await elsewhere(['login', '--url', app.url, '--api-key-stdin'], { stdin: 'wrong\n' })).toMatchObject({ code: 1 });
    expect((await elsewhere(['vault', 'status'])).stderr).toMatch(/^login\.missing/);
    const { apiKey } = JSON.parse(readFileSync(join(home, 'portcullis', 'login.json'), 'utf8'));
    const login = await elsewhere(['login', '--url', `${app.url}/`, '--api-key-stdin'], { stdin: `${apiKey}\n` });
    expect(login).toMatchObject({ code: 0, stdout: expect.stringContaining('ada@example.com, admin of Example') });
    expect((await elsewhere(['vault', 'status', '--json'])).json()).toMatchObject({ provider: 'local' });
    rmSync(other, { recursive: true });
  });

  test('invites a member, changes their role and removes them', async () => {
    const invited = await portcullis(['members', 'invite', 'bob@example.com', '--role', 'user', '--json']);
    const token = new URL(invited.json<{ url: string }>().url).hash.replace('#token=', '');
    await app.client().acceptInvitation({ body: { token, name: 'Bob', password: PASSWORD } });
    expect((await portcullis(['members', 'role', 'Bob@example.com', 'manager'])).stdout).toBe('bob@example.com is manager now.\n');
    expect((await portcullis(['members', 'list'])).stdout).toMatch(/bob@example\.com +Bob +manager/);
    expect((await portcullis(['members', 'remove', 'bob@example.com'])).code).toBe(2);
    expect((await portcullis(['members', 'remove', 'bob@example.com', '--yes'])).code).toBe(0);
    expect((await portcullis(['members', 'role', 'bob@example.com', 'user'])).stderr).toMatch(/^member\.unknown: /);
    expect((await portcullis(['members', 'remove', 'ada@example.com', '--yes'])).stderr).toMatch(/^member\.last: /);
  });
});

test('a kept key goes to the server it was kept for and to no other', async () => {
  const heard: (string | undefined)[] = [];
  const stranger = createServer((request, response) => {
    heard.push(request.headers.authorization);
    response.end('{}');
  });
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`;
  expect((await portcullis(['connection', 'list'], { env: { PORTCULLIS_URL: url } })).stderr).toMatch(/^login\.missing/);
  expect(heard).toEqual([]);
  stranger.close();
});

describe('with the server stopped', () => {
  const offline = () => ({ env: { PORTCULLIS_DATA_DIR: join(app.folder, 'data') } });
  const add = ['organization', 'add', 'Second', '--admin', 'eve@example.com'];

  test('the folder is refused while a server has it', async () => {
    expect(await portcullis(add, offline())).toMatchObject({ code: 1, stderr: expect.stringMatching(/^store\.unavailable: /) });
    expect((await portcullis(['serve'], offline())).code).toBe(1);
  });

  test('a second organisation and a lost password get their links', async () => {
    await app.server.stop();
    const added = await portcullis([...add, '--json'], offline());
    expect(added).toMatchObject({ code: 0, stderr: '' });
    const reset = await portcullis(['members', 'reset', 'ada@example.com', '--json'], offline());
    expect(reset).toMatchObject({ code: 0, stderr: '' });
    expect((await portcullis(['members', 'reset', 'nobody@example.com'], offline())).stderr).toMatch(/^member\.unknown: /);

    app = await startApp({ folder: app.folder, setup: false });
    const tokenOf = (url: string): string => new URL(url).hash.replace('#token=', '');
    const link = added.json<{ url: string }>().url;
    await app.client().acceptInvitation({ body: { token: tokenOf(link), name: 'Eve', password: PASSWORD } });
    await app
      .client()
      .acceptPasswordLink({ body: { token: tokenOf(reset.json<{ url: string }>().url), password: 'another long password' } });
    await expect(app.signIn('ada@example.com', PASSWORD)).rejects.toThrow('401');
    const cookie = await app.signIn('eve@example.com', PASSWORD);
    const me = await app.client({ cookie, origin: app.url }).getMe();
    expect([me.role, me.organization.name]).toEqual(['admin', 'Second']);
  });
});
