import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Client, createClient } from '../src/contract/client.ts';
import { startApp, type TestApp } from './support/app.ts';
import { type Login, type PostgresServer, startPostgres } from './support/postgres.ts';
import { type ServerProcess, startProcess } from './support/process.ts';
import { refusal } from './support/refusal.ts';
import { registrationBody } from './support/registration-body.ts';
import { gate } from './support/require.ts';
import { startProxy, type TcpProxy } from './support/tcp-proxy.ts';

const { skip } = gate('postgres');

/** A real PostgreSQL whose log says how often a wrong password was tried: it is written before the client is told. */
describe.skipIf(skip)('a stored credential that the server rejects', () => {
  let server: PostgresServer;
  const attempts = (username: string): number =>
    readFileSync(join(server.folder, 'log'), 'utf8').split(`FATAL:  password authentication failed for user "${username}"`).length - 1;

  beforeAll(async () => {
    server = await startPostgres();
    await server.createDatabase('shop');
    await server.sql('create table orders (id int primary key); insert into orders values (7)', 'shop');
  });
  afterAll(() => server?.stop());

  const uses = (client: () => Client, id: string) => ({
    ask: () => client().runQuery({ params: { id }, body: { sql: 'select id from public.orders' } }),
    health: () =>
      client()
        .getDbConnection({ params: { id } })
        .then(({ health }) => health),
    test: () => client().testStoredDbConnection({ params: { id } }),
    put: (password: string, username: string) =>
      client().putCredential({ params: { id, slot: 'read_only' }, body: { username, password } }),
    ready: () => expect.poll(async () => (await client().getDbConnection({ params: { id } })).status, { timeout: 30_000 }).toBe('ready'),
    /** Asks for a reading, and says how it ended. */
    async read(): Promise<string | undefined> {
      const run = await client().startIngestion({ params: { id } });
      const params = { id, runId: run.id };
      const ended = async () => (await client().getIngestion({ params })).finishedAt;
      await expect.poll(ended, { timeout: 30_000 }).not.toBeNull();
      return (await client().getIngestion({ params })).error?.code;
    },
  });

  describe('in a process that is killed', () => {
    let folder: string;
    let main: ServerProcess;
    let client: Client;
    let straight: TcpProxy;
    let beside: TcpProxy;
    const start = () => startProcess({ PORTCULLIS_DATA_DIR: folder, PORTCULLIS_LOG_LEVEL: 'error', PORTCULLIS_PROBE_MINUTES: '0.005' });
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'portcullis-rejected-'));
      [straight, beside] = [await startProxy(server.port), await startProxy(server.port)];
      main = await start();
    });
    afterAll(async () => {
      if (main && main.child.exitCode === null && main.child.signalCode === null) await main.kill('SIGKILL');
      await straight?.stop();
      await beside?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    test('is tried once, by whoever comes first; then by nobody but a person, whatever fails meanwhile', { timeout: 180_000 }, async () => {
      const made = await createClient({ baseUrl: main.url }).setup({
        body: { organization: 'Rejected', name: 'R', email: 'r@example.com', password: 'correct horse battery' },
      });
      const as = (url: string) => createClient({ baseUrl: url, headers: { authorization: `Bearer ${made.apiKey}` } });
      client = as(main.url);
      const register = async (login: Login, proxy: TcpProxy): Promise<string> => {
        const body = registrationBody(server, 'shop', login);
        const { id } = await client.createDbConnection({ body: { ...body, address: { ...body.address, port: proxy.port } } });
        await uses(() => client, id).ready();
        return id;
      };
      const { ask, health, test, put, read } = uses(
        () => client,
        await register(await server.createReadOnlyLogin('shop', 'reader', 'the first password'), straight),
      );
      await register(await server.createReadOnlyLogin('shop', 'other', 'a password that stays'), beside);
      /** Looks go on: those at the other database came so often since. */
      const looks = async (): Promise<void> => {
        const before = beside.came();
        await expect.poll(() => beside.came(), { timeout: 60_000 }).toBeGreaterThan(before + 3);
      };
      const rejected = { state: 'authentication_failed', fault: 'credential.rejected', since: expect.any(String) };

      await server.sql("alter role reader password 'the second password'");
      await expect.poll(health, { timeout: 60_000 }).toMatchObject(rejected);
      const { since } = await health();
      expect(attempts('reader')).toBe(1);
      expect(await Promise.all([ask, ask, ask, ask].map((one) => refusal(one())))).toEqual(
        Array.from({ length: 4 }, () => expect.objectContaining({ code: 'credential.rejected' })),
      );
      expect(await read()).toBe('credential.rejected');

      // A person asks, and the network fails before the server is reached: nothing was learned of the credential.
      straight.resetNext(1);
      const cut = await test();
      expect(cut.stages.find(({ status }) => status === 'failed')?.fault?.code).not.toBe('credential.rejected');
      expect(await health()).toEqual({ ...rejected, since });
      expect(await refusal(ask())).toMatchObject({ code: 'credential.rejected' });
      expect(await read()).toBe('credential.rejected');
      await looks();
      expect(attempts('reader')).toBe(1);

      await main.kill('SIGKILL');
      // Looks that were cut short have a lease of minutes: it is over.
      const store = new DatabaseSync(join(folder, 'portcullis.db'));
      store.exec("update db_connections set next_probe_at = '2000-01-01T00:00:00.000Z' where next_probe_at is not null");
      store.close();
      main = await start();
      client = as(main.url);
      await looks();
      const came = straight.came();
      expect(await refusal(ask())).toMatchObject({ code: 'credential.rejected' });
      expect(await read()).toBe('credential.rejected');
      expect(await health()).toEqual({ ...rejected, since });
      expect([attempts('reader'), straight.came()]).toEqual([1, came]);

      // A person may: once each time.
      expect((await test()).ok).toBe(false);
      expect(await refusal(put('not it either', 'reader'))).toMatchObject({ code: 'credential.rejected' });
      expect(await refusal(ask())).toMatchObject({ code: 'credential.rejected' });
      await looks();
      expect(attempts('reader')).toBe(3);
      await put('the second password', 'reader');
      expect((await ask()).rows).toEqual([[7]]);
      expect(await health()).toMatchObject({ state: 'healthy' });
    });
  });

  describe('in one process', () => {
    let app: TestApp;
    beforeAll(async () => {
      app = await startApp({ env: { PORTCULLIS_PROBE_MINUTES: '0' } });
    });
    afterAll(() => app?.stop());
    const registered = async (username: string) => {
      await app.server.built.store.db.deleteFrom('attempts').execute();
      const login = await server.createReadOnlyLogin('shop', username, 'the first password');
      const { id } = await app.admin.client.createDbConnection({ body: registrationBody(server, 'shop', login) });
      const use = uses(() => app.admin.client, id);
      await use.ready();
      return use;
    };
    const rejected = expect.objectContaining({ code: 'credential.rejected' });

    test('is tried once by statements and a reading that come together', { timeout: 120_000 }, async () => {
      const { ask, read } = await registered('together');
      await server.sql("alter role together password 'the second password'");
      const [code, ...asked] = await Promise.all([read(), ...Array.from({ length: 4 }, () => refusal(ask()))]);
      expect([code, asked]).toEqual(['credential.rejected', Array.from({ length: 4 }, () => rejected)]);
      expect(attempts('together')).toBe(1);
    });

    test('is tried by nobody while the store cannot take that it was rejected', { timeout: 120_000 }, async () => {
      const { ask, health } = await registered('unkept');
      await server.sql("alter role unkept password 'the second password'");
      const { db } = app.server.built.store;
      await sql`create trigger no_room before update of rejected on db_connections begin select raise(abort, 'no room'); end`.execute(db);
      for (let times = 0; times < 4; times++) expect(await refusal(ask())).toMatchObject({ code: 'internal.failed' });
      expect(attempts('unkept')).toBe(1);
      await sql`drop trigger no_room`.execute(db);
      expect(await refusal(ask())).toEqual(rejected);
      expect(await health()).toMatchObject({ state: 'authentication_failed' });
      expect(attempts('unkept')).toBe(1);
    });
  });
});
