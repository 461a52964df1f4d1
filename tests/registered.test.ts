import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Connection, type StageResult, stageNames } from '../src/contract/connections.ts';
import { startApp, type TestApp } from './support/app.ts';
import { type Login, type PostgresServer, startPostgres } from './support/postgres.ts';
import { refusal } from './support/refusal.ts';
import { registrationBody } from './support/registration-body.ts';
import { gate } from './support/require.ts';

const { skip } = gate('postgres');

describe.skipIf(skip).each(['embedded', 'server'] as const)('a registered connection on the %s store', (kind) => {
  let app: TestApp;
  let server: PostgresServer;
  let reader: Login;
  const register = async (over: object = {}): Promise<Connection> => {
    const login = await server.createReadOnlyLogin('shop', `reader_${randomBytes(4).toString('hex')}`, randomBytes(8).toString('hex'));
    return app.admin.client.createDbConnection({ body: registrationBody(server, 'shop', login, over) });
  };

  beforeAll(async () => {
    server = await startPostgres();
    await server.createDatabase('shop');
    await server.sql('create table orders (id int primary key, total numeric)', 'shop');
    reader = await server.createReadOnlyLogin('shop', 'reader', 'the reader’s own password');
    await server.createDatabase('store');
    const { username, password } = server.superuser;
    const url = `postgres://${username}:${encodeURIComponent(password)}@${server.host}:${server.port}/store`;
    app = await startApp(
      kind === 'server' ? { env: { PORTCULLIS_DATABASE_URL: url, PORTCULLIS_MASTER_KEY: randomBytes(32).toString('base64') } } : {},
    );
  });
  // The limit of tests is there to be met by people, not by these tests.
  beforeEach(() => app.server.built.store.db.deleteFrom('attempts').execute());
  afterAll(async () => {
    await app?.stop();
    await server?.stop();
  });

  test('a new address needs the credential again and a passed test; else nothing changes', async () => {
    const made = await register();
    const to = (over: object) => ({ params: { id: made.id }, body: { address: { ...made.address, host: 'localhost' }, ...over } });
    expect(await refusal(app.admin.client.editDbConnection(to({})))).toEqual({
      code: 'credential.required',
      field: 'credentials.readOnly.password',
    });
    expect(
      await refusal(app.admin.client.editDbConnection(to({ credentials: { readOnly: { username: 'nobody', password: 'x' } } }))),
    ).toMatchObject({ code: 'credential.rejected' });
    expect((await app.admin.client.getDbConnection({ params: { id: made.id } })).address).toEqual(made.address);
    const edited = await app.admin.client.editDbConnection({
      params: { id: made.id },
      body: { name: 'Renamed', description: 'orders', limits: { rescanHours: 0, maxRows: 5 } },
    });
    expect(edited).toMatchObject({ name: 'Renamed', description: 'orders', limits: { rescanHours: 0 }, address: made.address });
    expect((await app.admin.client.editDbConnection({ params: { id: made.id }, body: { limits: { maxRows: 6 } } })).limits).toMatchObject({
      rescanHours: 0,
      maxRows: 6,
    });
    const moved = await app.admin.client.editDbConnection(to({ credentials: { readOnly: reader } }));
    expect(moved).toMatchObject({ address: { host: 'localhost' }, usernames: { readOnly: 'reader' } });
  });

  test('limits may come with the registration: they lower what is usual, and are on record', async () => {
    const made = await register({ limits: { maxRows: 1, rescanHours: 0 } });
    expect(made.limits).toEqual({ rescanHours: 0, maxRows: 1, maxBytes: null, timeoutMs: null });
    expect((await register()).limits).toEqual({ rescanHours: 24, maxRows: null, maxBytes: null, timeoutMs: null });
    const refused = { maxRows: 10_001, maxBytes: 1, timeoutMs: 30_001, rescanHours: -1, unknown: 1 };
    for (const [name, value] of Object.entries(refused))
      expect(await refusal(register({ limits: { [name]: value } }))).toEqual({ code: 'request.invalid', field: `limits.${name}` });
    const { items } = await app.admin.client.listAuditEntries({ query: { connection: made.id, action: 'connection.registered' } });
    expect(items[0]?.detail).toMatchObject({ limits: '{"rescanHours":0,"maxRows":1}' });
    const params = { id: made.id };
    await vi.waitFor(async () => expect((await app.admin.client.getDbConnection({ params })).status).toBe('ready'), { timeout: 30_000 });
    const answer = await app.admin.client.runQuery({ params, body: { sql: 'select generate_series(1, 3) as n' } });
    expect(answer).toMatchObject({ rowCount: 1, truncated: true, limit: 'rows' });
  });

  test('an edit and a new credential tell of the stages of their test', async () => {
    const made = await register();
    const params = { id: made.id };
    const stages: string[] = [];
    const onEvent = ({ stage, status }: StageResult) => stages.push(`${stage} ${status}`);
    const { stream } = app.admin.client;
    await stream.editDbConnection({ params, body: { description: 'no test is needed' } }, { onEvent });
    expect(stages).toEqual([]);
    const body = { address: { ...made.address, host: 'localhost' }, credentials: { readOnly: reader } };
    expect((await stream.editDbConnection({ params, body }, { onEvent })).address).toMatchObject({ host: 'localhost' });
    expect(stages).toHaveLength(stageNames.length);
    const wrong = stream.putCredential({ params: { ...params, slot: 'read_only' }, body: { ...reader, password: 'wrong' } }, { onEvent });
    expect(await refusal(wrong)).toMatchObject({ code: 'credential.rejected', stage: 'auth' });
    expect(stages.slice(stageNames.length)).toContain('auth failed');
  });

  test('a host changed behind our back does not get the password', async () => {
    const made = await register();
    const address = JSON.stringify({ ...made.address, host: 'localhost' });
    await app.server.built.store.db.updateTable('db_connections').set({ address, host: 'localhost' }).where('id', '=', made.id).execute();
    expect(await refusal(app.admin.client.testStoredDbConnection({ params: { id: made.id } }))).toMatchObject({
      code: 'credential.unreadable',
    });
  });

  test('a credential is replaced only by one that passes', async () => {
    const made = await register();
    const put = (given: Login) => app.admin.client.putCredential({ params: { id: made.id, slot: 'read_only' }, body: given });
    expect(await refusal(put({ username: 'reader', password: 'wrong' }))).toMatchObject({ code: 'credential.rejected', stage: 'auth' });
    expect((await app.admin.client.testStoredDbConnection({ params: { id: made.id } })).ok).toBe(true);
    expect((await put(reader)).usernames.readOnly).toBe('reader');
    expect(await refusal(app.admin.client.putCredential({ params: { id: made.id, slot: 'write' }, body: reader }))).toMatchObject({
      code: 'slot.unavailable',
    });
    expect((await app.admin.client.deleteCredential({ params: { id: made.id, slot: 'read_only' } })).usernames.readOnly).toBeNull();
    expect(await refusal(app.admin.client.testStoredDbConnection({ params: { id: made.id } }))).toMatchObject({
      code: 'credential.required',
    });
  });

  test('disable, enable and delete', async () => {
    const made = await register({ name: 'Shop "to go"' });
    const id = { params: { id: made.id } };
    expect(await app.admin.client.disableDbConnection({ ...id, body: { reason: 'maintenance' } })).toMatchObject({
      status: 'disabled',
      disabledReason: 'maintenance',
      isActive: false,
    });
    expect(await refusal(app.admin.client.startIngestion(id))).toMatchObject({ code: 'connection.disabled' });
    expect((await app.admin.client.enableDbConnection(id)).isActive).toBe(true);
    expect(await refusal(app.admin.client.deleteDbConnection({ ...id, body: { confirmName: 'Shop' } }))).toEqual({
      code: 'name.mismatched',
      field: 'confirmName',
    });
    await app.admin.client.deleteDbConnection({ ...id, body: { confirmName: 'Shop "to go"' } });
    const { db } = app.server.built.store;
    expect(await db.selectFrom('db_credentials').selectAll().where('connection_id', '=', made.id).execute()).toEqual([]);
    expect(await refusal(app.admin.client.getDbConnection(id))).toEqual({ code: 'connection.unknown' });
    const records = await db.selectFrom('records').select('action').where('subject_id', '=', made.id).orderBy('id').execute();
    const actions = records.map((row) => row.action).filter((action) => action.startsWith('connection.'));
    expect(actions).toEqual(['connection.registered', 'connection.disabled', 'connection.enabled', 'connection.deleted']);
  });

  test('every entry says what the connection was called then, also when it is gone', async () => {
    const { client } = app.admin;
    const { id } = await register({ name: 'First name' });
    const params = { id };
    const ended = async () => expect((await client.listIngestions({ params })).items[0]?.finishedAt).not.toBeNull();
    await vi.waitFor(ended, { timeout: 30_000, interval: 100 });
    await client.editDbConnection({ params, body: { name: 'Second name' } });
    await client.testStoredDbConnection({ params });
    const run = await client.startIngestion({ params });
    await client.cancelIngestion({ params: { id, runId: run.id } }).catch(() => {});
    await vi.waitFor(ended, { timeout: 30_000, interval: 100 });
    await client.deleteDbConnection({ params, body: { confirmName: 'Second name' } });
    const { items } = await client.listAuditEntries({ query: { connection: id, limit: 100 } });
    const named = items.map(({ action, connection }) => `${action} ${connection?.name}`).reverse();
    expect(named.slice(0, 4)).toEqual([
      'connection.registered First name',
      'ingestion.started First name',
      'ingestion.finished First name',
      'connection.edited First name',
    ]);
    expect(named.slice(4)).toEqual(expect.arrayContaining(['connection.tested Second name', 'ingestion.requested Second name']));
    expect(named.slice(4).filter((entry) => !entry.endsWith(' Second name'))).toEqual([]);
    expect(named.at(-1)).toBe('connection.deleted Second name');
  });
});
