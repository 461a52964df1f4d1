import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KeyPair, makeAuthority, makeServerCertificate } from '../../../../tests/support/certificates.ts';
import { inside, open, type Place, type Way } from '../../../../tests/support/open-postgres.ts';
import { type PostgresServer, startPostgres } from '../../../../tests/support/postgres.ts';
import { gate } from '../../../../tests/support/require.ts';
import { engineIds, type Tls } from '../../../contract/engines.ts';
import { Fault } from '../../platform/fault.ts';
import { engineOf, engines } from '../registry.ts';
import { postgres } from './postgres.ts';

const password = "it's a \\ pass:word/with?every#thing@100% ü";
const faultOf = (promise: Promise<unknown>): Promise<Fault> =>
  promise.then(
    () => Promise.reject(new Error('nothing failed')),
    (error) => (error instanceof Fault ? error : Promise.reject(error)),
  );

describe('the registry', () => {
  it('holds the engine, and says which there are', () => {
    const ids = engines.map((engine) => engine.id);
    expect(ids).toEqual(engineIds.filter((id) => ids.includes(id)));
    expect(engineOf('postgresql')).toBe(postgres);
    expect(() => engineOf('nonesuch' as never)).toThrow(
      expect.objectContaining({
        code: 'request.invalid',
        about: expect.objectContaining({ field: 'dbType', detail: expect.stringContaining('postgresql') }),
      }),
    );
  });
});

describe('an address', () => {
  const good = { host: 'DB.example.com', port: 5432, database: 'sales', tls: { mode: 'verify-full' }, ssh: null };
  it.each([
    ['host', ''],
    ['host', 'postgres://db'],
    ['host', '/tmp'],
    ['host', 'a b'],
    ['host', 'db:5432'],
    ['host', 'a,b'],
    ['host', '@abstract'],
    ['host', 'x'.repeat(254)],
    ['host', 'db\0'],
    ['port', 0],
    ['port', 65_536],
    ['port', '5432'],
    ['port', 1.5],
    ['database', ''],
    ['database', 'ü'.repeat(32)],
    ['database', 'sales\0options'],
    ['database', 'a\nb'],
    ['database', 'a\u0085b'],
    ['tls', { mode: 'prefer' }],
    ['tls', { mode: 'pinned', sha256: 'abc' }],
    ['tls', { mode: 'verify-full', ca: '/etc/ssl/ca.pem' }],
    ['tls', { mode: 'verify-full', ca: '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----' }],
    ['ssh', { host: 'bastion' }],
    ['sslkey', '/etc/passwd'],
  ])('refuses %s = %j', (name, value) => {
    expect(postgres.address.safeParse({ ...good, [name]: value }).success).toBe(false);
  });
  it('takes names and addresses, without the brackets', () => {
    for (const host of ['db', '10.0.0.1', 'müller.example', 'a_b.example'])
      expect(postgres.address.parse({ ...good, host })).toMatchObject({ host });
    expect(postgres.address.parse({ ...good, host: '[::1]' })).toMatchObject({ host: '::1' });
  });
  it('binds a credential to every part that says where it goes', () => {
    const bound = (more: object, user = 'reader') => JSON.stringify(postgres.binding(postgres.address.parse({ ...good, ...more }), user));
    const pin = (digit: string): Tls => ({ mode: 'pinned', sha256: digit.repeat(64) });
    const all = [
      bound({}),
      bound({ host: 'other' }),
      bound({ port: 1 }),
      bound({ database: 'x' }),
      bound({}, 'x'),
      bound({ tls: { mode: 'disable' } }),
      bound({ tls: pin('a') }),
      bound({ tls: pin('b') }),
    ];
    expect(new Set(all).size).toBe(all.length);
    expect(bound({ host: 'db.EXAMPLE.com' })).toBe(bound({}));
    expect(bound({ tls: pin('a') })).toBe(bound({ tls: { mode: 'pinned', sha256: Array(32).fill('AA').join(':') } }));
  });
  it('is unencrypted where it leaves this machine in clear', () => {
    const clear = (host: string, mode = 'disable') => postgres.unencrypted(postgres.address.parse({ ...good, host, tls: { mode } }));
    expect(['localhost', '127.0.0.1', '127.9.9.9', '::1'].map((host) => clear(host))).toEqual([false, false, false, false]);
    expect(['db.example.com', '10.0.0.1', '127.example.com'].map((host) => clear(host))).toEqual([true, true, true]);
    expect(clear('db.example.com', 'verify-full')).toBe(false);
  });
});

describe.skipIf(gate('postgres').skip)('a session', () => {
  let authority: KeyPair;
  let server: PostgresServer;
  let verified: Tls;
  const place = (more: Partial<Place> = {}): Place => ({
    port: server.port,
    database: 'shop',
    username: 'reader',
    password,
    tls: verified,
    ...more,
  });
  const connections = async () =>
    Number((await server.sql("SELECT count(*) AS n FROM pg_stat_activity WHERE usename <> 'postgres'"))[0]?.n);

  beforeAll(async () => {
    authority = await makeAuthority();
    const pair = await makeServerCertificate(authority);
    verified = { mode: 'verify-full', ca: authority.cert };
    server = await startPostgres({
      ssl: pair,
      hba: [
        'host shop md5er 127.0.0.1/32 md5',
        'host shop clear 127.0.0.1/32 password',
        'host shop trusted 127.0.0.1/32 trust',
        'host all all 127.0.0.1/32 scram-sha-256',
      ],
    });
    await server.createDatabase('shop');
    await server.createReadOnlyLogin('shop', 'reader', password);
    await server.sql(
      `SET password_encryption = md5; CREATE ROLE md5er LOGIN PASSWORD 'md5'; CREATE ROLE clear LOGIN PASSWORD 'clear'; CREATE ROLE trusted LOGIN; GRANT CONNECT ON DATABASE shop TO md5er, clear, trusted`,
    );
  }, 120_000);
  afterAll(() => server?.stop());

  it('is opened stage by stage, verified, read-only and limited', async () => {
    const passed: Way['passed'] = [];
    const session = await open(place(), passed);
    expect(passed).toEqual([
      ['dns', expect.any(String), 'passed'],
      ['network', expect.any(String), 'passed'],
      ['tcp', expect.any(String), 'passed'],
      ['tunnel', 'Not used', 'skipped'],
      ['tls', expect.stringMatching(/^TLSv1\.3, TLS_\w+, certificate of 127\.0\.0\.1, valid until 20/), 'passed'],
      ['auth', 'SCRAM-SHA-256', 'passed'],
      ['database', 'shop', 'passed'],
    ]);
    expect(session.certificate).toMatchObject({
      subject: 'CN=localhost',
      issuer: 'CN=Portcullis test authority',
      names: ['127.0.0.1', 'localhost'],
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const [row] = await session.run(
      "SELECT current_setting('default_transaction_read_only'), current_setting('search_path'), current_setting('statement_timeout'), current_setting('lock_timeout'), current_setting('application_name'), current_setting('client_connection_check_interval')",
    );
    expect(row).toEqual(['on', 'pg_catalog, pg_temp', '10s', '5s', 'portcullis', '2s']);
    await expect(postgres.server(session)).resolves.toMatchObject({
      product: 'PostgreSQL',
      version: expect.stringMatching(/^\d+/),
      dialect: 'postgresql',
      identity: expect.stringMatching(/^\d+\/\d+$/),
      replica: false,
      encryption: expect.stringMatching(/^TLSv1\.3, TLS_/),
    });
    await expect(postgres.read(session)).resolves.toMatch(/25006/);
    await session.close();
    await session.close();
    await expect.poll(connections).toBe(0);
  });

  it('takes a pinned certificate whoever signed it, and no other', async () => {
    const untrusted = await faultOf(open(place({ tls: { mode: 'verify-full' } })));
    const shown = [untrusted.message, ...(untrusted.about.tryThis ?? [])].join('\n');
    expect(shown).toMatch(/CN=localhost/);
    expect(shown).toMatch(/issuer CN=Portcullis test authority/);
    const sha256 = /[0-9a-f]{64}/.exec(shown)?.[0] ?? '';
    const passed: Way['passed'] = [];
    await (await open(place({ tls: { mode: 'pinned', sha256: sha256.toUpperCase().replace(/..(?=.)/g, '$&:') } }), passed)).close();
    expect(passed).toContainEqual(['tls', expect.stringContaining('the pinned certificate'), 'passed']);
    const other = await faultOf(open(place({ tls: { mode: 'pinned', sha256: '0'.repeat(64) } })));
    expect(other).toMatchObject({
      code: 'tls.changed',
      about: { stage: 'tls', field: 'address.tls', tryThis: expect.arrayContaining([expect.stringContaining(sha256)]) },
    });
  });

  it('is not opened by another authority or under another name', async () => {
    const stranger = await makeAuthority('somebody else');
    expect(await faultOf(open(place({ tls: { mode: 'verify-full', ca: stranger.cert } })))).toMatchObject({ code: 'tls.untrusted' });
    await expect(open(place({ host: 'localhost' })).then((session) => session.close())).resolves.toBeUndefined();
    expect(await faultOf(open(place({ host: '127.0.0.2' })))).toMatchObject({ code: expect.stringMatching(/port.refused|tls.misnamed/) });
  });

  it('gives the password only to ways of signing in that protect it', async () => {
    const passed: Way['passed'] = [];
    await (await open(place({ username: 'clear', password: 'clear' }), passed)).close();
    await (await open(place({ username: 'md5er', password: 'md5' }), passed)).close();
    await (await open(place({ username: 'md5er', password: 'md5', tls: { mode: 'disable' } }), passed)).close();
    await (await open(place({ username: 'trusted', password: 'x' }), passed)).close();
    expect(passed.filter(([stage]) => stage === 'auth').map(([, evidence, status]) => [evidence, status])).toEqual([
      ['Password, inside the encryption', 'passed'],
      ['MD5 of the password', 'passed'],
      ['MD5 of the password', 'passed'],
      ['The server asked for no password', 'warning'],
    ]);
    expect(await faultOf(open(place({ username: 'clear', password: 'clear', tls: { mode: 'disable' } })))).toMatchObject({
      code: 'auth.unsupported',
      about: { stage: 'auth', field: 'address.tls' },
    });
  });

  it('takes nothing from the environment', async () => {
    const before = { ...process.env };
    Object.assign(process.env, {
      PGHOST: '192.0.2.1',
      PGPORT: '1',
      PGUSER: 'postgres',
      PGPASSWORD: server.superuser.password,
      PGDATABASE: 'postgres',
      PGOPTIONS: '-c statement_timeout=1',
      PGSSLMODE: 'disable',
      PGAPPNAME: 'stolen',
      PGREPLICATION: 'true',
      PGCLIENT_ENCODING: 'LATIN1',
      PGSSLNEGOTIATION: 'direct',
      PGBINARY: '1',
    });
    try {
      await inside(place(), async (session) => {
        const [row] = await session.run(
          "SELECT current_user, current_database(), current_setting('application_name'), current_setting('statement_timeout'), current_setting('client_encoding')",
        );
        expect(row).toEqual(['reader', 'shop', 'portcullis', '10s', 'UTF8']);
      });
      for (const login of [{ password: '' }, { username: '' }])
        expect(await faultOf(open(place(login)))).toMatchObject({ code: 'credential.empty', about: { stage: 'parse' } });
      for (const username of ['reader\0options\0-c statement_timeout=0', '\r\nFLUSHALL\r\n', 'a\u0085b'])
        expect(await faultOf(open(place({ username })))).toMatchObject({ code: 'credential.rejected', about: { stage: 'parse' } });
      expect(await faultOf(open(place({ password: 'wrong' })))).toMatchObject({ code: 'credential.rejected' });
    } finally {
      for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    }
  });

  it('keeps no password and shows none', async () => {
    await inside(place(), async (session) => {
      const { inspect } = await import('node:util');
      expect(inspect(session, { depth: 20, showHidden: true })).not.toContain(password);
    });
    const fault = await faultOf(open(place({ database: password })));
    expect(fault.code).toBe('database.unknown');
    expect(JSON.stringify([fault.message, fault.about])).not.toContain('every#thing');
  });

  it('ends at once when it is cancelled, at any moment', async () => {
    const reason = new Fault('stage.expired', { detail: 'enough' });
    const gone = new AbortController();
    gone.abort(reason);
    await expect(open(place(), [], gone.signal)).rejects.toMatchObject({ code: 'stage.expired' });
    for (const stage of ['tcp', 'tls', 'auth', 'database']) {
      const cancel = new AbortController();
      const passed = Object.assign([] as Way['passed'], {
        push: (entry: Way['passed'][number]) => entry[0] === stage && cancel.abort(reason),
      });
      const opened = open(place(), passed, cancel.signal);
      if (stage === 'database') await expect((await opened).run('SELECT 1')).rejects.toBe(reason);
      else expect(await faultOf(opened)).toMatchObject({ code: 'stage.expired' });
    }
    const cancel = new AbortController();
    const session = await open(place(), [], cancel.signal);
    const running = session.run('SELECT pg_sleep(30)');
    setTimeout(() => cancel.abort(reason), 50);
    await expect(running).rejects.toBe(reason);
    await session.close();
    // The server ends the statement by itself, because it looks whether its client is still there.
    await expect.poll(connections, { timeout: 15_000 }).toBe(0);
  });

  it('closes while a statement runs, and while the server is gone', async () => {
    const busy = await open(place());
    const running = busy.run('SELECT pg_sleep(30)').catch((error) => error);
    await busy.close();
    expect(await running).toBeInstanceOf(Error);
    const orphan = await open(place());
    await server.restart();
    await orphan.close();
    await expect(orphan.run('SELECT 1')).rejects.toThrow();
  });
});
