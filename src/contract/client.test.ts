import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient, ProblemError, pathOf, UnreachableError } from './client.ts';

let server: Server;
let baseUrl: string;
let answer: (response: ServerResponse) => void = (response) => response.end();
let seen: { method?: string | undefined; url?: string | undefined; accept?: string | undefined; key?: string | undefined } = {};

const json = (status: number, value: unknown) => (response: ServerResponse) => {
  response.writeHead(status, { 'content-type': 'application/json', 'x-request-id': 'r-7' });
  response.end(JSON.stringify(value));
};
const events =
  (...parts: string[]) =>
  (response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const part of parts) response.write(part);
    response.end();
  };
const id = '01929abc-0000-7000-8000-000000000001';
const stage = { stage: 'dns', status: 'passed', ms: 3, evidence: null, fault: null };
const problem = {
  type: 'about:blank',
  status: 429,
  code: 'rate.exceeded',
  title: 'Too many attempts',
  detail: 'Wait 20 s.',
  requestId: 'r-9',
};

beforeAll(async () => {
  server = createServer((request, response) => {
    seen = { method: request.method, url: request.url, accept: request.headers.accept, key: request.headers.authorization };
    answer(response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

test('parameters are escaped into the path, what is not given leaves the query', () => {
  expect(pathOf({ path: '/a/:id/:table' }, { params: { id: 'x', table: 'a/b ?' }, query: { limit: 5, cursor: undefined } })).toBe(
    '/a/x/a%2Fb%20%3F?limit=5',
  );
});

test('sends what the route says, and lists what comes back', async () => {
  answer = json(200, { status: 'alive', surplus: 1 });
  const client = createClient({ baseUrl: `${baseUrl}/`, headers: { authorization: 'Bearer k' } });
  expect(await client.getHealth()).toEqual({ status: 'alive' });
  expect(seen).toMatchObject({ method: 'GET', url: '/healthz', accept: 'application/json', key: 'Bearer k' });
});

test('a problem carries what its extensions list, and nothing else', async () => {
  const refusal = { rule: 'function.unlisted', message: 'No.', position: null, allowed: 'count' };
  const told = { ...problem, status: 422, code: 'statement.refused', refusal: { ...refusal, surplus: 1 }, entryId: id, surplus: 1 };
  answer = json(422, told);
  const call = createClient({ baseUrl }).runQuery({ params: { id }, body: { sql: 'select pg_sleep(1)' } });
  await expect(call).rejects.toHaveProperty('problem', { ...problem, status: 422, code: 'statement.refused', refusal, entryId: id });
});

test('a refusal is a ProblemError with the problem as it was told', async () => {
  answer = json(429, problem);
  await expect(createClient({ baseUrl }).getMe()).rejects.toMatchObject({
    name: 'ProblemError',
    code: 'rate.exceeded',
    problem,
    message: 'Wait 20 s.',
  });
});

test.each([
  ['something else than Portcullis that refuses', (response: ServerResponse) => response.writeHead(502).end('<html>')],
  ['an answer of another shape', json(200, { status: 'dead' })],
  ['an answer that is no JSON', (response: ServerResponse) => response.end('<html>')],
])('%s is a problem too', async (_, say) => {
  answer = say;
  const refused = createClient({ baseUrl }).getHealth();
  await expect(refused).rejects.toBeInstanceOf(ProblemError);
  await expect(refused).rejects.toMatchObject({ code: 'internal.failed' });
});

test('no server at all is told apart', async () => {
  await expect(createClient({ baseUrl: 'http://127.0.0.1:1' }).getHealth()).rejects.toBeInstanceOf(UnreachableError);
});

test('an empty answer is nothing', async () => {
  answer = (response) => response.writeHead(204).end();
  expect(await createClient({ baseUrl }).revokeApiKey({ params: { id } })).toBeUndefined();
  expect(seen).toMatchObject({ method: 'DELETE', url: `/api/api-keys/${id}` });
});

test('a stream tells each event and ends with its result, however its bytes are cut', async () => {
  const result = { ok: true, stages: [stage], server: null, certificate: null, hostKey: null, privileges: null, sameDatabaseAs: [] };
  const text = `: still here\n\nevent: event\r\ndata: ${JSON.stringify(stage)}\r\n\r\nevent: result\ndata: ${JSON.stringify(result)}\n\n`;
  answer = events(text.slice(0, 31), text.slice(31, 60), text.slice(60));
  const told: string[] = [];
  const ended = await createClient({ baseUrl }).stream.testDbConnection(
    { body: { dbType: 'postgresql' } },
    { onEvent: (event) => told.push(event.stage) },
  );
  expect(told).toEqual(['dns']);
  expect(ended.ok).toBe(true);
  expect(seen).toMatchObject({ method: 'POST', accept: 'text/event-stream' });
});

test('a problem within a stream, and a stream that breaks off, are told', async () => {
  const call = () => createClient({ baseUrl }).stream.testStoredDbConnection({ params: { id } }, { onEvent: () => undefined });
  answer = events(`event: problem\ndata: ${JSON.stringify(problem)}\n\n`);
  await expect(call()).rejects.toMatchObject({ code: 'rate.exceeded' });
  answer = events(`event: event\ndata: ${JSON.stringify(stage)}\n\n`);
  await expect(call()).rejects.toBeInstanceOf(UnreachableError);
});

test('cancelling ends the request and is no fault of the server', async () => {
  const closed = new Promise<void>((done) => {
    answer = (response) => {
      response.on('close', done);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(': begun\n\n');
    };
  });
  const controller = new AbortController();
  const call = createClient({ baseUrl }).stream.testStoredDbConnection(
    { params: { id } },
    { onEvent: () => undefined, signal: controller.signal },
  );
  setTimeout(() => controller.abort(), 50);
  await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  await closed;
});
