import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '../src/contract/client.ts';
import { startApp, type TestApp } from './support/app.ts';
import { newSecret, search } from './support/canary.ts';
import { makeAuthority, makeServerCertificate } from './support/certificates.ts';
import { type PostgresServer, startPostgres } from './support/postgres.ts';
import { gate } from './support/require.ts';
import { makeSshKeys } from './support/ssh-keys.ts';
import { startSshServer } from './support/ssh-server.ts';

const { skip } = gate('postgres');

/** The canary of what belongs to SSH tunnels and client certificates: passwords, keys and passphrases through every path and failure. */
describe.skipIf(skip).each(['embedded', 'server'] as const)('canary of tunnels and keys on the %s store', (kind) => {
  let app: TestApp;
  let database: PostgresServer;

  beforeAll(async () => {
    database = await startPostgres();
    await database.createDatabase('shop');
    await database.sql('create table orders (id int primary key, total numeric)', 'shop');
    await database.createDatabase('portcullis_store');
    const url = database.url('portcullis_store');
    const env = { PORTCULLIS_DATABASE_URL: url, PORTCULLIS_MASTER_KEY: randomBytes(32).toString('base64') };
    app = await startApp(kind === 'server' ? { env } : {});
  });
  afterAll(async () => {
    await app?.stop();
    await database?.stop();
  });

  test('no secret of a tunnel or a client certificate is found after every path and failure', async () => {
    const told: string[] = [];
    const hidden: string[] = [];
    const keep = (secret: string): string => {
      hidden.push(secret);
      return secret;
    };
    /** Of a key what makes it one: its lines, without those that every key has. */
    const keepKey = (text: string): string => {
      hidden.push(
        ...text.split('\n').filter((line) => line.length > 20 && !line.startsWith('-----') && !line.startsWith('b3BlbnNzaC1rZXktdjE')),
      );
      return text;
    };
    const listening: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      told.push(JSON.stringify([...response.headers]), await response.clone().text());
      return response;
    };
    const client = createClient({ baseUrl: app.url, headers: { authorization: `Bearer ${app.admin.apiKey}` }, fetch: listening });
    const refused = async (work: Promise<unknown>): Promise<void> => {
      told.push(String(await work.then(JSON.stringify, (error: unknown) => `${error} ${JSON.stringify(error)}`)));
    };
    const login = await database.createReadOnlyLogin('shop', 'tunnelled', keep(newSecret()));
    const passphrase = keep(newSecret());
    const keys = makeSshKeys('ed25519', passphrase);
    keepKey(keys.privateKey);
    const password = keep(newSecret());
    const ssh = await startSshServer({ password, authorized: keys.publicKey });
    const place = { host: ssh.host, port: ssh.port, user: ssh.user, hostKeySha256: ssh.hostKeySha256 };
    const address = { host: database.host, port: database.port, database: 'shop', tls: { mode: 'disable' as const }, ssh: place };
    type Tunnel = { password: string } | { privateKey: string; passphrase?: string };
    const body = (tunnel: Tunnel, over: object = {}) => ({
      dbType: 'postgresql' as const,
      name: `Tunnelled ${told.length}`,
      address,
      credentials: { readOnly: login, tunnel },
      acknowledge: [{ code: 'tls.disabled' as const, reason: 'a test on loopback' }],
      ...over,
    });
    const clear = () => app.server.built.store.db.deleteFrom('attempts').execute();
    await clear();
    const tested = await client.testDbConnection({ body: body({ password }) });
    expect(tested.stages.filter((stage) => stage.status === 'failed')).toEqual([]);
    const made = await client.createDbConnection({ body: body({ password }, { receipt: tested.receipt }) });
    const put = (given: object) => client.putCredential({ params: { id: made.id, slot: 'tunnel' }, body: given });
    await refused(put({ password: keep(newSecret()) }));
    await refused(put({ privateKey: keys.privateKey, passphrase: keep(newSecret()) }));
    await clear();
    await refused(put({ privateKey: keepKey(makeSshKeys().privateKey) }));
    await refused(put({ privateKey: keep(`nonsense ${newSecret()}`) }));
    await refused(put({ privateKey: keys.privateKey, surprise: keep(newSecret()) } as never));
    await put({ privateKey: keys.privateKey, passphrase });
    await client.testStoredDbConnection({ params: { id: made.id } });
    await clear();
    // Another key on the server, nobody listening, and a body of the wrong shape.
    await refused(
      client.testDbConnection({
        body: body({ password: keep(newSecret()) }, { address: { ...address, ssh: { ...place, hostKeySha256: null } } }),
      }),
    );
    await refused(
      client.testDbConnection({ body: body({ password: keep(newSecret()) }, { address: { ...address, ssh: { ...place, port: 1 } } }) }),
    );
    await refused(client.createDbConnection({ body: body({ secret: keep(newSecret()) } as never) }));
    await refused(
      client.editDbConnection({
        params: { id: made.id },
        body: { address, credentials: { readOnly: login, tunnel: { password: keep(newSecret()) } } },
      }),
    );

    // A client certificate and its key, with a server that does not encrypt at all, and with the key in a wrong place.
    const authority = await makeAuthority();
    const [own, other] = [await makeServerCertificate(authority), await makeServerCertificate(authority)];
    for (const { key } of [own, other]) keepKey(key);
    const tls = { mode: 'verify-full' as const, ca: authority.cert, clientCertificate: own.cert };
    const certified = (clientKey: string, over: object = {}) =>
      body({ password }, { address: { ...address, tls, ssh: null, ...over }, credentials: { readOnly: { ...login, clientKey } } });
    await clear();
    await refused(client.testDbConnection({ body: certified(own.key) }));
    await refused(client.testDbConnection({ body: certified(other.key) }));
    await refused(client.testDbConnection({ body: certified(keep(`-----BEGIN PRIVATE KEY-----\n${newSecret()}`)) }));
    await refused(client.testDbConnection({ body: certified(own.key, { tls: { ...tls, clientCertificate: `${own.cert}${own.key}` } }) }));
    await refused(client.testDbConnection({ body: certified(own.key, { tls: { ...tls, ca: own.key } }) }));
    await expect.poll(async () => (await client.getDbConnection({ params: { id: made.id } })).status, { timeout: 20_000 }).toBe('ready');
    await refused(client.runQuery({ params: { id: made.id }, body: { sql: 'select id from orders' } }));
    await ssh.stop();
    await refused(client.runQuery({ params: { id: made.id }, body: { sql: 'select id from orders' } }));
    expect(hidden.length).toBeGreaterThan(20);
    expect(hidden.filter((one) => one.length < 16)).toEqual([]);
    expect(await search(app, told, hidden)).toEqual([]);
    await client.deleteDbConnection({ params: { id: made.id }, body: { confirmName: made.name } });
    expect(await search(app, told, hidden)).toEqual([]);
  }, 90_000);
});
