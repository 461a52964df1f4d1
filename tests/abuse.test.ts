import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ProblemError } from '../src/contract/client.ts';
import { startApp, type TestApp } from './support/app.ts';
import { type Login, type PostgresServer, startPostgres } from './support/postgres.ts';
import { registrationBody } from './support/registration-body.ts';
import { gate } from './support/require.ts';

/* What a sceptical reader tried against the registration, kept so that it stays refused. */
const { skip } = gate('postgres');
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof ProblemError ? error.code : String(error)),
  );

describe.skipIf(skip).each(['embedded', 'server'] as const)('abuse on the %s store', (kind) => {
  let app: TestApp;
  let server: PostgresServer;
  let reader: Login;
  const store = (user = server.superuser) =>
    `postgres://${user.username}:${encodeURIComponent(user.password)}@${server.host}:${server.port}/store`;
  const clear = () => app.server.built.store.db.deleteFrom('attempts').execute();

  beforeAll(async () => {
    server = await startPostgres();
    await server.createDatabase('shop');
    await server.sql('create table orders (id int primary key)', 'shop');
    reader = await server.createReadOnlyLogin('shop', 'reader', 'the password of the reader');
    await server.createDatabase('store');
    const env = { PORTCULLIS_DATABASE_URL: store(), PORTCULLIS_MASTER_KEY: randomBytes(32).toString('base64') };
    app = await startApp(kind === 'server' ? { env } : {});
  });
  afterAll(async () => {
    await app?.stop();
    await server?.stop();
  });

  test('thirty tests at once find room for no more than the limit', async () => {
    const body = registrationBody(server, 'shop', { username: 'nobody', password: 'wrong' });
    const codes = await Promise.all(
      Array.from({ length: 30 }, () =>
        app.admin.client.testDbConnection({ body }).then(
          (result) => String(result.ok),
          (error: ProblemError) => error.code,
        ),
      ),
    );
    expect(codes.filter((code) => code === 'false')).toHaveLength(5);
    expect(codes.filter((code) => code === 'rate.exceeded')).toHaveLength(25);
    const refused = await app.server.built.store.db.selectFrom('records').select('id').where('detail', 'like', '%rate.exceeded%').execute();
    expect(refused).toHaveLength(25);
    await clear();
  });

  test('another protocol cannot be spoken through a username, and no text holds a NUL', async () => {
    const smuggled = { username: 'x\r\nFLUSHALL\r\n', password: 'x' };
    expect(await codeOf(app.admin.client.testDbConnection({ body: registrationBody(server, 'shop', smuggled) }))).toBe('request.invalid');
    const nul = registrationBody(server, 'shop', reader, { description: 'a\0b' });
    expect(await codeOf(app.admin.client.createDbConnection({ body: nul }))).toBe('request.invalid');
    expect(await codeOf(app.admin.client.editOrganization({ body: { name: 'a\0b' } }))).toBe('request.invalid');
    expect(await codeOf(app.admin.client.listDbConnections({ query: { q: '\0' } }))).toBe('request.invalid');
  });

  test('a Manager acknowledges nothing in an Admin’s place', async () => {
    const manager = await app.join('manager');
    const acknowledge = [{ code: 'privilege.excess' as const, reason: 'it is fine' }];
    const body = registrationBody(server, 'shop', server.superuser, { acknowledge });
    expect(await codeOf(manager.client.createDbConnection({ body }))).toBe('acknowledgement.required');
    const made = await manager.client.createDbConnection({
      body: { ...body, acknowledge: [{ code: 'tls.disabled', reason: 'not mine to say' }] },
    });
    expect(made.acknowledged).toEqual([]);
  });

  test('two connections renamed to one alias at once: one is', async () => {
    await clear();
    const made = [];
    for (const number of [1, 2])
      made.push(
        await app.admin.client.createDbConnection({ body: registrationBody(server, 'shop', reader, { name: `Rename ${number}` }) }),
      );
    const codes = await Promise.all(
      made.map(({ id }) => codeOf(app.admin.client.editDbConnection({ params: { id }, body: { name: 'One alias' } }))),
    );
    expect(codes.sort()).toEqual(['done', 'name.taken']);
  });

  test('a disabled connection is not even tested; enabled again, it is read', async () => {
    await clear();
    const { id } = await app.admin.client.createDbConnection({ body: registrationBody(server, 'shop', reader) });
    await app.admin.client.disableDbConnection({ params: { id }, body: { reason: 'leave it alone' } });
    expect(await codeOf(app.admin.client.testStoredDbConnection({ params: { id } }))).toBe('connection.disabled');
    await app.admin.client.enableDbConnection({ params: { id } });
    await expect.poll(async () => (await app.admin.client.getDbConnection({ params: { id } })).status, { timeout: 20_000 }).toBe('ready');
  });

  test.runIf(kind === 'embedded')('what was sealed is gone from every file when the connection is deleted', async () => {
    await clear();
    const made = await app.admin.client.createDbConnection({ body: registrationBody(server, 'shop', reader) });
    const { db } = app.server.built.store;
    const { sealed } = await db
      .selectFrom('db_credentials')
      .select('sealed')
      .where('connection_id', '=', made.id)
      .executeTakeFirstOrThrow();
    const holding = () =>
      ['portcullis.db', 'portcullis.db-wal'].filter((name) => readFileSync(join(app.folder, 'data', name)).includes(Buffer.from(sealed)));
    expect(holding()).not.toEqual([]);
    await app.admin.client.deleteDbConnection({ params: { id: made.id }, body: { confirmName: made.name } });
    expect(holding()).toEqual([]);
  });

  test.runIf(kind === 'server')('our own store is recognised by its tables where the server hides its identity', async () => {
    await clear();
    await server.sql('revoke execute on function pg_control_system from public', 'store');
    await server.sql("create role spy login password 'a spy’s password'; grant connect on database store to spy", 'store');
    const body = registrationBody(server, 'store', { username: 'spy', password: 'a spy’s password' });
    expect(await codeOf(app.admin.client.createDbConnection({ body }))).toBe('server.own');
  });

  test.runIf(kind === 'server')('a start that fails half way ends the process', async () => {
    await server.sql('create database narrow');
    await server.sql("create role narrow login password 'narrow'; grant create on schema public to narrow", 'narrow');
    const env = {
      PATH: process.env.PATH ?? '',
      PORTCULLIS_PORT: '0',
      PORTCULLIS_DATABASE_URL: `postgres://narrow:narrow@${server.host}:${server.port}/narrow`,
      PORTCULLIS_MASTER_KEY: randomBytes(32).toString('base64'),
    };
    const { status, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, '..', 'bin', 'portcullis.js'), 'serve'], {
      env,
      encoding: 'utf8',
      timeout: 40_000,
    });
    expect(stderr).toContain('does not start');
    expect(status).toBe(1);
  });
});
