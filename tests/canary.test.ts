import { randomBytes } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '../src/contract/client.ts';
import { newId, now } from '../src/server/platform/clock.ts';
import { createLog } from '../src/server/platform/log.ts';
import { startApp, type TestApp } from './support/app.ts';
import { newSecret, search, storeContents } from './support/canary.ts';
import { type PostgresServer, startPostgres } from './support/postgres.ts';
import { gate } from './support/require.ts';
import { findSecret, formsOf } from './support/secret-search.ts';

/*
 * The canary: random passwords go through every path and failure; then logs, answers, job payloads, the store and the data folder are
 * searched for them in every form. The same search has to find a secret that was planted in each of those places.
 */
const { skip } = gate('postgres');
describe.skipIf(skip).each(['embedded', 'server'] as const)('canary on the %s store', (kind) => {
  let app: TestApp;
  let database: PostgresServer;
  const answers: string[] = [];
  const right = newSecret();
  const setupToken = randomBytes(24).toString('base64url');
  const masterKey = randomBytes(32).toString('base64');
  const secrets = [right, setupToken];
  const wrong = (): string => {
    const secret = newSecret();
    secrets.push(secret);
    return secret;
  };

  beforeAll(async () => {
    database = await startPostgres();
    await database.createDatabase('shop');
    await database.sql('create table orders (id int primary key, total numeric)', 'shop');
    await database.createReadOnlyLogin('shop', 'reader', right);
    await database.createDatabase('portcullis_store');
    const { username, password } = database.superuser;
    const url = `postgres://${username}:${encodeURIComponent(password)}@${database.host}:${database.port}/portcullis_store`;
    app = await startApp({
      env: {
        PORTCULLIS_SETUP_TOKEN: setupToken,
        ...(kind === 'server' ? { PORTCULLIS_DATABASE_URL: url, PORTCULLIS_MASTER_KEY: masterKey } : {}),
      },
    });
    secrets.push(app.admin.apiKey, app.admin.password);
    if (kind === 'server') secrets.push(password, masterKey);
  });
  afterAll(async () => {
    await app?.stop();
    await database?.stop();
  });

  test('no secret is found after every path and failure', async () => {
    const listening: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      answers.push(JSON.stringify([...response.headers]), await response.clone().text());
      return response;
    };
    const client = createClient({ baseUrl: app.url, headers: { authorization: `Bearer ${app.admin.apiKey}` }, fetch: listening });
    const refused = async (work: Promise<unknown>): Promise<void> => {
      answers.push(
        String(
          await work.then(
            () => 'done',
            (error: unknown) => `${error} ${JSON.stringify(error)}`,
          ),
        ),
      );
    };
    const address = { host: database.host, port: database.port, database: 'shop', tls: { mode: 'disable' as const }, ssh: null };
    const body = (password: string, over: object = {}) => ({
      dbType: 'postgresql' as const,
      name: `Shop ${answers.length}`,
      address,
      credentials: { readOnly: { username: 'reader', password } },
      acknowledge: [{ code: 'tls.disabled' as const, reason: 'a test on loopback' }],
      ...over,
    });
    const text = (password: string, tail = '') =>
      `postgres://reader:${encodeURIComponent(password)}@${database.host}:${database.port}/shop${tail}`;

    const tested = await client.testDbConnection({ body: body(right) });
    expect(tested.stages.filter((stage) => stage.status === 'failed')).toEqual([]);
    const made = await client.createDbConnection({ body: body(right, { receipt: tested.receipt }) });
    await client.stream.testStoredDbConnection({ params: { id: made.id } }, { onEvent: (event) => answers.push(JSON.stringify(event)) });
    await refused(client.testDbConnection({ body: body(wrong()) }));
    await refused(client.testDbConnection({ body: body(wrong(), { address: { ...address, port: 1 } }) }));
    await refused(client.createDbConnection({ body: body(wrong()) }));
    await refused(client.createDbConnection({ body: body(wrong(), { address: { ...address, host: 'no-such-host.invalid' } }) }));
    await refused(client.testDbConnection({ body: body(wrong(), { address: { ...address, tls: { mode: 'verify-full' } } }) }));
    const { address: _, credentials: __, ...plain } = body('');
    await refused(client.testDbConnection({ body: { ...plain, mode: 'connection_string', connectionString: text(wrong()) } }));
    await refused(
      client.testDbConnection({ body: { ...plain, mode: 'connection_string', connectionString: text(wrong(), '?sslkey=/etc/passwd') } }),
    );
    await refused(client.testDbConnection({ body: { ...plain, mode: 'connection_string', connectionString: `nonsense ${wrong()}` } }));
    // An unquoted password of which a part looks like a parameter, and one that looks like a parameter's name.
    const piece = `canary${randomBytes(12).toString('hex')}`;
    secrets.push(piece);
    for (const connectionString of [`host=${database.host} user=reader password=abc ${piece}=def`, text('abc', `?${piece}=def`)])
      await refused(client.testDbConnection({ body: { ...plain, mode: 'connection_string', connectionString } }));
    await refused(client.createDbConnection({ body: { ...body(wrong()), unknown: wrong() } as never }));
    await refused(
      client.createDbConnection({ body: { ...body(wrong()), credentials: { readOnly: { username: wrong(), password: 7 } } } as never }),
    );
    await refused(client.putCredential({ params: { id: made.id, slot: 'read_only' }, body: { username: 'reader', password: wrong() } }));
    await refused(
      client.editDbConnection({
        params: { id: made.id },
        body: { address: { ...address, port: 1 }, credentials: { readOnly: { username: 'reader', password: wrong() } } },
      }),
    );
    // Not JSON at all, in a path, in a query and in headers.
    const bare = (path: string, init: RequestInit): Promise<void> => refused(listening(app.url + path, init));
    await bare('/api/db-connections', {
      method: 'POST',
      headers: { authorization: `Bearer ${app.admin.apiKey}`, 'content-type': 'application/json' },
      body: `{"password": ${wrong()}`,
    });
    await bare(`/api/${encodeURIComponent(wrong())}?password=${encodeURIComponent(wrong())}`, {
      headers: { authorization: `Bearer ${wrong().replace(/[^\x21-\x7e]/g, '')}` },
    });
    await refused(app.signIn(app.admin.email, wrong()));
    await app.admin.client.listDbConnections({ query: {} });
    // A reading that succeeds, then one that fails because the login is gone.
    await expect.poll(async () => (await client.getDbConnection({ params: { id: made.id } })).status, { timeout: 20_000 }).toBe('ready');
    await database.sql(`alter role reader password '${randomBytes(9).toString('hex')}'`);
    const run = await client.startIngestion({ params: { id: made.id } });
    await expect
      .poll(async () => (await client.getIngestion({ params: { id: made.id, runId: run.id } })).state, { timeout: 20_000 })
      .toBe('failed');

    expect(secrets.length).toBeGreaterThan(12);
    expect(answers.length).toBeGreaterThan(20);
    expect(await search(app, answers, secrets)).toEqual([]);
    // What is sealed opens still: the search above did not look at an empty store.
    expect((await storeContents(app)).find(({ place }) => /db_credentials/.test(place))?.bytes.length).toBeGreaterThan(50);
    await client.deleteDbConnection({ params: { id: made.id }, body: { confirmName: made.name } });
    expect(await search(app, answers, secrets)).toEqual([]);
  });

  test('no key, link, password, cookie or setup token is found but in the one answer that shows it', async () => {
    const told: string[] = [];
    const bare: string[] = [];
    /** Calls as a browser or a program; keeps the answer and its headers, without the one thing that the caller is to be shown. */
    const call = async (
      path: string,
      body: unknown,
      headers: Record<string, string>,
      shown: (text: string, cookie: string) => string[] = () => [],
    ) => {
      const response = await fetch(app.url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: app.url, ...headers },
        body: JSON.stringify(body),
      });
      const text = await response.text();
      const cookie = response.headers
        .getSetCookie()
        .map((line) => line.split(';')[0])
        .join('; ');
      const once = shown(text, cookie);
      bare.push(...once);
      told.push(
        [JSON.stringify([...response.headers]), text].map((part) => once.reduce((left, one) => left.replaceAll(one, ''), part)).join(' '),
      );
      return { text, cookie, ok: response.ok };
    };
    const hidden = (): string => {
      const password = newSecret();
      bare.push(password);
      return password;
    };
    const tokenIn = (text: string): string[] => [/#token=([\w-]+)/.exec(text)?.[1] ?? ''];
    // Of a cookie what makes it work: its signature. The store holds the rest of a sign-in's, which is worth nothing without.
    const cookiesIn = (_: string, cookie: string): string[] =>
      cookie.split('; ').flatMap((one) => {
        const value = one.slice(one.indexOf('=') + 1);
        return [value, decodeURIComponent(value), decodeURIComponent(value).split('.').at(-1) ?? ''];
      });
    const key = { authorization: `Bearer ${app.admin.apiKey}` };
    const email = `bob-${randomBytes(4).toString('hex')}@example.com`;

    await call('/api/setup', { organization: 'Again', name: 'A', email, password: hidden(), token: setupToken }, {});
    const [invitation = ''] = tokenIn((await call('/api/members/invitations', { email, role: 'user' }, key, tokenIn)).text);
    const first = hidden();
    await call('/api/invitations/accept', { token: `${invitation}x`, name: 'Bob', password: first }, {});
    expect((await call('/api/invitations/accept', { token: invitation, name: 'Bob', password: first }, {})).ok).toBe(true);
    await call('/api/auth/sign-in/email', { email, password: hidden() }, {});
    const { cookie } = await call('/api/auth/sign-in/email', { email, password: first }, {}, cookiesIn);
    const second = hidden();
    await call('/api/auth/change-password', { currentPassword: hidden(), newPassword: second }, { cookie });
    const changed = await call('/api/auth/change-password', { currentPassword: first, newPassword: second }, { cookie }, cookiesIn);
    expect(changed.ok).toBe(true);
    const keyIn = (text: string): string[] => [/pc_[a-z2-7]{8}_([\w-]{43})/.exec(text)?.[1] ?? ''];
    const made = await call('/api/api-keys', { name: 'canary', scopes: ['schema:read'] }, { cookie: changed.cookie }, keyIn);
    expect(made.ok).toBe(true);
    const member = (await app.admin.client.listMembers({ query: { limit: 500 } })).items.find((one) => one.user.email === email);
    const [link = ''] = tokenIn((await call(`/api/members/${member?.id}/password-link`, {}, key, tokenIn)).text);
    expect((await call('/api/password-links/accept', { token: link, password: hidden() }, {})).ok).toBe(true);
    await call('/api/password-links/accept', { token: link, password: hidden() }, {});
    for (const path of ['/api/api-keys', '/api/members', '/api/me', '/api/auth/get-session'])
      told.push(await (await fetch(app.url + path, { headers: path.includes('auth') ? { cookie: changed.cookie } : key })).text());

    expect(bare.filter((one) => one.length < 12)).toEqual([]);
    expect(bare.length).toBeGreaterThan(15);
    expect(await search(app, told, [...bare, setupToken, app.admin.apiKey, app.admin.password])).toEqual([]);
  });

  test('the same search finds a secret planted in each place and form', async () => {
    const planted = newSecret();
    const { db } = app.server.built.store;
    await db
      .insertInto('events')
      .values({ id: newId(), name: 'planted', payload: JSON.stringify({ planted }), created_at: now(), dispatched_at: now() })
      .execute();
    await db
      .insertInto('spent_receipts')
      .values({ id: Buffer.from(`x${planted}y`).toString('base64'), spent_at: now(), expires_at: '9' })
      .execute();
    writeFileSync(join(app.folder, 'planted.txt'), encodeURIComponent(planted));
    app.log.info({ planted }, 'planted');
    const found = await search(app, [`{"detail":${JSON.stringify(planted)}}`], [planted]);
    for (const place of ['log: ', 'answers', 'events', 'spent_receipts', 'planted.txt']) expect(found.join('\n')).toContain(place);
    for (const [name, form] of formsOf(planted))
      expect([name, findSecret(Buffer.concat([Buffer.from('before'), form, Buffer.from('after')]), planted)]).toEqual([
        name,
        expect.arrayContaining([name]),
      ]);
  });
});

test('the log itself would show a secret that was given to it', () => {
  const planted = newSecret();
  const file = join(mkdtempSync(join(tmpdir(), 'portcullis-log-')), 'log');
  const lines: string[] = [];
  createLog('trace', { write: (line: string) => lines.push(line) } as unknown as NodeJS.WritableStream).info({ planted }, 'planted');
  writeFileSync(file, lines.join(''));
  expect(findSecret(Buffer.from(lines.join('')), planted)).not.toEqual([]);
  // But never the text of a foreign error.
  lines.length = 0;
  createLog('trace', { write: (line: string) => lines.push(line) } as unknown as NodeJS.WritableStream).error(
    { err: new Error(planted) },
    'failed',
  );
  expect(findSecret(Buffer.from(lines.join('')), planted)).toEqual([]);
});
