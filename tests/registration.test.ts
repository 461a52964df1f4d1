import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Connection, StageResult } from '../src/contract/connections.ts';
import { stageNames } from '../src/contract/connections.ts';
import { startApp, type TestApp, type TestPerson } from './support/app.ts';
import { type Login, type PostgresServer, startPostgres } from './support/postgres.ts';
import { refusal } from './support/refusal.ts';
import { registrationBody } from './support/registration-body.ts';
import { gate } from './support/require.ts';

const { skip } = gate('postgres');

describe.skipIf(skip).each(['embedded', 'server'] as const)('registration on the %s store', (kind) => {
  let app: TestApp;
  let server: PostgresServer;
  let reader: Login;
  let writer: Login;
  let manager: TestPerson;
  const body = <T extends object>(over: T = {} as T) => registrationBody(server, 'shop', reader, over);
  // The limit of tests to one destination is there to be met by people, not by these tests: each login is its own destination.
  const login = (): Promise<Login> =>
    server.createReadOnlyLogin('shop', `reader_${randomBytes(4).toString('hex')}`, randomBytes(8).toString('hex'));
  const fresh = async <T extends object>(over: T = {} as T) => registrationBody(server, 'shop', await login(), over);
  const register = async (over: object = {}, person: TestPerson = app.admin): Promise<Connection> =>
    person.client.createDbConnection({ body: await fresh(over) });
  const clearLimits = () => app.server.built.store.db.deleteFrom('attempts').execute();

  beforeAll(async () => {
    server = await startPostgres();
    await server.createDatabase('shop');
    await server.sql(
      'create table orders (id int primary key, total numeric); create table customers (id int primary key, name text)',
      'shop',
    );
    reader = await server.createReadOnlyLogin('shop', 'reader', 'the reader’s own password');
    writer = await server.createReadOnlyLogin('shop', 'writer', 'the writer’s own password');
    await server.sql('grant insert on orders to writer', 'shop');
    await server.createDatabase('store');
    const { username, password } = server.superuser;
    const url = `postgres://${username}:${encodeURIComponent(password)}@${server.host}:${server.port}/store`;
    app = await startApp(
      kind === 'server' ? { env: { PORTCULLIS_DATABASE_URL: url, PORTCULLIS_MASTER_KEY: randomBytes(32).toString('base64') } } : {},
    );
    manager = await app.join('manager');
  });
  afterAll(async () => {
    await app?.stop();
    await server?.stop();
  });

  test('the stages are streamed in order, each with time and evidence, and end with a receipt', async () => {
    const seen: StageResult[] = [];
    const result = await app.admin.client.stream.testDbConnection({ body: body() }, { onEvent: (stage) => seen.push(stage) });
    expect(seen.map((stage) => stage.stage)).toEqual(stageNames);
    expect(result.stages).toEqual(seen);
    expect(result).toMatchObject({ ok: true, server: { product: 'PostgreSQL' }, privileges: { grade: 'read_only', writable: 0 } });
    expect(Object.fromEntries(seen.map((stage) => [stage.stage, stage.status]))).toMatchObject({
      tunnel: 'skipped',
      tls: 'warning',
      auth: 'passed',
      catalog: 'passed',
    });
    expect(result.receipt).toBeTypeOf('string');
  });

  test('a receipt registers once, and only what was tested', async () => {
    const tested = await fresh();
    const { receipt = '' } = await app.admin.client.testDbConnection({ body: tested });
    const other = await login();
    const bad = [
      { ...tested, receipt: `${receipt}x` },
      { ...tested, receipt: receipt.slice(3) },
      { ...tested, receipt, address: { ...tested.address, database: 'postgres' } },
      { ...tested, receipt, address: { ...tested.address, host: 'localhost' } },
      { ...tested, receipt, credentials: { readOnly: other } },
    ];
    for (const body of bad)
      expect(await refusal(app.admin.client.createDbConnection({ body }))).toEqual({ code: 'receipt.invalid', field: 'receipt' });
    const colleague = await app.join('admin');
    expect(await refusal(colleague.client.createDbConnection({ body: { ...tested, receipt } }))).toMatchObject({ code: 'receipt.invalid' });
    const made = await app.admin.client.createDbConnection({
      body: { ...tested, receipt, description: 'What it is called and is for is not bound' },
    });
    expect(made).toMatchObject({
      status: 'ingesting',
      usernames: { readOnly: tested.credentials.readOnly.username, write: null },
      visibility: 'private',
      mayManage: true,
    });
    expect(await refusal(app.admin.client.createDbConnection({ body: { ...tested, name: 'Again', receipt } }))).toMatchObject({
      code: 'receipt.invalid',
    });
    expect(JSON.stringify(made)).not.toContain(tested.credentials.readOnly.password);
  });

  test('without a receipt the server tests first, and a failed test keeps nothing', async () => {
    const before = (await app.admin.client.listDbConnections({ query: {} })).items.length;
    const wrong = { ...(await login()), password: 'not the password' };
    expect(await refusal(register({ credentials: { readOnly: wrong } }))).toEqual({
      code: 'credential.rejected',
      field: 'credentials.readOnly.password',
      stage: 'auth',
    });
    const after = (await app.admin.client.listDbConnections({ query: {} })).items.length;
    expect(after).toBe(before);
  });

  test('two at once under one alias make one', async () => {
    const [one, two] = [await fresh({ name: 'The same' }), await fresh({ name: 'THE  SAME' })];
    const results = await Promise.allSettled([one, two].map((body) => app.admin.client.createDbConnection({ body })));
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await refusal(register({ name: 'the same' }))).toEqual({ code: 'name.taken', field: 'name' });
  });

  test.each([
    ['an unknown key', { surprise: 1 }, { code: 'request.invalid', field: 'surprise' }],
    [
      'an unknown key inside',
      { address: { host: 'x', port: 1, database: 'x', tls: { mode: 'verify-full' }, ssh: null, options: '-c x=y' } },
      { code: 'request.invalid', field: 'address.options' },
    ],
    [
      'an SSH address without a user',
      { address: { host: 'x', port: 1, database: 'x', tls: { mode: 'verify-full' }, ssh: { host: 'y' } } },
      { code: 'request.invalid', field: 'address.ssh.user' },
    ],
    [
      'a tunnel credential',
      { credentials: { readOnly: { username: 'u', password: 'p' }, tunnel: { password: 'x' } } },
      { code: 'request.invalid', field: 'credentials.tunnel' },
    ],
    [
      'a write credential',
      { credentials: { readOnly: { username: 'u', password: 'p' }, write: { username: 'u', password: 'p' } } },
      { code: 'request.invalid', field: 'credentials.write' },
    ],
    [
      'a port out of range',
      { address: { host: 'x', port: 70_000, database: 'x', tls: { mode: 'verify-full' }, ssh: null } },
      { code: 'request.invalid', field: 'address.port' },
    ],
    [
      'a socket path as host',
      { address: { host: '/var/run/postgresql', port: 5432, database: 'x', tls: { mode: 'verify-full' }, ssh: null } },
      { code: 'request.invalid', field: 'address.host' },
    ],
    [
      'an empty password',
      { credentials: { readOnly: { username: 'u', password: '' } } },
      { code: 'request.invalid', field: 'credentials.readOnly.password' },
    ],
    ['an engine that is not there', { dbType: 'db2' }, { code: 'request.invalid', field: 'dbType' }],
    [
      'cloud metadata',
      { address: { host: '169.254.169.254', port: 80, database: 'x', tls: { mode: 'verify-full' }, ssh: null } },
      { code: 'network.forbidden', field: 'address.host', stage: 'network' },
    ],
    [
      'cloud metadata, mapped',
      { address: { host: '::ffff:169.254.169.254', port: 80, database: 'x', tls: { mode: 'verify-full' }, ssh: null } },
      { code: 'network.forbidden', field: 'address.host', stage: 'network' },
    ],
    ['an alias with a hidden direction mark', { name: 'Sales\u202egnp' }, { code: 'request.invalid', field: 'name' }],
  ])('%s is refused with its field', async (_, over, expected) => {
    await clearLimits();
    expect(await refusal(app.admin.client.createDbConnection({ body: body(over) as never }))).toEqual(expected);
  });

  test('our own listener is never dialled', async () => {
    await clearLimits();
    const port = Number(new URL(app.url).port);
    const address = { host: '127.0.0.1', port, database: 'x', tls: { mode: 'disable' }, ssh: null };
    expect(await refusal(app.admin.client.createDbConnection({ body: body({ address }) as never }))).toMatchObject({
      code: 'network.forbidden',
      stage: 'network',
    });
  });

  test.runIf(kind === 'server')('our own store is refused by its identity', async () => {
    const address = { host: 'localhost', port: server.port, database: 'store', tls: { mode: 'disable' as const }, ssh: null };
    expect(
      await refusal(app.admin.client.createDbConnection({ body: body({ address, credentials: { readOnly: server.superuser } }) })),
    ).toMatchObject({ code: 'server.own', stage: 'version' });
  });

  test('a pasted string is read by the server, and nothing dangerous of it is used', async () => {
    const { username, password } = await login();
    const { address: _, credentials: __, ...plain } = body();
    const text = `postgresql://${username}:${encodeURIComponent(password)}@${server.host}:${server.port}/shop?sslmode=disable`;
    const made = await app.admin.client.createDbConnection({
      body: { ...plain, name: 'Pasted', mode: 'connection_string', connectionString: text },
    });
    expect(made).toMatchObject({ mode: 'connection_string', address: { host: server.host, database: 'shop', tls: { mode: 'disable' } } });
    for (const tail of ['&sslkey=/etc/passwd', '&host=169.254.169.254', '&options=-c%20x%3Dy', '&nonsense=1']) {
      const refused = refusal(
        app.admin.client.createDbConnection({ body: { ...plain, mode: 'connection_string', connectionString: text + tail } }),
      );
      expect([tail, await refused]).toEqual([tail, { code: 'string.invalid', field: 'connectionString', stage: 'parse' }]);
    }
  });

  test('without TLS only an Admin, with a reason; loopback needs neither', async () => {
    await clearLimits();
    const address = { host: '203.0.113.7', port: 5432, database: 'x', tls: { mode: 'disable' as const }, ssh: null };
    const expected = { code: 'acknowledgement.required', field: 'address.tls', stage: 'parse' };
    expect(await refusal(manager.client.createDbConnection({ body: body({ address }) }))).toEqual(expected);
    expect(await refusal(app.admin.client.createDbConnection({ body: body({ address, acknowledge: [] }) }))).toEqual(expected);
    expect((await register({ acknowledge: [] }, manager)).address).toMatchObject({ tls: { mode: 'disable' } });
  });

  test('a credential that can write is accepted and marked', async () => {
    const made = await app.admin.client.createDbConnection({ body: body({ name: 'Writable', credentials: { readOnly: writer } }) });
    expect(made.privileges).toMatchObject({ grade: 'writes', writable: 1 });
    expect(made.privileges?.excess[0]?.what).toContain('INSERT');
  });

  test('tests are limited per person and per destination, and each is on record', async () => {
    await clearLimits();
    const mine = await login();
    const again = () => manager.client.testDbConnection({ body: body({ credentials: { readOnly: mine } }) });
    for (let count = 0; count < 5; count++) expect((await again()).ok).toBe(true);
    expect(await refusal(again())).toEqual({ code: 'rate.exceeded' });
    for (let count = 0; count < 5; count++) await manager.client.testDbConnection({ body: await fresh() });
    expect(await refusal(manager.client.testDbConnection({ body: await fresh() }))).toEqual({ code: 'rate.exceeded' });
    expect((await manager.client.getMe()).limits).toEqual({ testsPerMinute: 10, testsUsed: 10 });
    const { db } = app.server.built.store;
    const kept = await db
      .selectFrom('records')
      .select('outcome')
      .where('action', '=', 'connection.tested')
      .where('detail', 'like', `%${mine.username}%`)
      .execute();
    // The refused one as well.
    expect(kept.map((row) => row.outcome).sort()).toEqual(['failed', ...Array(5).fill('passed')]);
    await clearLimits();
  });

  test('a caller that goes away ends the test', async () => {
    const gone = new AbortController();
    const silent = await import('node:net').then(({ createServer }) => createServer());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { port: number };
    let open = 0;
    silent.on('connection', (socket) => {
      open++;
      socket
        .resume()
        .on('close', () => open--)
        .on('error', () => {});
    });
    const address = { host: '127.0.0.1', port, database: 'x', tls: { mode: 'verify-full' as const }, ssh: null };
    const testing = app.admin.client.stream.testDbConnection({ body: body({ address }) }, { onEvent: () => {}, signal: gone.signal });
    await expect.poll(() => open, { timeout: 5000 }).toBe(1);
    gone.abort();
    await expect(testing).rejects.toThrow();
    await expect.poll(() => open, { timeout: 5000 }).toBe(0);
    silent.close();
  });
});
