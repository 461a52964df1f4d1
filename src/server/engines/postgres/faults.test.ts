import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deadPort, listen, rawStart, stopListening } from '../../../../tests/support/bad-listener.ts';
import { makeAuthority, makeServerCertificate } from '../../../../tests/support/certificates.ts';
import { inside, noFiles, open, type Place } from '../../../../tests/support/open-postgres.ts';
import { type PostgresServer, startPostgres } from '../../../../tests/support/postgres.ts';
import { gate } from '../../../../tests/support/require.ts';
import { stageNames } from '../../../contract/connections.ts';
import { Fault } from '../../platform/fault.ts';
import { createOutbound } from '../../platform/outbound.ts';
import { Secret } from '../../platform/secret.ts';
import { postgres } from './postgres.ts';

interface Row {
  id: string;
  said: string;
  stage: string;
  field: string | null;
  code: string;
  hint: string;
  retryable?: boolean;
}
const { rows }: { rows: Row[] } = JSON.parse(
  await readFile(new URL('../../../../tests/fixtures/failure-rows.json', import.meta.url), 'utf8'),
);

const password = 'correct horse 7 battery';
const at = (port: number) => postgres.address.parse({ host: '127.0.0.1', port, database: 'shop', tls: { mode: 'disable' }, ssh: null });

describe.skipIf(gate('postgres').skip)('every way of failing that a server here can be made to show', () => {
  const servers: PostgresServer[] = [];
  const children: ChildProcess[] = [];
  let plain: PostgresServer;
  let secure: PostgresServer;

  async function start(options: Parameters<typeof startPostgres>[0]): Promise<PostgresServer> {
    const server = await startPostgres(options);
    servers.push(server);
    return server;
  }
  async function withCertificate(dates: Parameters<typeof makeServerCertificate>[1]): Promise<number> {
    const authority = await makeAuthority();
    const pair = await makeServerCertificate(authority, dates);
    const server = await start({ ssl: pair });
    return Object.assign(server, { ca: authority.cert }).port;
  }

  beforeAll(async () => {
    const self = await makeAuthority('signed by itself');
    [plain, secure] = await Promise.all([
      start({ hba: ['host all trusting 127.0.0.1/32 trust', 'host all all 127.0.0.1/32 scram-sha-256'] }),
      start({
        ssl: self,
        hba: [
          'host all stranger 127.0.0.1/32 reject',
          'hostnossl all hidden 127.0.0.1/32 reject',
          'hostssl all sealed 127.0.0.1/32 scram-sha-256',
          'host shop reader 127.0.0.1/32 scram-sha-256',
        ],
      }),
    ]);
    for (const server of [plain, secure]) {
      await server.createDatabase('shop');
      await server.createReadOnlyLogin('shop', 'reader', password);
    }
    await plain.sql(`
      CREATE ROLE nologin PASSWORD '${password}';
      CREATE ROLE outdated LOGIN PASSWORD '${password}' VALID UNTIL '2001-01-01';
      CREATE ROLE trusting LOGIN; GRANT CONNECT ON DATABASE shop TO trusting;
      CREATE ROLE outsider LOGIN PASSWORD '${password}';
      CREATE ROLE single LOGIN PASSWORD '${password}' CONNECTION LIMIT 1; GRANT CONNECT ON DATABASE shop TO single;`);
    await plain.sql('CREATE DATABASE shut ALLOW_CONNECTIONS false');
    await plain.sql('CREATE TABLE secret (id int)', 'shop');
    await secure.sql(
      `CREATE ROLE hidden LOGIN PASSWORD '${password}'; CREATE ROLE sealed LOGIN PASSWORD '${password}'; CREATE ROLE stranger LOGIN PASSWORD '${password}'`,
    );
  }, 120_000);
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    stopListening();
    await Promise.all(servers.map((server) => server.stop()));
  });

  const from = (server: PostgresServer, more: Partial<Place> = {}): Place => ({
    port: server.port,
    database: 'shop',
    username: 'reader',
    password,
    ...more,
  });
  const statement =
    (text: string, timeoutMs = 10_000) =>
    async () => {
      const session = await open(from(plain), [], undefined, timeoutMs);
      try {
        await session.run(text);
      } catch (error) {
        throw postgres.explain(error, 'read', at(plain.port));
      } finally {
        await session.close();
      }
    };
  const pinned = { mode: 'verify-full' } as const;
  const through = (lookup: () => Promise<never>, loopbackAllowed = true) => {
    const { dial } = createOutbound({ allow: [], deny: [], loopbackAllowed, ownListeners: () => [], lookup });
    return postgres.open(
      { ...at(5432), host: 'db.example' },
      { username: 'reader', password: new Secret(password) },
      { dial, files: noFiles, signal: new AbortController().signal, statementTimeoutMs: 1000 },
    );
  };
  const unknown = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));

  /** How each row is brought about, for real. */
  const provoke: Record<string, () => Promise<unknown>> = {
    'name unknown': () => through(unknown('ENOTFOUND')),
    'resolver down': () => through(unknown('EAI_AGAIN')),
    'loopback forbidden': () => through((async () => [{ address: '127.0.0.1' }]) as never, false),
    'nothing listens': async () => open({ port: await deadPort() }),
    'no answer': async () => {
      // A listener whose process stands still and whose queue is full: the kernel drops what comes, as a firewall does.
      const child = spawn(process.execPath, [
        '-e',
        "const s = require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(s.address().port))",
      ]);
      children.push(child);
      const [said] = await once(child.stdout, 'data');
      child.kill('SIGSTOP');
      const port = Number(String(said));
      const waiting = Array.from({ length: 4 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
      await new Promise((resolve) => setTimeout(resolve, 200));
      const dial = (to: { host: string; port: number }) =>
        new Promise<Socket>((resolve, reject) => {
          const socket = connect(to)
            .on('error', reject)
            .on('connect', () => resolve(socket));
          setTimeout(() => socket.destroy(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' })), 500);
        });
      try {
        return await postgres.open(
          at(port),
          { username: 'reader', password: new Secret(password) },
          { dial, files: noFiles, signal: new AbortController().signal, statementTimeoutMs: 1000 },
        );
      } finally {
        for (const socket of waiting) socket.destroy();
      }
    },
    'stalls before encryption': async () => {
      const limit = new AbortController();
      setTimeout(
        () => limit.abort(new Fault('stage.expired', { stage: 'tls', field: 'address.port', detail: 'No answer in 0.3 s.' })),
        300,
      );
      return open({ port: await listen(() => undefined), tls: pinned }, [], limit.signal);
    },
    'reset before handshake': async () =>
      open({ port: await listen((socket) => socket.once('data', () => socket.resetAndDestroy())), tls: pinned }),
    'closed before handshake': async () => open({ port: await listen((socket) => socket.once('data', () => socket.end())), tls: pinned }),
    'another protocol on the port': async () =>
      open({ port: await listen((socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n')), tls: pinned }),
    'signed by itself': () => open(from(secure, { tls: pinned })),
    'authority unknown': async () => open({ port: await withCertificate({}), tls: pinned }),
    'certificate for another name': async () => {
      const port = await withCertificate({ altNames: ['DNS:elsewhere.example'] });
      return open({ port, tls: { mode: 'verify-full', ca: (servers.at(-1) as unknown as { ca: string }).ca } });
    },
    'certificate expired': async () => {
      const port = await withCertificate({ notAfter: new Date(Date.now() - 86_400_000) });
      return open({ port, tls: { mode: 'verify-full', ca: (servers.at(-1) as unknown as { ca: string }).ca } });
    },
    'certificate not yet valid': async () => {
      const port = await withCertificate({ notBefore: new Date(Date.now() + 86_400_000) });
      return open({ port, tls: { mode: 'verify-full', ca: (servers.at(-1) as unknown as { ca: string }).ca } });
    },
    'not TLS after all': async () =>
      open({
        port: await listen((socket) =>
          socket.once(
            'data',
            () => socket.write('S').valueOf() && socket.on('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')),
          ),
        ),
        tls: pinned,
      }),
    "server's TLS too old": async () => {
      const server = await start({
        ssl: await makeAuthority(),
        settings: { ssl_min_protocol_version: 'TLSv1', ssl_max_protocol_version: 'TLSv1.1' },
      });
      return open({ port: server.port, tls: pinned });
    },
    'wrong password': () => open(from(plain, { password: 'wrong' })),
    'unknown user': () => open(from(plain, { username: 'nobody at all' })),
    'password expired': () => open(from(plain, { username: 'outdated' })),
    'role may not log in': () => open(from(plain, { username: 'nologin' })),
    'no entry for this client': async () => {
      const sha256 = await open(from(secure, { tls: pinned })).then(
        () => '',
        (fault: Fault) => /[0-9a-f]{64}/.exec(fault.about.technical ?? '')?.[0] ?? '',
      );
      return open(from(secure, { username: 'hidden', database: 'postgres', tls: { mode: 'pinned', sha256 } }));
    },
    'no entry without encryption': () => open(from(secure, { username: 'sealed' })),
    'rejected without encryption': () => open(from(secure, { username: 'hidden' })),
    'no such database': () => open(from(plain, { database: 'nowhere' })),
    'no right to connect': () => open(from(plain, { username: 'outsider' })),
    'database closed': () => open(from(plain, { database: 'shut' })),
    "role's connections used up": () => inside(from(plain, { username: 'single' }), () => open(from(plain, { username: 'single' }))),
    'startup parameter unknown': async () => {
      throw postgres.explain(
        await rawStart(plain.port, { user: 'trusting', database: 'shop', no_such_setting: '1' }),
        'auth',
        at(plain.port),
      );
    },
    'startup parameter bad': async () => {
      throw postgres.explain(
        await rawStart(plain.port, { user: 'trusting', database: 'shop', statement_timeout: 'soon' }),
        'auth',
        at(plain.port),
      );
    },
    'ended by an administrator': async () => {
      const session = await open(from(plain));
      const failed = session.run('SELECT pg_sleep(20)').catch((error) => error);
      await plain.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'portcullis' AND query LIKE '%pg_sleep%'",
      );
      throw postgres.explain(await failed, 'read', at(plain.port));
    },
    'server without TLS': () => open(from(plain, { tls: pinned })),
    'empty password': () => open(from(plain, { password: '' })),
    'table not readable': statement('SELECT FROM public.secret LIMIT 0'),
    'write refused': statement('CREATE TABLE public.never (id int)'),
    'statement too slow': statement('SELECT pg_sleep(20)', 300),
  };

  it('has a way to bring about each row, and none that no row asks for', () => {
    expect(Object.keys(provoke).sort()).toEqual(rows.map((row) => row.id).sort());
  });

  it.each(rows)('$id ($said)', async (row) => {
    const fault: unknown = await provoke[row.id]?.().then(
      () => 'nothing failed',
      (error) => error,
    );
    expect(fault).toBeInstanceOf(Fault);
    if (!(fault instanceof Fault)) return;
    const { about, code } = fault;
    expect({ stage: about.stage, field: about.field ?? null, code, retryable: about.retryable ?? false }).toEqual({
      stage: row.stage,
      field: row.field,
      code: row.code,
      retryable: row.retryable ?? ['port.refused', 'host.unanswering'].includes(row.code),
    });
    const told = [about.detail, ...(about.tryThis ?? [])].join('\n');
    expect(told).toContain(row.hint);
    if (/^[0-9A-Z]{5}$/.test(row.said) && row.said !== '08P01') expect(about.technical).toContain(row.said);
    expect(JSON.stringify([about, told])).not.toContain(password);
    expect(stageNames).toContain(about.stage);
  });

  it('tells wrong password, unknown user and expired password in the same words', async () => {
    const told = await Promise.all(
      ['wrong password', 'unknown user', 'password expired'].map((id) =>
        provoke[id]?.().catch((fault: Fault) =>
          JSON.stringify([fault.code, fault.about.detail, fault.about.tryThis, fault.about.technical]),
        ),
      ),
    );
    expect(new Set(told).size).toBe(1);
  });
});
