import { afterEach, describe, expect, it } from 'vitest';
import { makeAuthority, makeServerCertificate } from '../../../../tests/support/certificates.ts';
import { openSqlServer, type SqlServerPlace } from '../../../../tests/support/open-sqlserver.ts';
import { failed, message, oneRow, type Plain, routing } from '../../../../tests/support/tds-messages.ts';
import { type Asked, type StandIn, type StandInOptions, settled, startStandIn } from '../../../../tests/support/tds-stand-in.ts';
import { Fault } from '../../platform/fault.ts';
import { sqlserver } from './sqlserver.ts';

const standIns: StandIn[] = [];
async function start(options: StandInOptions = {}): Promise<StandIn> {
  const standIn = await startStandIn(options);
  standIns.push(standIn);
  return standIn;
}
afterEach(async () => {
  for (const standIn of standIns) await expect.poll(() => standIn.open(), { timeout: 5000 }).toBe(0);
  await Promise.all(standIns.splice(0).map((standIn) => standIn.close()));
});

const faultOf = (promise: Promise<unknown>): Promise<Fault> =>
  promise.then(
    () => Promise.reject(new Error('nothing failed')),
    (fault) => (fault instanceof Fault ? fault : Promise.reject(fault)),
  );
const of = (asked: Asked, words: string): boolean => asked.text.includes(words);

describe('opening', () => {
  it('tells each stage, and signs in as a program of ours', async () => {
    const standIn = await start();
    const passed: SqlServerPlace['passed'] = [];
    const session = await openSqlServer({ port: standIn.port, passed });
    expect(passed.map(([stage, , status]) => [stage, status])).toEqual([
      ['dns', 'passed'],
      ['network', 'passed'],
      ['tcp', 'passed'],
      ['tls', 'warning'],
      ['auth', 'warning'],
      ['database', 'passed'],
    ]);
    expect(standIn.signIns).toEqual([{ username: 'reader', password: 'secret', database: 'shop', program: 'portcullis' }]);
    expect(session).toMatchObject({ usable: true, certificate: null, encryption: null });
    await session.close();
    expect(session.usable).toBe(false);
  });

  it('proves the certificate before a word of the sign-in leaves', async () => {
    const authority = await makeAuthority();
    const pair = await makeServerCertificate(authority);
    const standIn = await start({ pair });
    const place = { port: standIn.port };
    const fault = await faultOf(openSqlServer({ ...place, tls: { mode: 'verify-full' } }));
    expect(fault).toMatchObject({ code: 'tls.untrusted', about: { stage: 'tls', field: 'address.tls' } });
    const sha256 = /[0-9a-f]{64}/.exec(fault.about.technical ?? '')?.[0] ?? '';
    const other = await faultOf(openSqlServer({ ...place, tls: { mode: 'pinned', sha256: '0'.repeat(64) } }));
    expect(other).toMatchObject({ code: 'tls.changed', about: { technical: `SHA-256 ${sha256}` } });
    const named = await start({ pair: await makeServerCertificate(authority, { altNames: ['DNS:elsewhere.example'] }) });
    expect((await faultOf(openSqlServer({ port: named.port, tls: { mode: 'verify-full', ca: authority.cert } }))).code).toBe(
      'tls.misnamed',
    );
    expect([...standIn.signIns, ...named.signIns]).toEqual([]);

    const passed: SqlServerPlace['passed'] = [];
    for (const tls of [{ mode: 'verify-full', ca: authority.cert } as const, { mode: 'pinned', sha256 } as const]) {
      const session = await openSqlServer({ ...place, tls, passed });
      expect(session).toMatchObject({ certificate: { sha256 }, encryption: expect.stringMatching(/^TLSv1\.2, /) });
      expect(await session.run('SELECT 1')).toEqual([]);
      await session.close();
    }
    expect(standIn.signIns).toHaveLength(2);
    expect(passed.find(([stage]) => stage === 'tls')).toEqual(['tls', expect.stringContaining('certificate of 127.0.0.1'), 'passed']);
  });

  it('shows a certificate of its own where the server asks for one', async () => {
    const authority = await makeAuthority();
    const [pair, own] = await Promise.all([makeServerCertificate(authority), makeServerCertificate(authority, { commonName: 'reader' })]);
    const standIn = await start({ pair, tls: { ca: authority.cert } });
    const tls = { mode: 'verify-full', ca: authority.cert } as const;
    const session = await openSqlServer({ port: standIn.port, tls: { ...tls, clientCertificate: own.cert }, clientKey: own.key });
    await session.close();
    expect((await faultOf(openSqlServer({ port: standIn.port, tls }))).about.stage).toMatch(/^(tls|auth)$/);
  });

  it('never falls back to a plain wire, and says where one is refused', async () => {
    const plain = await start({ encryption: 2 });
    expect((await faultOf(openSqlServer({ port: plain.port, tls: { mode: 'verify-full' } }))).code).toBe('tls.unsupported');
    const strict = await start({ encryption: 3 });
    expect((await faultOf(openSqlServer({ port: strict.port }))).code).toBe('tls.required');
    expect([...plain.signIns, ...strict.signIns]).toEqual([]);
  });

  it('is not sent elsewhere by the server', async () => {
    const elsewhere = await start();
    const standIn = await start({ signIn: () => message(routing('127.0.0.1', elsewhere.port)) });
    const fault = await faultOf(openSqlServer({ port: standIn.port }));
    expect(fault).toMatchObject({ code: 'network.forbidden', about: { stage: 'auth', field: 'address.host', technical: 'routed' } });
    expect(fault.message).toContain('did not follow');
    expect(elsewhere.signIns).toEqual([]);
    expect(elsewhere.open()).toBe(0);
  });

  it.each([
    ['QUOTED_IDENTIFIER', { options: 5496 + 16384 - 256 }],
    ['XACT_ABORT', { options: 5496 }],
    ['IMPLICIT_TRANSACTIONS', { options: 5496 + 16384 + 2 }],
    ['TRANSACTION ISOLATION LEVEL', { level: 1 }],
    ['DATEFORMAT', { format: 'dmy' }],
  ])('refuses a session that does not keep %s', async (name, over) => {
    const standIn = await start({ answer: (asked) => (of(asked, '@@OPTIONS') ? settled('shop', over) : undefined) });
    const fault = await faultOf(openSqlServer({ port: standIn.port }));
    expect(fault).toMatchObject({ code: 'session.writable', about: { stage: 'database', technical: `not kept: ${name}` } });
  });

  it('refuses a product that does not know the settings', async () => {
    const standIn = await start({
      answer: (asked) => (of(asked, '@@OPTIONS') ? failed(33_557_097, 'function sys.textsize() does not exist') : undefined),
    });
    const fault = await faultOf(openSqlServer({ port: standIn.port }));
    expect(fault).toMatchObject({ code: 'session.writable', about: { stage: 'database', technical: 'not known: error 33557097' } });
  });

  it('refuses another database than the one that was asked for', async () => {
    const standIn = await start({ database: 'master' });
    expect((await faultOf(openSqlServer({ port: standIn.port }))).code).toBe('database.unknown');
  });

  it('ends at once when it is cancelled, whatever it waits for', async () => {
    const standIn = await start({ answer: () => null });
    const cancel = new AbortController();
    setTimeout(() => cancel.abort(new Fault('test.cancelled')), 100);
    expect((await faultOf(openSqlServer({ port: standIn.port, signal: cancel.signal }))).code).toBe('test.cancelled');
  });

  it('gives a session up that does not answer', async () => {
    const standIn = await start({ answer: (asked) => (of(asked, '@@OPTIONS') ? null : undefined) });
    const fault = await faultOf(openSqlServer({ port: standIn.port, timeoutMs: 100 }));
    expect(fault).toMatchObject({ code: 'statement.expired', about: { stage: 'database', technical: 'stalled' } });
  });
});

describe('the server', () => {
  const version = 'Microsoft SQL Server 2022 (RTM-CU17) - 16.0.4165.4 (X64)';
  const facts = (row: readonly Plain[], encrypt: Buffer | undefined) => (asked: Asked) => {
    if (of(asked, 'ProductVersion')) return oneRow(...row);
    return of(asked, 'encrypt_option') ? encrypt : undefined;
  };
  async function serverOf(answer: StandInOptions['answer']) {
    const standIn = await start(answer ? { answer } : {});
    const session = await openSqlServer({ port: standIn.port });
    try {
      return await sqlserver.server(session);
    } finally {
      await session.close();
    }
  }

  it('is known by its name, the number of the database and when that was made', async () => {
    const row = [version, '16.0.4165.4', 3, 'DB01', 7, '2024-02-29T12:00:00.123', 'READ_WRITE'];
    expect(await serverOf(facts(row, oneRow('TRUE')))).toEqual({
      product: 'Microsoft SQL Server',
      version: '16.0.4165.4',
      dialect: 'mssql',
      identity: 'DB01/7/2024-02-29T12:00:00.123',
      replica: false,
      encryption: 'TLS (the server says so too)',
    });
    expect(await serverOf(facts([...row.slice(0, 6), 'READ_ONLY'], failed(300, 'VIEW SERVER STATE permission was denied')))).toMatchObject({
      replica: true,
      encryption: null,
    });
    expect(await serverOf(facts([version, '12.0.2000.8', 5, null, null, null, null], undefined))).toMatchObject({
      product: 'Azure SQL Database',
      identity: null,
    });
    expect(await serverOf(facts(['Babelfish for …', '12.0.2000.8', 2, 'x', 1, '2024-02-29T12:00:00', null], undefined))).toMatchObject({
      product: 'Babelfish',
    });
  });

  it('is refused when it is too old', async () => {
    const row = ['Microsoft SQL Server 2008', '10.50.6000', 3, 'DB01', 7, '2024-02-29T12:00:00.123', null];
    const fault = await faultOf(serverOf(facts(row, undefined)));
    expect(fault).toMatchObject({ code: 'server.unsupported', about: { stage: 'version' } });
  });
});

describe('the proof that it reads', () => {
  async function proofOf(made: Buffer | undefined, look: Buffer, table: Buffer | undefined) {
    const standIn = await start({
      answer: (asked) => {
        if (of(asked, 'CREATE TABLE #')) return made;
        if (of(asked, 'OBJECT_ID')) return look;
        return of(asked, 'TOP (1) 1') ? table : undefined;
      },
    });
    const session = await openSqlServer({ port: standIn.port });
    try {
      return await sqlserver.read(session);
    } finally {
      await session.close();
    }
  }

  it('is that what a transaction writes is undone, and says that nothing else refuses a write', async () => {
    const proof = await proofOf(undefined, oneRow(0, 1), oneRow(1));
    expect(proof).toContain('the right to read a table is there; what a transaction writes is undone');
    expect(proof).toContain('no read-only transaction here');
    expect(await proofOf(failed(262, 'CREATE TABLE permission denied in database'), oneRow(0, 1), undefined)).toContain(
      'no table is readable; a temporary table was refused',
    );
  });

  it('fails where it is not undone', async () => {
    expect(await faultOf(proofOf(undefined, oneRow(0, 0), oneRow(1)))).toMatchObject({
      code: 'session.writable',
      about: { stage: 'read' },
    });
  });
});

it('recognises tables by names that are bound', async () => {
  const standIn = await start({ answer: (asked) => (of(asked, 'sys.tables') ? oneRow(1) : undefined) });
  const session = await openSqlServer({ port: standIn.port });
  expect(await sqlserver.holds(session, ['a', "b'"])).toBe(true);
  expect(standIn.asked.at(-1)?.values).toEqual(['@n0 nvarchar(1), @n1 nvarchar(2), @wanted int', 'a', "b'", '2']);
  await session.close();
});

it('knows its address', () => {
  const address = sqlserver.address.parse({
    host: 'DB.example.com',
    port: 1433,
    database: 'Sales',
    tls: { mode: 'verify-full' },
    ssh: null,
  });
  expect(sqlserver.destination(address)).toEqual({ host: 'DB.example.com', port: 1433, database: 'Sales' });
  expect(sqlserver.binding(address, 'reader')).toMatchObject({
    host: 'db.example.com',
    database: 'Sales',
    user: 'reader',
    tls: 'verify-full',
  });
  expect(sqlserver.unencrypted(address)).toBe(false);
  expect(sqlserver.unencrypted({ ...address, tls: { mode: 'disable' } })).toBe(true);
  // An instance would be looked for at any port that the host names.
  expect(sqlserver.address.safeParse({ ...address, host: 'db\\SQLEXPRESS' }).success).toBe(false);
  expect(sqlserver.address.safeParse({ host: 'db', database: 'x', tls: { mode: 'verify-full' } }).success).toBe(false);
  expect(sqlserver.grammar.quote('a]b')).toBe('[a]]b]');
});
