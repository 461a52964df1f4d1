import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { makeAuthority, makeServerCertificate } from '../../../../tests/support/certificates.ts';
import { type OraclePlace, openOracle, oracleAddress, type Passed } from '../../../../tests/support/open-oracle.ts';
import { dial } from '../../../../tests/support/open-postgres.ts';
import { type OracleDouble, type OracleDoubleOptions, startOracleDouble } from '../../../../tests/support/oracle-double.ts';
import { failure, paperAnswer } from '../../../../tests/support/oracle-paper.ts';
import { Fault } from '../../platform/fault.ts';
import type { Dial } from '../../platform/outbound.ts';
import { oracle } from './oracle.ts';
import { Tap } from './tap.ts';

const doubles: OracleDouble[] = [];
async function start(options: OracleDoubleOptions = {}): Promise<OracleDouble> {
  const double = await startOracleDouble({ answer: paperAnswer(), ...options });
  doubles.push(double);
  return double;
}
afterEach(async () => {
  await expect.poll(() => doubles.reduce((sum, double) => sum + double.open(), 0), { timeout: 5000 }).toBe(0);
  await Promise.all(doubles.splice(0).map((double) => double.close()));
});
async function openAndClose(place: OraclePlace): Promise<Passed> {
  const passed: Passed = [];
  const session = await openOracle(place, passed);
  expect(session.usable).toBe(true);
  await session.close();
  expect(session.usable).toBe(false);
  return passed;
}
const faultOf = (promise: Promise<unknown>): Promise<Fault> =>
  promise.then(
    () => Promise.reject(new Error('nothing failed')),
    (error) => (error instanceof Fault ? error : Promise.reject(error)),
  );

describe('opening', () => {
  it('tells each stage, and hands the driver a descriptor of ours alone', async () => {
    const double = await start();
    expect(await openAndClose({ port: double.port })).toEqual([
      ['dns', expect.any(String), 'passed'],
      ['network', '127.0.0.1 allowed', 'passed'],
      ['tcp', `connected to 127.0.0.1:${double.port}`, 'passed'],
      ['tls', 'Not encrypted', 'warning'],
      ['auth', 'Password, of which both sides proved that they know it', 'passed'],
      ['database', 'Service FREEPDB1; the listener did not lead elsewhere, which would be refused', 'passed'],
    ]);
    expect(double.connects).toHaveLength(1);
    // Of the machine and whoever runs the server nothing is told.
    expect(double.connects[0]).toMatch(
      /^\(DESCRIPTION=\(ADDRESS=\(PROTOCOL=TCP\)\(HOST=127\.0\.0\.1\)\(PORT=\d+\)\)\(CONNECT_DATA=\(SERVICE_NAME=FREEPDB1\)\(CID=\(PROGRAM=portcullis\)\(HOST=portcullis\)\(USER=portcullis\)\)\(CONNECTION_ID=[^)]+\)\)\)$/,
    );
  });
  it('by a SID', async () => {
    const double = await start({ services: [], sids: ['ORCL'] });
    const passed = await openAndClose({ port: double.port, service: 'ORCL', naming: 'sid' });
    expect(passed.at(-1)).toEqual(['database', expect.stringMatching(/^SID ORCL;/), 'passed']);
    expect(double.connects[0]).toContain('(SID=ORCL)');
  });
  it('pins the settings of the session before anything else is run', async () => {
    const double = await start();
    await openAndClose({ port: double.port });
    expect(double.ran[0]).toBe('SELECT DBTIMEZONE FROM DUAL');
    expect(double.ran.slice(1).map((sql) => sql.split(/\s+/).slice(0, 3).join(' '))).toEqual([
      'ALTER SESSION SET',
      'ALTER SESSION SET',
      'SELECT parameter, value',
    ]);
  });
  it('says that the password will expire', async () => {
    const double = await start({ warning: 28_002 });
    const passed = await openAndClose({ port: double.port });
    expect(passed[4]).toEqual(['auth', expect.stringContaining('it will expire soon (ORA-28002)'), 'warning']);
    expect(JSON.stringify(passed)).not.toContain('hunter2');
  });
  it('refuses a session that does not keep them', async () => {
    const kept = paperAnswer([[/nls_session_parameters/, [['NLS_DATE_FORMAT', 'DD-MON-RR']]]]);
    const double = await start({ answer: kept });
    const fault = await faultOf(openOracle({ port: double.port }));
    expect(fault).toMatchObject({
      code: 'session.writable',
      about: { stage: 'database', technical: expect.stringContaining('NLS_DATE_FORMAT') },
    });
  });
  it('can be called off at any time', async () => {
    for (const silentAt of ['connect', 'protocol', 'types', '118', '115', '94']) {
      const double = await start({ silentAt });
      const asker = new AbortController();
      const opening = faultOf(openOracle({ port: double.port }, [], asker.signal));
      await expect.poll(() => double.connects.length).toBe(1);
      asker.abort(new Fault('stage.expired', { detail: 'No answer in 15 s.' }));
      expect((await opening).code).toBe('stage.expired');
      await expect.poll(() => double.open()).toBe(0);
    }
  });
  it.each(['a/b', 'x)(HOST=evil', 'a=b', 'x:1521', 'x?wallet_location=/etc', '(DESCRIPTION=)', '', 'a b', '-x'])(
    'takes no service named %s',
    (service) => {
      expect(oracle.address.safeParse({ ...oracleAddress({ port: 1521 }), service }).success).toBe(false);
    },
  );
});

describe('encryption', () => {
  it('is ours: by CA and name, by a pin, and with a certificate of the client', async () => {
    const authority = await makeAuthority();
    const pair = await makeServerCertificate(authority);
    const client = await makeServerCertificate(authority, { commonName: 'reader', altNames: ['DNS:reader'] });
    const double = await start({ tls: pair });
    const verified = { mode: 'verify-full', ca: authority.cert } as const;
    const passed = await openAndClose({ port: double.port, tls: verified });
    expect(passed[3]).toEqual(['tls', expect.stringMatching(/^TLSv1\.3, .* certificate of 127\.0\.0\.1/), 'passed']);
    const session = await openOracle({ port: double.port, tls: verified });
    const sha256 = session.certificate?.sha256 ?? '';
    expect(await oracle.server(session)).toMatchObject({ encryption: expect.stringMatching(/^TLSv1\.3, .* \(tcps\)$/) });
    await session.close();
    await openAndClose({ port: double.port, tls: { mode: 'pinned', sha256 } });
    expect(await faultOf(openOracle({ port: double.port, tls: { mode: 'pinned', sha256: 'ab'.repeat(32) } }))).toMatchObject({
      code: 'tls.changed',
      about: { stage: 'tls' },
    });
    expect((await faultOf(openOracle({ port: double.port, tls: { mode: 'verify-full' } }))).code).toBe('tls.untrusted');
    const demanding = await start({ tls: { ...pair, clientCa: authority.cert } });
    const shown = { ...verified, clientCertificate: client.cert };
    await openAndClose({ port: demanding.port, tls: shown, clientKey: client.key });
    expect(demanding.shown).toEqual(['reader']);
    expect(await faultOf(openOracle({ port: demanding.port, tls: verified }))).toMatchObject({
      code: 'tls.rejected',
      about: { stage: 'tls' },
    });
  });
  it('is made anew where the listener hands the connection over, and proved again', async () => {
    const authority = await makeAuthority();
    const pair = await makeServerCertificate(authority);
    const verified = { mode: 'verify-full', ca: authority.cert } as const;
    const honest = await start({ tls: { ...pair, renew: true } });
    const session = await openOracle({ port: honest.port, tls: verified });
    // The descriptor is said again, inside the new encryption.
    expect(honest.connects).toHaveLength(2);
    expect(await session.run('SELECT 1 FROM sys.dual')).toEqual([['1']]);
    await session.close();
    const stranger = await makeServerCertificate(await makeAuthority('another'));
    const crossed = await start({ tls: { ...pair, renew: stranger } });
    const fault = await faultOf(openOracle({ port: crossed.port, tls: verified }));
    expect(fault).toMatchObject({ code: 'tls.untrusted', about: { stage: 'tls' } });
    expect(crossed.connects).toHaveLength(1);
    expect(crossed.ran).toEqual([]);
  });
});

describe('a way that is no socket of the system', () => {
  it('is as good as one, with and without encryption', async () => {
    const authority = await makeAuthority();
    const pair = await makeServerCertificate(authority);
    const through: Dial = async (to, how) =>
      Object.assign(new Tap(await dial(to, how)), {
        setNoDelay() {
          return this;
        },
      }) as unknown as Socket;
    for (const tls of [null, { mode: 'verify-full', ca: authority.cert } as const]) {
      const double = await start(tls ? { tls: { ...pair, renew: true } } : {});
      const session = await openOracle({ port: double.port, ...(tls ? { tls } : {}) }, [], undefined, 5000, through);
      expect(await session.run('SELECT 1 FROM sys.dual')).toEqual([['1']]);
      await session.close();
    }
  });
});

describe('looking at it', () => {
  it('names the server by its number, or by its names where the login may not see that', async () => {
    const plain = await start();
    const session = await openOracle({ port: plain.port });
    expect(await oracle.server(session)).toEqual({
      product: 'Oracle Database 19c Enterprise Edition',
      version: '19.3.0.0.0',
      dialect: 'oracle',
      identity: 'FREE/example.com/FREEPDB1',
      replica: false,
      encryption: null,
    });
    expect(await oracle.read(session)).toBe('SELECT works, a table can be read; a write is refused (ORA-01456)');
    expect(await oracle.catalog(session)).toBe('4 tables in 1 schema');
    expect(await oracle.holds(session, ['portcullis_jobs'])).toBe(false);
    await session.close();
    const telling = await start({
      answer: paperAnswer([
        [/v_\$database/, [[1_234_567_890, 77]]],
        [/v_\$version/, failure(942, 'no')],
      ]),
    });
    const other = await openOracle({ port: telling.port });
    expect(await oracle.server(other)).toMatchObject({ identity: '1234567890/77', product: 'Oracle Database' });
    await other.close();
  });
  it('does not take a session in which a lock is let through', async () => {
    const double = await start({ answer: paperAnswer([[/FOR UPDATE/, [['X']]]]) });
    const session = await openOracle({ port: double.port });
    expect(await faultOf(oracle.read(session))).toMatchObject({ code: 'session.writable', about: { stage: 'read' } });
    // Both locks were tried, each in a transaction of its own.
    expect(double.ran.filter((sql) => sql === 'SET TRANSACTION READ ONLY')).toHaveLength(3);
    await session.close();
  });
});
