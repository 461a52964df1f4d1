import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { deadPort, listen, stopListening } from '../../../../tests/support/bad-listener.ts';
import { makeAuthority, makeServerCertificate } from '../../../../tests/support/certificates.ts';
import { openSqlServer, type SqlServerPlace, sqlServerAddress } from '../../../../tests/support/open-sqlserver.ts';
import { done, failed, message } from '../../../../tests/support/tds-messages.ts';
import { type Asked, refused, type StandIn, type StandInOptions, startStandIn } from '../../../../tests/support/tds-stand-in.ts';
import { stageNames } from '../../../contract/connections.ts';
import { Fault } from '../../platform/fault.ts';
import { createOutbound } from '../../platform/outbound.ts';
import { sqlserver } from './sqlserver.ts';

const run = promisify(execFile);

interface Row {
  readonly id: string;
  readonly says?: readonly (readonly [number, string])[];
  readonly later?: readonly [number, string, number];
  readonly stage: string;
  readonly field: string | null;
  readonly code: string;
  readonly hint: string;
  readonly retryable?: boolean;
}
const fixture = new URL('../../../../tests/fixtures/failure-rows-sqlserver.json', import.meta.url);
const { rows }: { rows: Row[] } = JSON.parse(await readFile(fixture, 'utf8'));

const standIns: StandIn[] = [];
const password = 'correct horse 7 battery';
afterAll(async () => {
  stopListening();
  await Promise.all(standIns.map((standIn) => standIn.close()));
});

async function at(options: StandInOptions, place: Partial<SqlServerPlace> = {}): Promise<unknown> {
  const standIn = await startStandIn({ password, ...options });
  standIns.push(standIn);
  const session = await openSqlServer({ port: standIn.port, password, timeoutMs: 2000, ...place });
  return session.close();
}
/** Lets the session be opened, and fails what it asks next. */
async function later(number: number, text: string, severity: number): Promise<unknown> {
  const answer = (asked: Asked) => (asked.text === 'SELECT secret' ? failed(number, text, severity) : undefined);
  const standIn = await startStandIn({ password, answer });
  standIns.push(standIn);
  const session = await openSqlServer({ port: standIn.port, password });
  try {
    return await session.run('SELECT secret');
  } catch (error) {
    throw sqlserver.explain(error, 'read', sqlServerAddress({ port: standIn.port }));
  } finally {
    await session.close();
  }
}
const through = (lookup: () => Promise<never>, loopbackAllowed = true) => {
  const { dial } = createOutbound({ allow: [], deny: [], loopbackAllowed, ownListeners: () => [], lookup });
  return openSqlServer({ host: 'db.example', port: 1433, password, dial });
};
const unknown = (code: string) => () => through(() => Promise.reject(Object.assign(new Error(code), { code })));

/** What a SQL Server makes for itself where nobody gave it a certificate: RSA, signed by itself. */
async function selfSigned(): Promise<{ cert: string; key: string }> {
  const how = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=SSL_Self_Signed_Fallback', '-keyout', '-', '-out', '-'];
  const { stdout: both } = await run('openssl', how);
  const of = (kind: string) => new RegExp(`-----BEGIN ${kind}-----[\\s\\S]+?-----END ${kind}-----`).exec(both)?.[0] ?? '';
  return { cert: of('CERTIFICATE'), key: of('PRIVATE KEY') };
}

const verified = { mode: 'verify-full' } as const;
const opened = async (greet: (socket: Socket) => void) => openSqlServer({ port: await listen(greet) });

/** How each row that is more than an error of the server is brought about. */
const provoke: Record<string, () => Promise<unknown>> = {
  'name unknown': unknown('ENOTFOUND'),
  'resolver down': unknown('EAI_AGAIN'),
  'loopback forbidden': () => through((async () => [{ address: '127.0.0.1' }]) as never, false),
  'nothing listens': async () => openSqlServer({ port: await deadPort() }),
  'a reset': () => opened((socket) => socket.once('data', () => socket.resetAndDestroy())),
  'an end': () => opened((socket) => socket.once('data', () => socket.end())),
  'another protocol': () => opened((socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n')),
  'signed by itself': async () => at({ pair: await selfSigned() }, { tls: verified }),
  'authority unknown': async () => at({ pair: await makeServerCertificate(await makeAuthority()) }, { tls: verified }),
  'certificate expired': async () => {
    const authority = await makeAuthority();
    const pair = await makeServerCertificate(authority, { notAfter: new Date(Date.now() - 86_400_000) });
    return at({ pair }, { tls: { ...verified, ca: authority.cert } });
  },
  'TLS too old': async () => at({ pair: await selfSigned(), tls: { minVersion: 'TLSv1', maxVersion: 'TLSv1.1' } }, { tls: verified }),
  'empty password': () => at({}, { password: '' }),
  'no encryption': () => at({ encryption: 2 }, { tls: verified }),
  'neither accepted nor refused': () => at({ signIn: () => message(done()) }),
  'another way to sign in': () => at({ signIn: () => message(Buffer.from([0xee, 4, 0, 0, 0, 0, 0, 0, 0])) }),
};
const provoked = ({ id, says, later: fails }: Row): Promise<unknown> => {
  if (says) return at({ signIn: () => refused(...says) });
  return fails ? later(...fails) : (provoke[id]?.() ?? Promise.reject(new Error('nobody brings it about')));
};

describe('every way of failing that the table of SQL Server has', () => {
  it('has a way to bring about each row, and none that no row asks for', () => {
    const ids = rows.filter(({ says, later: fails }) => !says && !fails).map(({ id }) => id);
    expect(Object.keys(provoke).sort()).toEqual(ids.sort());
  });

  it.each(rows)('$id', async (row) => {
    const { id, stage, field, code, hint, retryable = false } = row;
    const fault: unknown = await provoked(row).then(
      () => 'nothing failed',
      (error) => error,
    );
    expect(fault).toBeInstanceOf(Fault);
    if (!(fault instanceof Fault)) return;
    const { about } = fault;
    expect({ stage: about.stage, field: about.field ?? null, code: fault.code, retryable: about.retryable ?? false }).toEqual({
      stage,
      field,
      code,
      retryable,
    });
    const told = [about.detail, ...(about.tryThis ?? [])].join('\n');
    expect(told).toContain(hint);
    if (/^[\d, ]+$/.test(id)) expect(about.technical).toBe(`SQL Server error ${id}`);
    expect(stageNames).toContain(about.stage);
    // Nothing of the server's own words, and nothing of the credential.
    const shown = JSON.stringify([{ ...about, cause: null }, told]);
    expect(shown).not.toMatch(/hidden|Login failed|not currently available|requested by the login|Resource ID/);
    expect(shown).not.toContain(password);
  });

  it('accepts the login before it says that the database is not there', async () => {
    const passed: SqlServerPlace['passed'] = [];
    const failedLogin = [18456, 'Login failed'] as const;
    const signIn = () => refused([4060, 'Cannot open database'], failedLogin);
    await at({ signIn }, { passed }).catch(() => undefined);
    expect(passed.at(-1)?.[0]).toBe('auth');
    await at({ signIn: () => refused(failedLogin) }, { passed: passed.splice(0) }).catch(() => undefined);
    expect(passed.map(([stage]) => stage)).not.toContain('auth');
  });

  it('has no row EINSTLOOKUP: an instance is never looked up, for an address has a port', () => {
    const given = { host: 'db', database: 'x', tls: { mode: 'disable' }, ssh: null };
    expect(sqlserver.address.safeParse(given).success).toBe(false);
    expect(sqlserver.address.safeParse({ ...given, port: 1433 }).success).toBe(true);
  });

  it('shows an address out of the firewall’s words and nothing else of them', async () => {
    const fault: Fault = await at({ signIn: () => refused([40615, 'Client with IP address dead.beef is not allowed; secret words']) }).then(
      () => Promise.reject(new Error('nothing failed')),
      (error) => error,
    );
    expect(fault.message).toBe('The firewall of the server does not let us in.');
  });
});
