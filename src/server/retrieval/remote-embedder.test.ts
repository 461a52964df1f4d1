import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from 'vitest';
import { Secret } from '../platform/secret.ts';
import { RemoteEmbedder, type RemoteEmbedderOptions } from './remote-embedder.ts';

const never = new AbortController().signal;
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

interface Asked {
  readonly path: string | undefined;
  readonly authorization: string | undefined;
  readonly model: string;
  readonly input: string[];
}

/** An endpoint that answers its requests by these handlers in turn, the last of them from then on. */
async function endpoint(handlers: ((response: ServerResponse, asked: Asked) => void)[], options: RemoteEmbedderOptions = {}) {
  const asked: Asked[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    const body = (await json(request)) as { model: string; input: string[] };
    const one = { path: request.url, authorization: request.headers.authorization, ...body };
    handlers[Math.min(asked.push(one), handlers.length) - 1]?.(response, one);
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const at = { url: `http://127.0.0.1:${port}/v1`, model: 'small', key: new Secret('sk-hidden') };
  return { asked, url: at.url, embedder: new RemoteEmbedder(at, { backoffMs: 5, ...options }) };
}

const answer = (response: ServerResponse, body: unknown): void => {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(body));
};
/** Vectors that tell which text they are of, in an order of their own. */
const well = (response: ServerResponse, { input }: Asked): void =>
  answer(response, { data: input.map((text, index) => ({ index, embedding: [Number(text) + 1, 1, 0] })).reverse() });
const fail =
  (status: number, headers: Record<string, string> = {}) =>
  (response: ServerResponse): void => {
    response.writeHead(status, headers).end('sk-hidden is over its quota');
  };

describe('an endpoint for embeddings', () => {
  test('is asked in batches, and its vectors come back in order and of length 1', async () => {
    const { asked, embedder } = await endpoint([well]);
    expect(embedder.dimensions).toBeNull();
    const vectors = await embedder.embed(
      Array.from({ length: 150 }, (_, i) => `${i}`),
      never,
    );
    expect(asked.map(({ input }) => input.length)).toEqual([64, 64, 22]);
    expect(asked[0]).toMatchObject({ path: '/v1/embeddings', model: 'small', authorization: 'Bearer sk-hidden' });
    expect(vectors).toHaveLength(150);
    vectors.forEach((vector, i) => {
      expect(Math.hypot(...vector)).toBeCloseTo(1);
      expect((vector[0] ?? 0) / (vector[1] ?? 0)).toBeCloseTo(i + 1, 2);
    });
    expect(embedder.dimensions).toBe(3);
    expect(embedder.id).toMatch(/^small at 127\.0\.0\.1:\d+$/);
  });

  test('is asked again when that may help, after as long as it says', async () => {
    const { asked, embedder } = await endpoint([fail(429, { 'retry-after': '1' }), fail(503), (response) => response.destroy(), well]);
    const from = performance.now();
    expect(await embedder.embed(['7'], never)).toHaveLength(1);
    expect(asked).toHaveLength(4);
    expect(performance.now() - from).toBeGreaterThan(990);
  });

  test('is given up after some tries, and at once when it refuses; neither says what it said', async () => {
    const busy = await endpoint([fail(500)]);
    await expect(busy.embedder.embed(['1'], never)).rejects.toThrow('the endpoint answered 500');
    expect(busy.asked).toHaveLength(5);
    const wrong = await endpoint([fail(401)]);
    const error = await wrong.embedder.embed(['1'], never).catch((e: Error) => e);
    expect(error).toMatchObject({ message: 'the endpoint answered 401', mayPass: false });
    expect(wrong.asked).toHaveLength(1);
  });

  test.each([
    ['too few', { data: [{ index: 0, embedding: [1] }] }],
    ['one twice', { data: [0, 0].map((index) => ({ index, embedding: [1] })) }],
    ['of two lengths', { data: [0, 1].map((index) => ({ index, embedding: new Array(index + 1).fill(1) })) }],
    ['something else', { choices: [] }],
    ['numbers without end', { data: [0, 1].map((index) => ({ index, embedding: [1e300, 1] })) }],
    ['no numbers', { data: [0, 1].map((index) => ({ index, embedding: ['1'] })) }],
  ])('vectors that cannot be right are refused: %s', async (_, body) => {
    const { embedder } = await endpoint([(response) => answer(response, body)]);
    await expect(embedder.embed(['1', '2'], never)).rejects.toMatchObject({ name: 'EmbedderError', mayPass: false });
  });

  test('is heard to an end: it cannot fill our memory', async () => {
    let sent = 0;
    const { asked, embedder } = await endpoint([
      (response) => {
        const more = (): void => {
          while (sent < 2 ** 30 && !response.destroyed) {
            sent += 2 ** 20;
            if (!response.write(' '.repeat(2 ** 20))) break;
          }
        };
        response.on('drain', more).on('error', () => {});
        more();
      },
    ]);
    await expect(embedder.embed(['1'], never)).rejects.toMatchObject({
      message: 'the endpoint answered more than vectors take',
      mayPass: false,
    });
    expect(asked).toHaveLength(1);
    expect(sent).toBeLessThan(2 ** 28);
  });

  test('is never followed elsewhere, and not waited for without end', async () => {
    const elsewhere = await endpoint([well]);
    const moved = await endpoint([fail(307, { location: `${elsewhere.url}/embeddings` })]);
    await expect(moved.embedder.embed(['1'], never)).rejects.toThrow('could not be reached');
    expect(elsewhere.asked).toEqual([]);
    const silent = await endpoint([() => {}], { requestMs: 50 });
    await expect(silent.embedder.embed(['1'], never)).rejects.toThrow('did not answer in time');
    const cancel = new AbortController();
    const waiting = (await endpoint([() => {}])).embedder.embed(['1'], cancel.signal);
    cancel.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
  });
});
