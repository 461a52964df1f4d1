import { createConnection } from 'node:net';
import { hostname } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { another, answer, column, failure, hello, letIn, more, ok, packet, row } from '../../../../tests/support/fake-mysql.ts';
import { growthDuring } from '../../../../tests/support/memory.ts';
import { open, type Place } from '../../../../tests/support/open-mysql.ts';
import { endAll, openSockets, pour, serve } from '../../../../tests/support/sockets.ts';
import { Fault } from '../../platform/fault.ts';
import { mysql } from './mysql.ts';

const startWith = (...bytes: Buffer[]) => serve((socket) => socket.write(Buffer.concat(bytes)));
/** Says who it is, and something else once it has the first answer. */
const afterAnswer = (greeting: Buffer, ...bytes: Buffer[]) =>
  serve((socket) => {
    socket.write(greeting);
    const left = [...bytes];
    socket.on('data', () => {
      const next = left.shift();
      if (next) socket.write(next);
    });
  });
const faultOf = (promise: Promise<unknown>): Promise<Fault> =>
  promise.then(
    () => Promise.reject(new Error('nothing failed')),
    (error) => (error instanceof Fault ? error : Promise.reject(error)),
  );
const endless = new AbortController().signal;
const reading = { sql: 'SELECT 1', parameters: [], maxRows: 10, maxBytes: 100_000, timeoutMs: 400, signal: endless };
/** Not this machine by its name, and this machine in truth. */
const elsewhere = (place: Place): [Place, Parameters<typeof open>[1]] => {
  return [{ ...place, host: 'db.example' }, { dial: async () => createConnection(place.port, '127.0.0.1') }];
};

describe('a hostile server', () => {
  afterEach(async () => {
    try {
      await expect.poll(openSockets, { timeout: 5000 }).toBe(0);
    } finally {
      endAll();
    }
  });

  it.each<[string, () => Promise<Place>, string]>([
    ['noise', () => startWith(Buffer.alloc(4096, 7)), 'protocol.mismatched'],
    ['zeros', () => startWith(Buffer.alloc(4096)), 'protocol.mismatched'],
    ['a web page', () => startWith(Buffer.from('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')), 'protocol.mismatched'],
    ['a packet of sixteen megabytes', () => startWith(Buffer.from([255, 255, 255, 0, 10])), 'protocol.mismatched'],
    ['an old protocol', () => startWith(packet(0, '\x095.0.0\0')), 'protocol.mismatched'],
    ['half a greeting', () => startWith(packet(0, '\n9.1.0\0abc')), 'protocol.mismatched'],
    ['a greeting with the wrong number', () => startWith(packet(3, hello().subarray(4))), 'protocol.mismatched'],
    ['a greeting without a secure sign-in', () => startWith(hello({ flags: 0x200 })), 'protocol.mismatched'],
    ['two greetings', () => startWith(hello(), packet(1, hello().subarray(4))), 'protocol.mismatched'],
    ['a torn error', () => startWith(packet(0, Buffer.from([255]))), 'protocol.mismatched'],
    [
      'too many connections',
      () => startWith(packet(0, Buffer.concat([Buffer.from([255, 16, 4]), Buffer.from('Too many connections')]))),
      'server.full',
    ],
    ['a host that is blocked', () => startWith(failure(0, 1129, 'HY000', 'Host is blocked')), 'client.forbidden'],
    ['a host without account', () => startWith(failure(0, 1130, 'HY000', 'Host is not allowed')), 'client.forbidden'],
    ['the password in clear by the greeting', () => startWith(hello({ method: 'mysql_clear_password' })), 'auth.unsupported'],
    ['the password in clear', () => afterAnswer(hello(), another(2, 'mysql_clear_password')), 'auth.unsupported'],
    ['a dialog', () => afterAnswer(hello(), another(2, 'dialog')), 'auth.unsupported'],
    ['the method of long ago', () => afterAnswer(hello(), packet(2, Buffer.from([254]))), 'auth.unsupported'],
    ['a second factor', () => afterAnswer(hello(), packet(2, Buffer.from('\x02authentication_ldap\0abc'))), 'auth.unsupported'],
    ['a half salt', () => afterAnswer(hello(), packet(2, Buffer.from('\xfemysql_native_password\0abc', 'latin1'))), 'protocol.mismatched'],
    [
      'another way again and again',
      () => afterAnswer(hello(), another(2, 'mysql_native_password'), another(4, 'mysql_native_password')),
      'protocol.mismatched',
    ],
    ['a key that nobody asked for', () => afterAnswer(hello(), more(2, 45, 45, 45)), 'protocol.mismatched'],
    ['a key that is none', () => afterAnswer(hello(), more(2, 4), more(4, 45, 45)), 'protocol.mismatched'],
    ['a key after a key', () => afterAnswer(hello(), more(2, 4), more(4, 45, 45), more(6, 45)), 'protocol.mismatched'],
    ['nothing, and closes', () => serve((socket) => socket.end()), 'protocol.mismatched'],
    ['a greeting, and closes', () => serve((socket) => socket.end(hello())), 'protocol.mismatched'],
    [
      'an end in the sign-in',
      () => serve((socket) => socket.write(hello()) && socket.once('data', () => socket.end())),
      'protocol.mismatched',
    ],
    [
      'settings that it does not know',
      () => afterAnswer(hello(), ok(2), ok(1), failure(1, 1193, 'HY000', 'Unknown system variable')),
      'server.unsupported',
    ],
    [
      'settings that it forgets',
      () => afterAnswer(hello(), ok(2), ok(1), ok(1), answer(['a', 'b'], ['shop', 'reader@%'])),
      'session.writable',
    ],
    ['an answer without rows', () => afterAnswer(hello(), ok(2), ok(1), ok(1), ok(1)), 'session.writable'],
    ['a file to be sent', () => afterAnswer(hello(), ok(2), packet(1, Buffer.from('\xfb/etc/passwd', 'latin1'))), 'protocol.mismatched'],
    ['a restart', () => afterAnswer(hello(), failure(2, 1053, '08S01', 'Server shutdown in progress')), 'server.starting'],
    [
      'an expired password',
      () => afterAnswer(hello(), ok(2), failure(1, 1820, 'HY000', 'You must reset your password')),
      'credential.rejected',
    ],
  ])('that sends %s', async (_, start, code) => {
    const fault = await faultOf(open(await start()));
    expect(fault.code).toBe(code);
    expect(fault.about.detail).not.toMatch(/passwd|HTTP|blocked$/);
    expect(JSON.stringify({ ...fault.about, cause: null })).not.toContain('secret');
  });

  it('that asks for a file is told of as such, and gets none', async () => {
    let said = '';
    const place = await letIn((socket, command) => {
      said += command.toString('latin1');
      socket.write(packet(1, Buffer.from('\xfb/etc/hostname', 'latin1')));
    });
    const session = await open(place);
    const fault = await faultOf(mysql.run(session, { ...reading, timeoutMs: 10_000 }));
    expect(fault).toMatchObject({ code: 'protocol.mismatched', about: { technical: 'file_asked' } });
    expect(said).not.toContain(hostname());
    await session.close();
  });

  it.each(['mysql_native_password', 'caching_sha2_password', 'unheard_of'])(
    'gets no digest of the password that can be misused: %s',
    async (method) => {
      const heard: Buffer[] = [];
      const place = await serve((socket) => {
        socket.write(hello({ method }));
        socket.on('data', (chunk) => {
          heard.push(chunk);
          socket.write(heard.length === 1 ? more(2, 4) : failure(4, 1045, '28000', 'no'));
        });
      });
      const fault = await faultOf(open(...elsewhere(place)));
      expect(fault).toMatchObject({ code: 'auth.unsupported', about: { stage: 'auth', field: 'address.tls' } });
      expect(heard.length).toBe(method === 'caching_sha2_password' ? 1 : 0);
    },
  );

  it('cannot put words before the encryption', async () => {
    const words = [Buffer.from('x'), failure(1, 1045, '28000', 'stuffed'), hello()];
    for (const word of words) {
      const place = await startWith(hello({ ssl: true }), word);
      const fault = await faultOf(open({ ...place, tls: { mode: 'verify-full' } }));
      expect(fault.code).toBe('protocol.mismatched');
      expect(JSON.stringify({ ...fault.about, cause: null })).not.toContain('stuffed');
    }
    expect((await faultOf(open({ ...(await startWith(hello())), tls: { mode: 'verify-full' } }))).code).toBe('tls.unsupported');
  });

  it('cannot flood a statement of ours, and does not fill the memory', async () => {
    const place = await letIn((socket) => {
      socket.write(Buffer.concat([packet(1, Buffer.from([1])), column(2, 'a'), packet(3, Buffer.from([254, 0, 0, 2, 0]))]));
      let number = 4;
      pour(socket, () => row(number++, 'x'.repeat(60_000)));
    });
    const session = await open(place);
    const { held } = await growthDuring(() => expect(session.run('SELECT 1')).rejects.toMatchObject({ code: 'flood' }));
    expect(held).toBeLessThan(64);
    await session.close();
  });

  it('cannot flood a statement of somebody else, nor send columns without end', async () => {
    for (const bytes of [() => row(1, 'x'.repeat(60_000)), () => column(1, 'x'.repeat(1000))]) {
      const place = await letIn((socket) => pour(socket, bytes));
      const session = await open(place);
      const { held } = await growthDuring(() => faultOf(mysql.run(session, { ...reading, timeoutMs: 10_000 })));
      expect(held).toBeLessThan(64);
      await session.close();
    }
  });

  it('cannot hold a statement for ever, ours or another', async () => {
    const session = await open(await letIn(() => undefined, { timeoutMs: 300, maxRows: null }), { timeoutMs: 300 });
    await expect(session.run('SELECT 1')).rejects.toMatchObject({ code: 'stalled' });
    await session.close();
    const other = await open(await letIn(() => undefined));
    expect((await faultOf(mysql.run(other, reading))).code).toBe('statement.expired');
    await other.close();
  });

  it('cannot stall at any stage for longer than its limit', async () => {
    const stages = [[], [hello()], [hello(), ok(2)], [hello(), ok(2), ok(1)], [hello(), more(2, 4)]];
    for (const bytes of stages) {
      const limit = new AbortController();
      setTimeout(() => limit.abort(new Fault('stage.expired', { detail: 'No answer in 0.2 s.' })), 200);
      const [first = Buffer.alloc(0), ...rest] = bytes;
      expect((await faultOf(open(await afterAnswer(first, ...rest), { signal: limit.signal }))).code).toBe('stage.expired');
    }
  });

  it('cannot have long or hidden text kept, nor a password that it was given', async () => {
    const long = `\u001b[2J${'x'.repeat(900)}`;
    const rows = [[long, long, long], ['hunter2 is no identity'], ['1'], ['Ssl_cipher', long], ['Ssl_version', long]];
    const place = await letIn((socket) => {
      const values = rows.shift() ?? [];
      socket.write(
        answer(
          values.map(() => 'a'),
          values.map((value, at) => (rows.length === 4 && at === 0 ? `9.1.0${value}` : value)),
        ),
      );
    });
    const session = await open(place);
    const facts = await mysql.server(session);
    expect(facts.identity).toBeNull();
    expect(facts.encryption).toMatch(/^\P{Cc}{1,100}$/u);
    expect(facts.version).toMatch(/^\P{Cc}{1,80}$/u);
    await session.close();
  });
});
