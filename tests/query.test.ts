import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { ProblemError } from '../src/contract/client.ts';
import { startApp, type TestApp, type TestPerson } from './support/app.ts';
import { type PostgresServer, startPostgres } from './support/postgres.ts';
import { registrationBody } from './support/registration-body.ts';
import { gate } from './support/require.ts';

const { skip } = gate('postgres');

const problem = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof ProblemError) return error.problem;
  throw error ?? new Error('it was not refused');
};

describe.skipIf(skip).each(['embedded', 'server'] as const)('asking a database, with the %s store', (kind) => {
  let app: TestApp;
  let server: PostgresServer;
  let user: TestPerson;
  let id: string;
  const client = () => app.admin.client;
  const ask = (sql: string, about: object = {}, person: TestPerson = app.admin, signal?: AbortSignal) =>
    person.client.runQuery({ params: { id }, body: { sql, ...about } }, { signal });
  const newest = async () => (await client().listAuditEntries({ query: { action: 'query', limit: 1 } })).items[0];

  beforeAll(async () => {
    server = await startPostgres();
    await server.createDatabase('shop');
    await server.sql(
      'create table orders (id int primary key, total numeric(20,2), big bigint); insert into orders select i, i * 1.10, 9007199254740993 from generate_series(1, 3000) i; create table secret_extra (id int)',
      'shop',
    );
    const reader = await server.createReadOnlyLogin('shop', 'reader', 'a password for reading');
    await server.createDatabase('store');
    const { username, password } = server.superuser;
    const url = `postgres://${username}:${encodeURIComponent(password)}@${server.host}:${server.port}/store`;
    const env = kind === 'server' ? { PORTCULLIS_DATABASE_URL: url, PORTCULLIS_MASTER_KEY: randomBytes(32).toString('base64') } : {};
    app = await startApp({ env });
    user = await app.join('user', ['query:read']);
    ({ id } = await client().createDbConnection({
      body: registrationBody(server, 'shop', reader, { visibility: 'organization' as const }),
    }));
    await vi.waitFor(async () => expect((await client().getDbConnection({ params: { id } })).status).toBe('ready'), {
      timeout: 30_000,
      interval: 100,
    });
  });
  afterAll(async () => {
    await app?.stop();
    await server?.stop();
  });

  test('answers within the limits, exactly, and the entry is on record', async () => {
    const answer = await ask('select id, total, big from orders where id <= $1 order by id', { parameters: [2], reason: 'why not' }, user);
    expect(answer.rows).toEqual([
      [1, '1.10', '9007199254740993'],
      [2, '2.20', '9007199254740993'],
    ]);
    expect(answer).toMatchObject({ rowCount: 2, truncated: false, limit: null });
    expect(answer.columns.map(({ name }) => name)).toEqual(['id', 'total', 'big']);
    const entry = await newest();
    expect(entry).toMatchObject({
      id: answer.entryId,
      action: 'query.run',
      outcome: 'done',
      verdict: 'allowed',
      rule: null,
      slot: 'read_only',
      rows: 2,
      bytes: answer.bytes,
      sql: 'select id, total, big from orders where id <= $1 order by id',
      connection: { id },
      detail: { parameters: [2], reason: 'why not' },
    });
    expect(entry?.actor.via).toBe('key');
    expect(entry?.fingerprint).toMatch(/^[0-9a-f]{32}$/);
  });

  test('cuts at a thousand rows unless fewer are asked for, and says so', async () => {
    expect(await ask('select id from orders')).toMatchObject({ rowCount: 1000, truncated: true, limit: 'rows' });
    expect(await ask('select id from orders', { maxRows: 3000 })).toMatchObject({ rowCount: 3000, truncated: false });
    expect(await ask('select id from orders', { maxRows: 5 })).toMatchObject({ rowCount: 5, truncated: true });
    expect(await problem(ask('select 1', { maxRows: 10_001 }))).toMatchObject({ code: 'request.invalid', field: 'maxRows' });
  });

  test('stays within what the connection allows, which a caller cannot raise', async () => {
    const limit = (limits: object) => client().editDbConnection({ params: { id }, body: { limits } });
    const usual = { rescanHours: 24, maxRows: null, maxBytes: null, timeoutMs: null };
    expect((await client().getDbConnection({ params: { id } })).limits).toEqual(usual);
    expect((await limit({ maxRows: 20, timeoutMs: 300 })).limits).toEqual({ ...usual, maxRows: 20, timeoutMs: 300 });
    for (const about of [{}, { maxRows: 3000 }])
      expect(await ask('select id from orders', about, user)).toMatchObject({ rowCount: 20, truncated: true, limit: 'rows' });
    expect(await ask('select id from orders', { maxRows: 5 })).toMatchObject({ rowCount: 5, truncated: true });
    const endless = 'select count(*) from orders a, orders b, orders c, orders d';
    expect(await problem(ask(endless, { timeoutMs: 60_000 }))).toMatchObject({ code: 'statement.expired' });
    expect((await limit({ maxRows: null, maxBytes: 2048 })).limits).toEqual({ ...usual, maxBytes: 2048, timeoutMs: 300 });
    const cut = await ask('select id, total, big from orders', {}, user);
    expect(cut).toMatchObject({ truncated: true, limit: 'bytes' });
    expect(cut.bytes).toBeLessThanOrEqual(2048);
    for (const [field, value] of Object.entries({ maxRows: 10_001, maxBytes: 10 * 1024 * 1024 + 1, timeoutMs: 30_001 }))
      expect(await problem(limit({ [field]: value }))).toMatchObject({ code: 'request.invalid', field: `limits.${field}` });
    expect((await limit({ maxBytes: null, timeoutMs: null })).limits).toEqual(usual);
    expect(await ask('select id from orders')).toMatchObject({ rowCount: 1000 });
    const [entry] = (await client().listAuditEntries({ query: { action: 'connection.edited', limit: 1 } })).items;
    expect(entry?.detail).toMatchObject({ fields: 'limits', limits: '{"maxBytes":null,"timeoutMs":null}' });
  });

  test('refuses what is not a read of published tables: rule, place, what is allowed, on record', async () => {
    const told = await problem(ask('delete from orders', {}, user));
    expect(told).toMatchObject({ status: 422, code: 'statement.refused', field: 'sql' });
    expect(told.detail).toMatch(/^statement\.not_read/);
    expect(told.hint).toMatch(/^Allowed: /);
    expect(await newest()).toMatchObject({
      sql: 'delete from orders',
      outcome: 'refused',
      verdict: 'refused',
      rule: 'statement.not_read',
      fault: 'statement.refused',
      rows: null,
    });
    const sql = 'select id,\n  pg_sleep(1) from orders';
    const place = await problem(ask(sql));
    expect(place.detail).toMatch(/function\.unlisted \(line 2, column 3\)/);
    // The problem carries the refusal just as a check tells it, and where it is on record.
    const { refusal } = await user.client.checkQuery({ params: { id }, body: { sql } });
    expect(place.refusal).toEqual(refusal);
    expect(place.refusal).toMatchObject({ rule: 'function.unlisted', position: { line: 2, column: 3 } });
    expect(place.entryId).toBe((await newest())?.id);
    expect(told.entryId).not.toBe(place.entryId);
  });

  test('a check gives the verdict and leaves no entry', async () => {
    const before = await newest();
    const check = (sql: string) => user.client.checkQuery({ params: { id }, body: { sql } });
    expect(await check('select count(*) from orders')).toMatchObject({
      allowed: true,
      refusal: null,
      tables: [{ schema: 'public', table: 'orders' }],
      functions: ['count'],
    });
    const refused = await check('select * from nowhere');
    expect(refused).toMatchObject({ allowed: false, refusal: { rule: 'relation.unknown', position: { line: 1 } } });
    expect((await newest())?.id).toBe(before?.id);
  });

  test('an unknown table has the schema read again, once a minute at the most', async () => {
    const runs = async () => (await client().listIngestions({ params: { id } })).items.length;
    const { db } = app.server.built.store;
    await server.sql('create table brand_new (id int); grant select on brand_new to reader', 'shop');
    const first = await runs();
    await problem(ask('select * from brand_new'));
    expect(await runs()).toBe(first);
    await db.updateTable('ingestion_runs').set({ created_at: '2020-01-01T00:00:00.000Z' }).execute();
    expect((await problem(ask('select * from brand_new'))).detail).toContain('read again');
    expect(await runs()).toBe(first + 1);
    await expect
      .poll(
        () =>
          ask('select * from brand_new').then(
            () => 'answered',
            () => 'refused',
          ),
        { timeout: 20_000, interval: 200 },
      )
      .toBe('answered');
    expect(await runs()).toBe(first + 1);
  });

  test('what fails, takes too long or is given up ends so on record', async () => {
    const failed = await problem(ask('select 1 / (id - id) from orders'));
    expect(failed.code).toBe('statement.failed');
    expect(await newest()).toMatchObject({ id: failed.entryId, outcome: 'failed', fault: 'statement.failed', verdict: 'allowed' });
    expect(failed).not.toHaveProperty('refusal');
    const endless = 'select count(*) from orders a, orders b, orders c, orders d';
    const late = await problem(ask(endless, { timeoutMs: 300 }));
    expect(late.code).toBe('statement.expired');
    expect(await newest()).toMatchObject({ outcome: 'failed', fault: 'statement.expired' });
    const gone = new AbortController();
    const given = ask(endless, {}, user, gone.signal).catch(() => 'gone');
    await setTimeout(500);
    gone.abort();
    expect(await given).toBe('gone');
    await expect.poll(async () => (await newest())?.outcome, { timeout: 5000 }).toBe('cancelled');
    const running = async () =>
      (
        await server.sql(
          "select count(*)::int as n from pg_stat_activity where state = 'active' and query like '%orders%' and usename = 'reader'",
          'shop',
        )
      )[0]?.n;
    await expect.poll(running, { timeout: 5000 }).toBe(0);
  });

  test('a person runs four at once on a connection; the fifth is told what to do', async () => {
    const gone = new AbortController();
    const endless = 'select count(*) from orders a, orders b, orders c, orders d';
    const four = Array.from({ length: 4 }, () => ask(endless, {}, user, gone.signal).catch(() => 'gone'));
    const pending = async () => (await client().listAuditEntries({ query: { outcome: 'pending' } })).items.length;
    await expect.poll(pending, { timeout: 10_000 }).toBe(4);
    const fifth = await problem(ask('select 1', {}, user));
    expect(fifth).toMatchObject({ status: 429, code: 'rate.exceeded' });
    gone.abort();
    await Promise.all(four);
    await expect.poll(pending, { timeout: 10_000 }).toBe(0);
    expect((await ask('select 1', {}, user)).rows).toEqual([[1]]);
  });

  test('a person has four statements checked at once: what takes the guard long keeps nobody else waiting', async () => {
    const doubled = Array.from(
      { length: 24 },
      (_, i) => `c${i} as (select * from ${i ? `c${i - 1} a, c${i - 1} b` : 'orders a, orders b'})`,
    );
    const check = (sql: string) => user.client.checkQuery({ params: { id }, body: { sql } });
    const codes = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        check(`with ${doubled.join(', ')} select ${i} from c23`).then(
          ({ refusal }) => refusal?.rule,
          (error: ProblemError) => error.code,
        ),
      ),
    );
    expect(codes.filter((code) => code === 'rate.exceeded')).toHaveLength(8);
    expect(codes.filter((code) => code === 'statement.too_complex')).toHaveLength(4);
    expect(await check('select 1')).toMatchObject({ allowed: true });
  });

  test('values are needed for all placeholders', async () => {
    expect(await problem(ask('select $1::int'))).toMatchObject({ code: 'request.invalid', field: 'parameters' });
  });

  test('scopes and roles: query:read asks, and does not read the audit; audit:read reads it', async () => {
    expect(await problem(user.client.listAuditEntries())).toMatchObject({ code: 'caller.forbidden' });
    const auditor = await app.join('admin', ['audit:read']);
    expect((await auditor.client.listAuditEntries({ query: { limit: 1 } })).items).toHaveLength(1);
    expect(await problem(ask('select 1', {}, auditor))).toMatchObject({ code: 'caller.forbidden' });
  });

  test('the audit verifies, and its export is whole', async () => {
    const found = await client().verifyAudit();
    expect(found).toMatchObject({ ok: true, firstFault: null });
    expect(await client().verifyAudit({ query: { checkpoint: found.checkpoint ?? '' } })).toMatchObject({ ok: true });
    let text = '';
    for await (const piece of await client().exportAudit()) text += piece;
    const lines = text.trim().split('\n');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ type: 'portcullis.audit', v: 1 });
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ type: 'end', records: lines.length - 2 });
    expect(await client().listAuditEntries({ query: { action: 'audit.exported' } })).toMatchObject({ items: [{ outcome: 'done' }] });
  });

  test('without the audit there is no answer', async () => {
    const { db } = app.server.built.store;
    const run = (sql: string) =>
      db.executeQuery({ sql, parameters: [], query: { kind: 'RawNode', sqlFragments: [sql], parameters: [] }, queryId: { queryId: '' } });
    await run('alter table records rename to records_away');
    try {
      expect(await problem(ask('select id from orders limit 1'))).toMatchObject({ status: 503, code: 'store.unavailable' });
    } finally {
      await run('alter table records_away rename to records');
    }
    expect((await ask('select id from orders limit 1')).rowCount).toBe(1);
  });
});
