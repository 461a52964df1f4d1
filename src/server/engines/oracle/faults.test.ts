import { afterAll, describe, expect, it } from 'vitest';
import { deadPort, listen, stopListening } from '../../../../tests/support/bad-listener.ts';
import { type OraclePlace, openOracle, oracleAddress } from '../../../../tests/support/open-oracle.ts';
import { noFiles } from '../../../../tests/support/open-postgres.ts';
import { type OracleDouble, type OracleDoubleOptions, refusal, startOracleDouble } from '../../../../tests/support/oracle-double.ts';
import { failure, paperAnswer } from '../../../../tests/support/oracle-paper.ts';
import type { StageName } from '../../../contract/connections.ts';
import { Fault } from '../../platform/fault.ts';
import { createOutbound } from '../../platform/outbound.ts';
import { Secret } from '../../platform/secret.ts';
import { oracle } from './oracle.ts';

const password = 'correct horse 7 battery';
const doubles: OracleDouble[] = [];
afterAll(async () => {
  stopListening();
  await Promise.all(doubles.map((double) => double.close()));
});
async function start(options: OracleDoubleOptions): Promise<OraclePlace> {
  const double = await startOracleDouble({ users: { reader: password }, answer: paperAnswer(), ...options });
  doubles.push(double);
  return { port: double.port, username: 'reader', password };
}
const refusing = async (text: string): Promise<OraclePlace> => ({
  port: await listen((socket) => socket.once('data', () => socket.write(refusal(text)))),
});
const ofListener = (number: number) => () =>
  refusing(`(DESCRIPTION=(TMP=)(VSNNUM=0)(ERR=${number})(ERROR_STACK=(ERROR=(CODE=${number})(EMFI=4))))`);
const text = 'hunter2 text of the server in words';
const signingIn = (num: number) => () => start({ signInError: () => ({ num, message: `ORA-${String(num).padStart(5, '0')}: ${text}` }) });
const asking = (num: number) => () => start({ answer: paperAnswer([[/nls_session_parameters/, failure(num, text)]]) });

const faultOf = (promise: Promise<unknown>): Promise<Fault> =>
  promise.then(
    () => Promise.reject(new Error('nothing failed')),
    (error) => (error instanceof Fault ? error : Promise.reject(error)),
  );
type Case = [
  id: string,
  place: () => Promise<OraclePlace>,
  code: string,
  stage: StageName,
  field: string | null,
  words: RegExp,
  retryable?: true,
];
const user = 'credentials.readOnly.username';
const secret = 'credentials.readOnly.password';

/** Every row of the table of failures that can be brought about through the driver; what the driver alone would meet stands below. */
const cases: Case[] = [
  [
    'ORA-01017 wrong password',
    async () => ({ ...(await start({})), password: 'wrong' }),
    'credential.rejected',
    'auth',
    secret,
    /case-sensitive/,
  ],
  [
    'ORA-01017 unknown user',
    async () => ({ ...(await start({})), username: 'nobody' }),
    'credential.rejected',
    'auth',
    secret,
    /does not say which/,
  ],
  ['ORA-01005', signingIn(1005), 'credential.rejected', 'auth', secret, /rejected/],
  ['ORA-28000', signingIn(28_000), 'login.forbidden', 'auth', user, /ACCOUNT UNLOCK.*FAILED_LOGIN_ATTEMPTS/s],
  ['ORA-28001', signingIn(28_001), 'credential.rejected', 'auth', secret, /expired/],
  ['ORA-28002', signingIn(28_002), 'credential.rejected', 'auth', secret, /expired/],
  ['ORA-28003', signingIn(28_003), 'credential.rejected', 'auth', secret, /rules for passwords/],
  ['ORA-01045', signingIn(1045), 'login.forbidden', 'auth', user, /GRANT CREATE SESSION/],
  ['ORA-28009', signingIn(28_009), 'login.forbidden', 'auth', user, /SYSDBA/],
  ['ORA-20001 of a logon trigger', signingIn(20_001), 'login.forbidden', 'auth', user, /trigger/],
  ['ORA-12514', ofListener(12_514), 'database.unknown', 'database', 'address.service', /not a SID.*lsnrctl status/s],
  ['ORA-12505', ofListener(12_505), 'database.unknown', 'database', 'address.service', /Try the service name/],
  ['ORA-12516', ofListener(12_516), 'server.full', 'database', null, /PROCESSES/, true],
  ['ORA-12519', ofListener(12_519), 'server.full', 'database', null, /PROCESSES/, true],
  ['ORA-12520', ofListener(12_520), 'server.full', 'database', null, /PROCESSES/, true],
  ['ORA-12521', ofListener(12_521), 'server.full', 'database', null, /instance/, true],
  ['ORA-12528', ofListener(12_528), 'server.starting', 'database', null, /starting/, true],
  ['ORA-01033', signingIn(1033), 'server.starting', 'database', null, /starting/, true],
  ['ORA-01034', signingIn(1034), 'server.starting', 'database', null, /starting/, true],
  ['ORA-27101', signingIn(27_101), 'server.starting', 'database', null, /starting/, true],
  ['ORA-01109', signingIn(1109), 'server.starting', 'database', null, /ALTER PLUGGABLE DATABASE … OPEN/, true],
  ['ORA-01035', signingIn(1035), 'database.closed', 'database', 'address.service', /administrators/, true],
  ['ORA-00018', signingIn(18), 'server.full', 'auth', null, /SESSIONS/, true],
  ['ORA-00020', signingIn(20), 'server.full', 'auth', null, /PROCESSES/, true],
  ['ORA-02391', signingIn(2391), 'server.full', 'auth', null, /SESSIONS_PER_USER/, true],
  ['ORA-12537', signingIn(12_537), 'protocol.mismatched', 'auth', 'address.port', /closed the connection/],
  ['ORA-12547', ofListener(12_547), 'protocol.mismatched', 'database', 'address.port', /closed the connection/],
  ['ORA-12560', ofListener(12_560), 'protocol.mismatched', 'database', 'address.port', /closed the connection/],
  ['ORA-12650', signingIn(12_650), 'tls.incompatible', 'tls', 'address.tls', /TCPS/],
  ['ORA-12660', ofListener(12_660), 'tls.incompatible', 'tls', 'address.tls', /TCPS/],
  ['ORA-28040', signingIn(28_040), 'auth.unsupported', 'auth', secret, /ALLOWED_LOGON_VERSION_SERVER/],
  ['ORA-28860', ofListener(28_860), 'tls.failed', 'tls', 'address.tls', /wallet/],
  ['ORA-28865', signingIn(28_865), 'tls.failed', 'tls', 'address.tls', /wallet/],
  ['ORA-29024', signingIn(29_024), 'tls.failed', 'tls', 'address.tls', /wallet/],
  ['ORA-29002', signingIn(29_002), 'tls.failed', 'tls', 'address.tls', /wallet/],
  ['ORA-12170', ofListener(12_170), 'host.unreachable', 'database', 'address.service', /behind it/, true],
  ['ORA-12541', ofListener(12_541), 'host.unreachable', 'database', 'address.service', /behind it/, true],
  ['ORA-12543', ofListener(12_543), 'host.unreachable', 'database', 'address.service', /behind it/, true],
  ['ORA-12545', ofListener(12_545), 'host.unreachable', 'database', 'address.service', /behind it/, true],
  ['ORA-12154', ofListener(12_154), 'string.invalid', 'parse', 'address.service', /no alias/],
  ['ORA-12262', ofListener(12_262), 'string.invalid', 'parse', 'address.service', /no alias/],
  ['ORA-00942', asking(942), 'read.forbidden', 'database', user, /GRANT READ/],
  ['ORA-01031', asking(1031), 'read.forbidden', 'database', user, /GRANT READ/],
  ['ORA-03113', asking(3113), 'server.lost', 'database', null, /ended the connection/, true],
  ['ORA-00028', asking(28), 'server.lost', 'database', null, /ended the connection/, true],
  ['ORA-04031', asking(4031), 'database.failed', 'database', null, /technical detail/],
  [
    'NJS-138 too old',
    async () => ({ port: await listen((s) => s.once('data', () => s.write(oldAcceptance()))) }),
    'server.unsupported',
    'auth',
    'address.host',
    /12\.1/,
  ],
  ['NJS-173 unproven', () => start({ honest: false }), 'protocol.mismatched', 'auth', 'address.host', /did not prove/],
  ['NJS-173 endless hashing', () => start({ rounds: 4_000_000_000 }), 'protocol.mismatched', 'auth', 'address.host', /did not prove/],
  ['nothing listens', async () => ({ port: await deadPort() }), 'port.refused', 'tcp', 'address.port', /nothing listens/, true],
  [
    'closes at once',
    async () => ({ port: await listen((s) => s.end()) }),
    'protocol.mismatched',
    'auth',
    'address.port',
    /closed the connection/,
  ],
  [
    'resets',
    async () => ({ port: await listen((s) => s.once('data', () => s.resetAndDestroy())) }),
    'protocol.mismatched',
    'auth',
    'address.port',
    /closed the connection/,
  ],
  [
    'no TLS there',
    async () => ({ port: await listen((s) => s.once('data', () => s.end())), tls: { mode: 'verify-full' } }),
    'protocol.mismatched',
    'tls',
    'address.port',
    /closed the connection|speak/,
  ],
  ['a refusal without a number', () => refusing(`(${text})`), 'protocol.mismatched', 'database', 'address.service', /without saying why/],
];

/** A listener that takes us to a server of 10g. */
function oldAcceptance(): Buffer {
  const packet = Buffer.alloc(32);
  packet.writeUInt16BE(32);
  packet[4] = 2;
  packet.writeUInt16BE(313, 8);
  packet.writeUInt16BE(8192, 12);
  packet.writeUInt16BE(32_767, 14);
  packet[22] = 0x0c;
  packet[23] = 0x0c;
  return packet;
}

describe('every way of failing that can be brought about through the driver', () => {
  it.each(cases)('%s', async (id, place, code, stage, field, words, retryable) => {
    const fault = await faultOf(openOracle(await place()));
    const { about } = fault;
    expect({ code: fault.code, stage: about.stage, field: about.field, retryable: about.retryable }).toEqual({
      code,
      stage,
      field,
      retryable,
    });
    const shown = JSON.stringify([fault.message, about.tryThis, about.technical]);
    expect(`${fault.message} ${about.tryThis?.join(' ')}`).toMatch(words);
    expect(shown).not.toMatch(/hunter2|correct horse|docs\.oracle|Help:|CONNECTION_ID/);
    const number = /^(ORA|NJS)-\d+/.exec(id)?.[0];
    if (number) expect(about.technical).toBe(number);
    expect(about.tryThis?.length).toBeGreaterThan(0);
  });
  it('a name, a route and a rule of the network', async () => {
    const login = { username: 'reader', password: new Secret(password) };
    const through = (code: string) => {
      const lookup = () => Promise.reject(Object.assign(new Error(code), { code }));
      const { dial } = createOutbound({ allow: [], deny: [], loopbackAllowed: false, ownListeners: () => [], lookup });
      const opening = { dial, files: noFiles, signal: new AbortController().signal, statementTimeoutMs: 1000 };
      return faultOf(oracle.open({ ...oracleAddress({ port: 1521 }), host: code === '' ? '127.0.0.1' : 'db.example' }, login, opening));
    };
    expect(await through('ENOTFOUND')).toMatchObject({ code: 'host.unresolved', about: { stage: 'dns', field: 'address.host' } });
    expect(await through('EAI_AGAIN')).toMatchObject({ code: 'resolver.unavailable', about: { stage: 'dns' } });
    expect(await through('')).toMatchObject({ code: 'network.forbidden', about: { stage: 'network' } });
  });
  it('an empty password is not looked for elsewhere', async () => {
    expect(await faultOf(openOracle({ port: 1, password: '' }))).toMatchObject({ code: 'credential.empty', about: { field: secret } });
    expect(await faultOf(openOracle({ port: 1, username: 'a\nb' }))).toMatchObject({ code: 'credential.rejected', about: { field: user } });
  });
});

describe('codes that the driver meets only where it dials, reads files or speaks TLS itself, which it never does here', () => {
  it.each<[string, string, StageName]>([
    ['NJS-101', 'credential.rejected', 'auth'],
    ['NJS-116', 'auth.unsupported', 'auth'],
    ['NJS-500', 'protocol.mismatched', 'auth'],
    ['NJS-501', 'protocol.mismatched', 'auth'],
    ['NJS-503', 'protocol.mismatched', 'auth'],
    ['NJS-521', 'protocol.mismatched', 'auth'],
    ['NJS-505', 'tls.failed', 'tls'],
    ['NJS-506', 'tls.failed', 'tls'],
    ['NJS-507', 'tls.failed', 'tls'],
    ['NJS-508', 'tls.failed', 'tls'],
    ['NJS-510', 'host.unanswering', 'auth'],
    ['NJS-511', 'port.refused', 'tcp'],
    ['NJS-516', 'string.invalid', 'parse'],
    ['NJS-517', 'string.invalid', 'parse'],
    ['NJS-518', 'database.unknown', 'database'],
    ['NJS-519', 'database.unknown', 'database'],
    ['NJS-520', 'string.invalid', 'parse'],
    ['NJS-530', 'host.unresolved', 'dns'],
    ['NJS-533', 'tls.incompatible', 'tls'],
    ['NJS-103', 'protocol.mismatched', 'auth'],
  ])('%s', (code, expected, stage) => {
    const error = Object.assign(new Error(`${code}: hunter2\nHelp: https://docs.example/`), { code });
    const fault = oracle.explain(error, 'auth', oracleAddress({ port: 1521 }));
    expect(fault).toMatchObject({ code: expected, about: { stage, technical: code } });
    expect(JSON.stringify([fault.message, fault.about.tryThis])).not.toMatch(/hunter2|docs/);
  });
  it('an error that nobody knows tells nothing', () => {
    for (const error of [new Error('hunter2'), 'hunter2', null, Object.assign(new Error('hunter2'), { code: 'hunter2 !' })]) {
      const fault = oracle.explain(error, 'read', oracleAddress({ port: 1521 }));
      expect(JSON.stringify([fault.code, fault.message, { ...fault.about, cause: null }])).not.toContain('hunter2');
    }
  });
  it('one within another is told by its own number', () => {
    const error = Object.assign(new Error('NJS-500: closed\nORA-00600: internal error code, arguments: [hunter2]'), { code: 'NJS-500' });
    expect(oracle.explain(error, 'read', oracleAddress({ port: 1521 }))).toMatchObject({
      code: 'server.lost',
      about: { technical: 'ORA-00600', stage: 'read' },
    });
  });
});
