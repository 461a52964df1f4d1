import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { QueryResult } from '../src/contract/query.ts';
import { startApp, type TestApp, type TestPerson } from './support/app.ts';
import { type PostgresServer, startPostgres } from './support/postgres.ts';
import { registrationBody } from './support/registration-body.ts';
import { gate } from './support/require.ts';

const { skip } = gate('postgres');

describe.skipIf(skip)('large answers', () => {
  let app: TestApp;
  let server: PostgresServer;
  let user: TestPerson;
  let slow: TestPerson;
  let id: string;

  beforeAll(async () => {
    server = await startPostgres();
    await server.createDatabase('shop');
    await server.sql('create table wide (id int primary key); insert into wide select i from generate_series(1, 3000) i', 'shop');
    const reader = await server.createReadOnlyLogin('shop', 'reader', 'a password for reading');
    app = await startApp();
    user = await app.join('user', ['query:read']);
    slow = await app.join('user', ['query:read']);
    const body = registrationBody(server, 'shop', reader, { visibility: 'organization' as const });
    ({ id } = await app.admin.client.createDbConnection({ body }));
    await vi.waitFor(async () => expect((await app.admin.client.getDbConnection({ params: { id } })).status).toBe('ready'), {
      timeout: 30_000,
      interval: 100,
    });
  });
  afterAll(async () => {
    await app?.stop();
    await server?.stop();
  });

  const columns = Array.from({ length: 400 }, (_, index) => `id as c${index}`).join();
  const post = (sql: string, maxRows: number, person = user) =>
    fetch(`${app.url}/api/db-connections/${id}/query`, {
      method: 'POST',
      headers: { authorization: `Bearer ${person.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ sql, maxRows }),
    });

  test('have a million values at most, exactly, and are told as any other', async () => {
    const of = async (where: string, maxRows = 10_000) => {
      const response = await post(`select ${columns} from wide where ${where} order by id`, maxRows);
      const text = await response.text();
      expect(response.headers.get('content-length')).toBe(String(Buffer.byteLength(text)));
      expect(response.headers.get('content-type')).toBe('application/json');
      return JSON.parse(text) as QueryResult;
    };
    expect(await of('id <= 2500')).toMatchObject({ rowCount: 2500, truncated: false, limit: null });
    const cut = await of('true');
    expect(cut).toMatchObject({ rowCount: 2500, truncated: true, limit: 'cells' });
    expect(Object.keys(cut)).toEqual(Object.keys(QueryResult.shape));
    expect(cut.rows.every((row, index) => row.length === 400 && row.every((cell) => cell === index + 1))).toBe(true);
    const [entry] = (await app.admin.client.listAuditEntries({ query: { action: 'query', limit: 1 } })).items;
    expect(entry).toMatchObject({ id: cut.entryId, outcome: 'done', rows: 2500, bytes: cut.bytes });
  }, 180_000);

  /** More than the buffers between the two ends hold: four million characters that take six bytes each. */
  const long = 'select repeat(chr(1), 1000000) from wide where id <= 4';

  /** Asks, and reads the head of the answer alone. */
  const asked = () =>
    new Promise<{ readonly asking: ClientRequest; readonly answer: IncomingMessage }>((resolve, reject) => {
      const headers = { authorization: `Bearer ${slow.apiKey}`, 'content-type': 'application/json', host: new URL(app.url).host };
      const asking = request(`${app.url}/api/db-connections/${id}/query`, { method: 'POST', headers, agent: false });
      asking.on('response', (answer) => resolve({ asking, answer: answer.pause() }));
      asking.on('error', reject);
      asking.end(JSON.stringify({ sql: long }));
    });

  test('count among the four of a person until they are read, and not when their reader is gone', async () => {
    const four = await Promise.all(Array.from({ length: 4 }, asked));
    expect(four.map(({ answer }) => answer.statusCode)).toEqual([200, 200, 200, 200]);
    // What happened is on record although nobody has read it yet.
    const { items } = await app.admin.client.listAuditEntries({ query: { action: 'query', limit: 4 } });
    expect(items.map(({ outcome }) => outcome)).toEqual(['done', 'done', 'done', 'done']);
    const fifth = await post('select 1', 1, slow);
    expect(fifth.status).toBe(429);
    expect(await fifth.json()).toMatchObject({ code: 'rate.exceeded' });
    // The sessions are free: others are served meanwhile.
    expect((await post('select 1', 1, app.admin)).status).toBe(200);
    const [first, ...gone] = four;
    let read = 0;
    for await (const chunk of first?.answer ?? []) read += (chunk as Buffer).length;
    expect(read).toBe(Number(first?.answer.headers['content-length']));
    await vi.waitFor(async () => expect((await post('select 1', 1, slow)).status).toBe(200), { timeout: 60_000 });
    for (const { asking } of gone) asking.on('error', () => undefined).destroy();
    const again = () => Promise.all(Array.from({ length: 4 }, async () => (await post('select 1', 1, slow)).status));
    await vi.waitFor(async () => expect(await again()).toEqual([200, 200, 200, 200]), { timeout: 60_000 });
  }, 180_000);
});
