import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { type Client, createClient } from '../../src/contract/client.ts';
import type { Role, Scope } from '../../src/contract/permissions.ts';
import { readConfig } from '../../src/server/config.ts';
import { type RunningServer, startServer } from '../../src/server/main.ts';
import { createLog, type Log } from '../../src/server/platform/log.ts';

/** A member of the test's organisation, with a key and a password. */
export interface TestPerson {
  readonly email: string;
  readonly password: string;
  readonly apiKey: string;
  readonly client: Client;
}

/** The whole application, started as the command starts it, on a free port with a folder of its own. */
export interface TestApp {
  readonly url: string;
  readonly folder: string;
  readonly server: RunningServer;
  /** The first Admin; made at start unless `setup` was false. */
  readonly admin: TestPerson;
  /** A client without any credential, or with the given headers. */
  client(headers?: Record<string, string>): Client;
  /** Invites a person, accepts as them, and makes them a key. */
  join(role: Role, scopes?: readonly Scope[]): Promise<TestPerson>;
  /** The cookie header of a browser that signed in. */
  signIn(email: string, password: string): Promise<string>;
  /** The log that the server writes to. */
  readonly log: Log;
  /** All that was logged so far. */
  logged(): string;
  /** Stops it and starts it again on the same folder. */
  restart(): Promise<TestApp>;
  stop(): Promise<void>;
}

interface Options {
  readonly env?: Readonly<Record<string, string>>;
  readonly folder?: string;
  readonly setup?: boolean;
}

const PASSWORD = 'correct horse battery staple';
let people = 0;

/** Starts the application through its front door: configuration, store, vault and HTTP as in production. */
export async function startApp(options: Options = {}): Promise<TestApp> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'portcullis-test-'));
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk, _, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const env = { PORTCULLIS_PORT: '0', PORTCULLIS_DATA_DIR: join(folder, 'data'), PORTCULLIS_LOG_LEVEL: 'trace', ...options.env };
  const log = createLog('trace', sink);
  const server = await startServer(readConfig(env), log);
  const client = (headers: Record<string, string> = {}) => createClient({ baseUrl: server.url, headers });
  const admin = await firstAdmin(client, server.url, options);

  const app: TestApp = {
    url: server.url,
    folder,
    server,
    admin,
    client,
    join: (role, scopes = ['admin']) => enrol({ url: server.url, admin: admin.client, client }, role, scopes),
    signIn: (email, password) => signIn(server.url, email, password),
    log,
    logged: () => lines.join(''),
    async restart() {
      await server.stop();
      return startApp({ ...options, folder, setup: false });
    },
    async stop() {
      await server.stop();
      if (!options.folder) rmSync(folder, { recursive: true, force: true });
    },
  };
  return app;
}

async function firstAdmin(client: TestApp['client'], url: string, options: Options): Promise<TestPerson> {
  const email = 'ada@example.com';
  if (options.setup === false) return { email, password: PASSWORD, apiKey: '', client: client() };
  const token = options.env?.PORTCULLIS_SETUP_TOKEN;
  const made = await client().setup({
    body: { organization: 'Example', name: 'Ada', email, password: PASSWORD, ...(token ? { token } : {}) },
  });
  if (!made.apiKey) throw new Error(`setup at ${url} gave no key`);
  return { email, password: PASSWORD, apiKey: made.apiKey, client: client({ authorization: `Bearer ${made.apiKey}` }) };
}

/** Invites a person to a running server, accepts as them, and makes them a key. */
export async function enrol(
  app: { readonly url: string; readonly admin: Client; readonly client: TestApp['client'] },
  role: Role,
  scopes: readonly Scope[],
): Promise<TestPerson> {
  const email = `${role}-${++people}@example.com`;
  const { url } = await app.admin.inviteMember({ body: { email, role } });
  const token = new URLSearchParams(new URL(url).hash.slice(1)).get('token') ?? '';
  await app.client().acceptInvitation({ body: { token, name: `${role} ${people}`, password: PASSWORD } });
  const cookie = await signIn(app.url, email, PASSWORD);
  const browser = app.client({ cookie, origin: app.url });
  const { key } = await browser.createApiKey({ body: { name: 'test', scopes: [...scopes] } });
  return { email, password: PASSWORD, apiKey: key, client: app.client({ authorization: `Bearer ${key}` }) };
}

async function signIn(url: string, email: string, password: string): Promise<string> {
  const response = await fetch(`${url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ email, password }),
  });
  if (!response.ok) throw new Error(`sign-in answered ${response.status}: ${await response.text()}`);
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}
