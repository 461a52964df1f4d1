import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type KeyPair, makeAuthority, makeServerCertificate } from '../../../../tests/support/certificates.ts';
import { inside, type Place } from '../../../../tests/support/open-postgres.ts';
import { type PostgresServer, startPostgres } from '../../../../tests/support/postgres.ts';
import { gate } from '../../../../tests/support/require.ts';
import type { Reading } from '../engine.ts';
import { postgres } from './postgres.ts';
import type { PostgresSession } from './session.ts';

const asker = new AbortController().signal;
const reading = (sql: string, about: Partial<Reading> = {}): Reading => ({
  sql,
  parameters: [],
  maxRows: 10,
  maxBytes: 1_000_000,
  timeoutMs: 5000,
  signal: asker,
  ...about,
});
const run = (session: PostgresSession, sql: string, about: Partial<Reading> = {}) => postgres.run(session, reading(sql, about));

describe.skipIf(gate('postgres').skip)('a statement of somebody else', () => {
  let authority: KeyPair;
  let server: PostgresServer;
  let place: Place;
  beforeAll(async () => {
    authority = await makeAuthority();
    server = await startPostgres({ ssl: await makeServerCertificate(authority) });
    await server.createDatabase('shop');
    await server.sql("CREATE TABLE item (id int PRIMARY KEY, name text); INSERT INTO item VALUES (1, 'x')", 'shop');
    const login = await server.createReadOnlyLogin('shop', 'reader', 'secret');
    place = { port: server.port, database: 'shop', ...login, tls: { mode: 'verify-full', ca: authority.cert } };
  }, 120_000);
  afterAll(() => server?.stop());

  const stateSql = `SELECT current_setting('default_transaction_read_only'), current_setting('statement_timeout'), current_setting('search_path'),
    (SELECT count(*) FROM pg_prepared_statements), (SELECT count(*) FROM pg_cursors), (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'),
    current_user::text, (SELECT count(*) FROM pg_listening_channels()), current_setting('transaction_isolation')`;

  it('reads the names in a statement as it was judged, whatever session a pooler gives it', async () => {
    await inside(place, async (session) => {
      await session.run('SET search_path = public');
      await session.run('SET standard_conforming_strings = off');
      const { rows } = await run(session, "SELECT current_setting('search_path'), current_setting('standard_conforming_strings')");
      expect(rows).toEqual([['pg_catalog, pg_temp', 'on']]);
    });
  });

  it.each([
    ['SET default_transaction_read_only = off'],
    ["SELECT set_config('statement_timeout', '0', false), set_config('search_path', 'public', false)"],
    ['SELECT pg_advisory_lock(7), pg_try_advisory_lock_shared(8)'],
    ['PREPARE p AS SELECT 1'],
    ['DECLARE c CURSOR WITH HOLD FOR SELECT 1'],
    ['LISTEN a'],
    ['COMMIT'],
    ['ROLLBACK'],
    ['SELECT 1/0'],
    ['SELECT 1; SELECT 2'],
    [''],
  ])('leaves nothing in the session: %s', async (sql) => {
    await inside(place, async (session) => {
      const before = await session.run(stateSql);
      await run(session, sql).catch(() => undefined);
      expect((await run(session, 'SELECT name FROM public.item')).rows).toEqual([['x']]);
      expect(await session.run(stateSql)).toEqual(before);
      expect(session.usable).toBe(true);
    });
  });

  it('is cancelled over the same encryption, and its session is not used again', async () => {
    await inside(place, async (session) => {
      const hangUp = new AbortController();
      const asked = run(session, 'SELECT pg_sleep(60)', { timeoutMs: 100_000, signal: hangUp.signal }).catch((error: Error) => error);
      const active = async () =>
        Number(
          (
            await server.sql(
              "SELECT count(*) AS n FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()",
            )
          )[0]?.n,
        );
      await vi.waitFor(async () => expect(await active()).toBe(1), { timeout: 10_000 });
      hangUp.abort();
      expect(await asked).toMatchObject({ code: 'statement.cancelled' });
      expect(session.usable).toBe(false);
      await vi.waitFor(async () => expect(await active()).toBe(0), { timeout: 10_000 });
    });
  });

  it('binds what it is given, as the server reads it', async () => {
    await inside(place, async (session) => {
      const { rows } = await run(session, 'SELECT $1::bigint, $2::numeric, $3::text, $4::boolean, $5::text', {
        parameters: ['9223372036854775807', 1.5, "'; DROP TABLE item --", false, null],
      });
      expect(rows).toEqual([['9223372036854775807', '1.5', "'; DROP TABLE item --", false, null]]);
      await expect(run(session, 'SELECT $1::int', { parameters: ['abc'] })).rejects.toMatchObject({
        code: 'statement.failed',
        message: expect.not.stringContaining('abc'),
      });
      await expect(run(session, 'SELECT $1::int')).rejects.toMatchObject({ code: 'statement.failed' });
    });
  });

  it('is looked up in the schemas that it names, never in those of the role', async () => {
    await server.sql(
      'ALTER ROLE reader SET search_path = public; ALTER ROLE reader SET datestyle = German; ALTER ROLE reader SET bytea_output = escape',
    );
    await inside(place, async (session) => {
      await expect(run(session, 'SELECT * FROM item')).rejects.toMatchObject({ code: 'statement.failed' });
      expect((await run(session, "SELECT '2024-02-29'::date, '\\x00'::bytea")).rows).toEqual([['2024-02-29', '\\x00']]);
    });
  });

  it('ends with the session that was ended from outside', async () => {
    await inside(place, async (session) => {
      const asked = run(session, 'SELECT pg_sleep(60)', { timeoutMs: 100_000 }).catch((error: Error) => error);
      await vi.waitFor(
        async () => {
          const [row] = await server.sql(
            "SELECT count(pg_terminate_backend(pid)) AS n FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()",
          );
          expect(Number(row?.n)).toBe(1);
        },
        { timeout: 10_000 },
      );
      expect(await asked).toMatchObject({ code: 'server.lost' });
      expect(session.usable).toBe(false);
    });
  });
});
