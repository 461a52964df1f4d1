import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startApp, type TestApp } from './support/app.ts';
import { type Cli, commandLine } from './support/cli.ts';
import { type PostgresServer, startPostgres } from './support/postgres.ts';
import { registrationBody } from './support/registration-body.ts';
import { gate } from './support/require.ts';

// A safety limit: each command is a process of its own, and the machine may be busy.
vi.setConfig({ testTimeout: 120_000 });
const { skip } = gate('postgres');

describe.skipIf(skip)('asking by the command line', () => {
  let home: string;
  let app: TestApp;
  let server: PostgresServer;
  let portcullis: Cli;
  let portcullisKey: string;

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'portcullis-cli-'));
    server = await startPostgres();
    await server.createDatabase('shop');
    await server.sql(
      "create table orders (id int, note text); insert into orders values (1, 'first'), (2, null), (3, E'\\u202ethird')",
      'shop',
    );
    const reader = await server.createReadOnlyLogin('shop', 'reader', 'a password for reading');
    app = await startApp();
    portcullisKey = app.admin.apiKey;
    portcullis = commandLine(home, { PORTCULLIS_URL: app.url, PORTCULLIS_API_KEY: app.admin.apiKey });
    const { id } = await app.admin.client.createDbConnection({ body: registrationBody(server, 'shop', reader, { name: 'Shop' }) });
    const ready = async () => expect((await app.admin.client.getDbConnection({ params: { id } })).status).toBe('ready');
    await vi.waitFor(ready, { timeout: 30_000, interval: 100 });
  });
  afterAll(async () => {
    await app?.stop();
    await server?.stop();
    rmSync(home, { recursive: true, force: true });
  });

  test('prints rows as a table or as JSON, harmless to a terminal', async () => {
    const table = await portcullis(['query', 'Shop', 'select id, note from orders order by id']);
    expect(table).toMatchObject({ code: 0, stderr: '' });
    expect(table.stdout).toMatch(/id +note\n1 +first\n2 +NULL\n3 +\\u202ethird\n.*3 rows in [\d.]+ ms; entry [0-9a-f-]{36}/);
    const one = await portcullis([
      'query',
      'Shop',
      'select id from orders where id = $1',
      '--parameter',
      '2',
      '--max-rows',
      '1',
      '--reason',
      'a test',
      '--json',
    ]);
    expect(one.json()).toMatchObject({ rows: [[2]], truncated: false });
  });

  test('tells what may not run, and why', async () => {
    const refused = await portcullis(['query', 'Shop', 'drop table orders']);
    expect({ code: refused.code, stderr: refused.stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^statement\.refused: statement\.not_read.*[\s\S]*Allowed: /),
    });
    expect(refused.stderr).toMatch(/\n {2}entry: [0-9a-f-]{36}\n/);
    const asJson = await portcullis(['query', 'Shop', 'select pg_sleep(1)', '--json']);
    expect(JSON.parse(asJson.stderr)).toMatchObject({
      code: 'statement.refused',
      refusal: { rule: 'function.unlisted', position: { line: 1, column: 8 } },
      entryId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    const check = await portcullis(['query', 'Shop', 'select pg_sleep(1)', '--check']);
    expect({ code: check.code, stderr: check.stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/function\.unlisted \(line 1, column 8\)/),
    });
    expect(await portcullis(['query', 'Shop', 'select id from orders', '--check'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('reads public.orders'),
    });
  });

  test('lists, exports and verifies the audit, with the server and without', async () => {
    const list = await portcullis(['audit', 'list', '--connection', 'Shop', '--action', 'query', '--outcome', 'refused']);
    expect(list.stdout).toMatch(/query\.run +Shop +refused \(statement\.not_read\) +drop table orders/);
    const { items } = (await portcullis(['audit', 'list', '--action', 'query', '--outcome', 'refused', '--json'])).json<{
      items: { id: string; sql: string }[];
    }>();
    const dropped = items.find(({ sql }) => sql === 'drop table orders')?.id ?? '';
    expect((await portcullis(['audit', 'show', dropped])).stdout).toMatch(
      /^entry +[0-9a-f-]{36}\n[\s\S]*connection +Shop [\s\S]*verdict +refused by statement\.not_read\n[\s\S]*\ndrop table orders\n$/,
    );
    expect((await portcullis(['audit', 'show', dropped, '--json'])).json()).toMatchObject({ id: dropped, outcome: 'refused' });
    expect(await portcullis(['audit', 'show', 'drop'])).toMatchObject({ code: 2 });
    const live = await portcullis(['audit', 'verify', '--json']);
    const { checkpoint, publicKey } = live.json<{ checkpoint: string; publicKey: string }>();
    expect(live).toMatchObject({ code: 0 });

    const file = join(home, 'audit.jsonl');
    expect(await portcullis(['audit', 'export', '--file', file])).toMatchObject({ code: 0 });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await portcullis(['audit', 'export', '--file', file])).toMatchObject({ code: 2 });
    // No server is needed: this one is not there.
    const alone = commandLine(home, { PORTCULLIS_URL: 'http://127.0.0.1:9' });
    const verify = ['audit', 'verify', '--file', file];
    const good = await alone([...verify, '--checkpoint', checkpoint, '--key', publicKey]);
    expect(good).toMatchObject({ code: 0, stdout: expect.stringContaining('all as they were written') });
    writeFileSync(file, readFileSync(file, 'utf8').replace('drop table orders', 'select harmless'));
    const bad = await alone(verify);
    expect({ code: bad.code, stderr: bad.stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^audit\.broken: changed: record \d+/),
    });
    expect(await alone([...verify, '--checkpoint', 'nonsense'])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^request\.invalid: checkpoint/),
    });
  });

  test('rotates the master key while statements go on', async () => {
    const before = (await portcullis(['vault', 'status', '--json'])).json<{ keyId: string }>();
    const [rotated, answer] = await Promise.all([
      portcullis(['vault', 'rotate', '--json']),
      portcullis(['query', 'Shop', 'select id from orders']),
    ]);
    expect(rotated.json()).toMatchObject({ previousKeyId: before.keyId, done: true, unreadable: 0 });
    expect(answer.code).toBe(0);
    const { keyId } = rotated.json<{ keyId: string }>();
    expect((await portcullis(['vault', 'status', '--json'])).json()).toMatchObject({ keyId, rotatingTo: null });
    const list = await portcullis(['audit', 'list', '--action', 'vault']);
    expect(list.stdout).toMatch(/vault\.rotated[^\n]*\n[^\n]*vault\.rotating/);
    app = await app.restart();
    const again = commandLine(home, { PORTCULLIS_URL: app.url, PORTCULLIS_API_KEY: portcullisKey });
    expect(await again(['query', 'Shop', 'select id from orders'])).toMatchObject({ code: 0 });
  });
});
