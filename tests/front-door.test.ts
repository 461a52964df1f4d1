import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from './support/app.ts';

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

/** A request as it is, with any Host and without what fetch adds. */
function raw(url: string, method: string, path: string, headers: Record<string, string> = {}, body = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port, host } = new URL(url);
    const sent = request(
      {
        hostname,
        port,
        method,
        path,
        agent: false,
        headers: { host, ...(body ? { 'content-length': String(Buffer.byteLength(body)) } : {}), ...headers },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}
const codeOf = (answer: Answer): string => (JSON.parse(answer.body) as { code: string }).code;

describe('the front door', () => {
  let app: TestApp;
  let cookie: string;
  beforeAll(async () => {
    app = await startApp();
    cookie = await app.signIn(app.admin.email, app.admin.password);
  });
  afterAll(() => app?.stop());

  test.each(['/healthz', '/readyz', '/api/me', '/api/setup', '/', '/databases', '/api/auth/get-session', '/api/openapi.json'])(
    '%s refuses a foreign Host',
    async (path) => {
      for (const host of [
        'evil.example',
        'evil.example:8686',
        '127.0.0.1.evil.example',
        `localhost:${Number(new URL(app.url).port) + 1}`,
      ]) {
        const answer = await raw(app.url, 'GET', path, { host });
        expect([host, answer.status]).toEqual([host, 403]);
        expect(codeOf(answer)).toBe('host.forbidden');
      }
    },
  );

  test('a page of another site may call nothing, with or without a cookie', async () => {
    for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:1']) {
      for (const [method, path] of [
        ['GET', '/api/me'],
        ['POST', '/api/setup'],
        ['POST', '/api/auth/sign-in/email'],
        ['DELETE', '/api/api-keys/x'],
      ] as const) {
        expect(
          codeOf(await raw(app.url, method, path, { origin, cookie, 'content-type': 'application/json' }, method === 'GET' ? '' : '{}')),
        ).toBe('origin.forbidden');
      }
    }
  });

  test('a change by cookie says its Origin; by key it need not', async () => {
    const headers = { cookie, 'content-type': 'application/json' };
    const body = JSON.stringify({ name: 'k', scopes: ['schema:read'] });
    expect(codeOf(await raw(app.url, 'POST', '/api/api-keys', headers, body))).toBe('origin.forbidden');
    expect((await raw(app.url, 'POST', '/api/api-keys', { ...headers, origin: app.url }, body)).status).toBe(201);
    const authorization = `Bearer ${app.admin.apiKey}`;
    expect((await raw(app.url, 'POST', '/api/api-keys', { authorization, 'content-type': 'application/json' }, body)).status).toBe(201);
  });

  test('cookies cannot be read by scripts nor sent along from elsewhere, and are Secure under https', async () => {
    const sign = (url: string, over: Record<string, string> = {}) =>
      raw(
        url,
        'POST',
        '/api/auth/sign-in/email',
        { origin: url, 'content-type': 'application/json', ...over },
        JSON.stringify({ email: app.admin.email, password: app.admin.password }),
      );
    const [plain = ''] = (await sign(app.url)).headers['set-cookie'] as string[];
    expect(plain).toMatch(/HttpOnly/i);
    expect(plain).toMatch(/SameSite=Lax/i);
    const published = await startApp({
      setup: false,
      env: { PORTCULLIS_BASE_URL: 'https://portcullis.example.com', PORTCULLIS_SETUP_TOKEN: 'a token of enough length' },
    });
    const direct = `http://127.0.0.1:${published.server.port}`;
    const made = {
      organization: 'X',
      name: 'Ada',
      email: app.admin.email,
      password: app.admin.password,
      token: 'a token of enough length',
    };
    expect((await raw(direct, 'POST', '/api/setup', { 'content-type': 'application/json' }, JSON.stringify(made))).status).toBe(201);
    const [secure = ''] = (await sign(direct, { origin: 'https://portcullis.example.com', host: 'portcullis.example.com' })).headers[
      'set-cookie'
    ] as string[];
    await published.stop();
    expect(secure).toMatch(/Secure/i);
  });

  test('every answer carries the policy that forbids inline scripts and framing', async () => {
    for (const path of ['/', '/api/me', '/nothing', '/healthz']) {
      const { headers } = await raw(app.url, 'GET', path);
      expect(headers['content-security-policy']).toMatch(/script-src 'self'/);
      expect(headers['content-security-policy']).not.toMatch(/unsafe/);
      expect(headers['content-security-policy']).toMatch(/frame-ancestors 'none'/);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['x-request-id']).toBeTypeOf('string');
    }
  });

  test('bodies and headers have limits, and errors no stacks', async () => {
    const headers = { authorization: `Bearer ${app.admin.apiKey}`, 'content-type': 'application/json' };
    const large = await raw(app.url, 'POST', '/api/search', headers, JSON.stringify({ question: 'x'.repeat(2 ** 20) }));
    expect([large.status, codeOf(large)]).toEqual([413, 'request.oversized']);
    const many = await raw(app.url, 'GET', '/healthz', { 'x-long': 'y'.repeat(20_000) });
    expect(many.status).toBe(431);
    for (const [path, body] of [
      ['/api/search', '{'],
      ['/api/search', '[]'],
      ['/api/db-connections', '{"__proto__":{"x":1}}'],
      ['/api/db-connections/%00/test', '{}'],
    ] as const) {
      const answer = await raw(app.url, 'POST', path, headers, body);
      expect(answer.status).toBeLessThan(500);
      expect(answer.body).not.toMatch(/\bat .*\.(ts|js):\d+|node_modules|stack/);
      expect(JSON.parse(answer.body)).toMatchObject({ type: 'about:blank', requestId: expect.any(String) });
    }
  });

  test('what is not there is a problem, and the auth library shows only the paths we opened', async () => {
    expect(codeOf(await raw(app.url, 'GET', '/api/nothing'))).toBe('route.unknown');
    for (const path of [
      '/api/auth/sign-up/email',
      '/api/auth/list-sessions',
      '/api/auth/update-user',
      '/api/auth/delete-user',
      '/api/auth/ok',
      '/api/auth/error',
    ]) {
      const answer = await raw(app.url, 'POST', path, { origin: app.url, 'content-type': 'application/json' }, '{}');
      expect([path, answer.status]).toEqual([path, 404]);
    }
  });

  test('setup happens once, and over a published address only with the token', async () => {
    expect(await app.client().getSetup()).toEqual({ done: true, tokenRequired: false });
    const body = { organization: 'Mine', name: 'Mallory', email: 'm@example.com', password: 'a password that is long' };
    await expect(app.client().setup({ body })).rejects.toMatchObject({ problem: { code: 'setup.done', status: 409 } });
    const fresh = await startApp({ setup: false, env: { PORTCULLIS_BASE_URL: 'http://127.0.0.1:9', PORTCULLIS_PORT: '0' } });
    const { port } = fresh.server;
    const direct = `http://127.0.0.1:${port}`;
    const tried = await raw(direct, 'POST', '/api/setup', { 'content-type': 'application/json' }, JSON.stringify(body));
    expect(codeOf(tried)).toBe('setup.forbidden');
    await fresh.stop();
  });
});
