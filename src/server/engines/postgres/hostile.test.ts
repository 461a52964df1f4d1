import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { makeAuthority, makeServerCertificate } from '../../../../tests/support/certificates.ts';
import { answer, columns, failure, int32, message, ready, row, settings, signedIn } from '../../../../tests/support/fake-postgres.ts';
import { open, type Place } from '../../../../tests/support/open-postgres.ts';
import { Fault } from '../../platform/fault.ts';
import { postgres } from './postgres.ts';
import type { PostgresSession } from './session.ts';

const listeners: Server[] = [];
const sockets = new Set<Socket>();
async function serve(onSocket: (socket: Socket) => void): Promise<Place> {
  const listener = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)));
    onSocket(socket);
  });
  listeners.push(listener.listen(0, '127.0.0.1'));
  await once(listener, 'listening');
  const address = listener.address();
  return { port: typeof address === 'object' && address ? address.port : 0 };
}

/** Lets the client in without a password, then hands each further message of it (by its first byte) to `speak`. */
const afterStart = (speak: (socket: Socket, statement: number) => void) =>
  serve((socket) => {
    let statements = 0;
    socket.once('data', () => {
      socket.write(Buffer.concat([signedIn, ready]));
      socket.on('data', (chunk) => {
        // Sync ends what belongs to one statement.
        if (chunk.includes(message('S'))) speak(socket, statements++);
      });
    });
  });
const startWith = (bytes: Buffer) => serve((socket) => socket.once('data', () => socket.write(bytes)));
/** Goes on for as long as the other side takes it. */
function pour(socket: Socket, bytes: Buffer): void {
  const more = () => {
    while (!socket.destroyed && socket.write(bytes));
  };
  socket.on('drain', more);
  more();
}

const faultOf = (promise: Promise<unknown>): Promise<Fault> =>
  promise.then(
    () => Promise.reject(new Error('nothing failed')),
    (error) => (error instanceof Fault ? error : Promise.reject(error)),
  );

describe('a hostile server', () => {
  afterEach(async () => {
    await expect.poll(() => sockets.size, { timeout: 5000 }).toBe(0);
    for (const listener of listeners.splice(0)) listener.close();
  });
  afterAll(() => {
    for (const socket of sockets) socket.destroy();
  });

  it.each<[string, () => Promise<Place>, string]>([
    ['a torn error message', () => startWith(message('E', 'SFATAL\0Cxx')), 'protocol.mismatched'],
    ['an error message without end', () => startWith(message('E', 'SFATAL')), 'protocol.mismatched'],
    ['an empty error message', () => startWith(message('E')), 'protocol.mismatched'],
    ['a length of nothing', () => startWith(Buffer.from([82, 0, 0, 0, 0])), 'protocol.mismatched'],
    ['a message of two gigabytes', () => startWith(Buffer.from([69, 127, 255, 255, 255])), 'protocol.mismatched'],
    ['an unknown message', () => startWith(message('!')), 'protocol.mismatched'],
    ['noise', () => startWith(Buffer.alloc(4096, 7)), 'protocol.mismatched'],
    ['a web page', () => startWith(Buffer.from('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')), 'protocol.mismatched'],
    ['Kerberos', () => startWith(message('R', int32(7))), 'auth.unsupported'],
    ['SSPI', () => startWith(message('R', int32(9))), 'auth.unsupported'],
    [
      'only SCRAM of another kind',
      () => startWith(message('R', Buffer.concat([int32(10), Buffer.from('SCRAM-SHA-1\0\0')]))),
      'auth.unsupported',
    ],
    [
      'mechanisms without end',
      () => startWith(message('R', Buffer.concat([int32(10), Buffer.from('SCRAM-SHA-256')]))),
      'protocol.mismatched',
    ],
    ['clear text over the wire', () => startWith(message('R', int32(3))), 'auth.unsupported'],
    ['MD5 with half a salt', () => startWith(message('R', int32(5))), 'protocol.mismatched'],
    ['a password after the sign-in', () => startWith(Buffer.concat([signedIn, message('R', int32(3))])), 'protocol.mismatched'],
    ['rows before anything', () => startWith(Buffer.concat([signedIn, ready, row('x')])), 'protocol.mismatched'],
    [
      'a row of less than nothing',
      () => startWith(Buffer.concat([signedIn, message('D', Buffer.from([255, 255]))])),
      'protocol.mismatched',
    ],
    ['a copy', () => startWith(Buffer.concat([signedIn, ready, message('G', Buffer.from([0, 0, 0]))])), 'protocol.mismatched'],
    [
      'endless notices',
      () => serve((socket) => socket.once('data', () => pour(socket, message('N', `SNOTICE\0M${'x'.repeat(10_000)}\0\0`)))),
      'protocol.mismatched',
    ],
    [
      'endless parameters',
      () =>
        serve((socket) => socket.once('data', () => pour(socket, Buffer.concat([signedIn, message('S', `a\0${'x'.repeat(60_000)}\0`)])))),
      'protocol.mismatched',
    ],
    ['nothing, and closes', () => serve((socket) => socket.once('data', () => socket.end())), 'protocol.mismatched'],
    [
      'a close in the sign-in',
      () =>
        serve((socket) =>
          socket.once('data', () => socket.end(message('R', Buffer.concat([int32(10), Buffer.from('SCRAM-SHA-256\0\0')])))),
        ),
      'protocol.mismatched',
    ],
    ['a Supabase pooler without the tenant', () => startWith(failure('XX000', 'Tenant or user not found')), 'tenant.unknown'],
    [
      'a pooler that drops parameters',
      () => startWith(failure('08P01', 'unsupported startup parameter: application_name')),
      'parameter.refused',
    ],
    ['a server that starts', () => startWith(failure('57P03', 'the database system is starting up')), 'server.starting'],
    [
      'a server that forgets settings',
      () => afterStart((socket) => socket.write(answer(['a', 'b', 'c', 'd', 'e'], ['off', 'public', '0', '0', '0']))),
      'session.writable',
    ],
  ])('that sends %s', async (_, start, code) => {
    const fault = await faultOf(open(await start()));
    expect(fault.code).toBe(code);
    expect(fault.about.detail).not.toMatch(/xxx|HTTP/);
  });

  it('cannot leave out its half of SCRAM', async () => {
    const place = await serve((socket) => {
      socket.once(
        'data',
        () =>
          socket.write(message('R', Buffer.concat([int32(10), Buffer.from('SCRAM-SHA-256\0\0')]))).valueOf() &&
          socket.once('data', () => socket.write(Buffer.concat([signedIn, ready]))),
      );
    });
    expect(await faultOf(open(place))).toMatchObject({ code: 'protocol.mismatched', about: { stage: 'auth', technical: 'unproven' } });
  });

  it('cannot make the client count for ever', async () => {
    const place = await serve((socket) => {
      socket.once(
        'data',
        () =>
          socket.write(message('R', Buffer.concat([int32(10), Buffer.from('SCRAM-SHA-256\0\0')]))).valueOf() &&
          socket.once('data', (chunk) => {
            const nonce = /r=([^,\0]+)/.exec(chunk.toString('latin1'))?.[1] ?? '';
            socket.write(message('R', Buffer.concat([int32(11), Buffer.from(`r=${nonce}abc,s=c2FsdA==,i=2000000000`)])));
          }),
      );
    });
    expect(await faultOf(open(place))).toMatchObject({ code: 'auth.unsupported' });
  });

  it.each(['S', 'SX', 'E', 'N', 'NN', 'SSH-2.0', '\0'])('cannot put words before the encryption: %j', async (word) => {
    const place = await serve((socket) =>
      socket.once('data', () => socket.write(word === 'S' ? Buffer.concat([Buffer.from('S'), failure('28000', 'stuffed')]) : word)),
    );
    const fault = await faultOf(open({ ...place, tls: { mode: 'verify-full' } }));
    expect(fault.code).toBe(word === 'N' ? 'tls.unsupported' : 'protocol.mismatched');
    expect(JSON.stringify(fault.about)).not.toContain('stuffed');
  });

  it('cannot flood a statement, and does not fill the memory', async () => {
    const place = await afterStart((socket, statement) => {
      if (statement < 3) socket.write(settings);
      else {
        socket.write(Buffer.concat([message('1'), message('2'), columns('a')]));
        pour(socket, row('x'.repeat(60_000)));
      }
    });
    const session = await open(place);
    const before = process.memoryUsage().rss;
    await expect(session.run('SELECT 1')).rejects.toMatchObject({ code: 'flood' });
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
    await session.close();
  });

  it('cannot have long or hidden text kept, nor a password that it was given', async () => {
    const long = `\u001b[2J${'x'.repeat(900)}`;
    const rows = [['PostgreSQL', long, '150000', 'f', 'hunter2', ''], ['hunter2'], ['t', long, long]];
    const place = await afterStart((socket, statement) =>
      socket.write(statement < 3 ? settings : answer(Array(rows[statement - 3]?.length).fill('a'), rows[statement - 3] ?? [])),
    );
    const session = await open(place);
    const facts = await postgres.server(session);
    expect(facts.identity).toBeNull();
    expect(facts.encryption).toMatch(/^\P{Cc}{1,100}$/u);
    expect(facts.version).toMatch(/^\P{Cc}{1,80}$/u);
    await session.close();
    const said = Object.assign(new Error(), { severity: 'ERROR', code: 'SECRE', routine: 'hunter2' });
    expect(postgres.explain(said, 'read', session.address as never).about.technical).toBe('SQLSTATE unknown');
  });

  it('cannot hold a statement for ever', async () => {
    const session = await open(await afterStart((socket, statement) => statement < 3 && socket.write(settings)), [], undefined, 300);
    await expect(session.run('SELECT 1')).rejects.toMatchObject({ code: 'stalled' });
    await session.close();
  });

  it('cannot confuse what belongs to which statement', async () => {
    const nonsense = [
      Buffer.concat([message('Z', 'I'), message('Z', 'I')]),
      Buffer.concat([row('x'), message('Z', 'I')]),
      Buffer.concat([columns('a'), row('x', 'y'), message('C', 'SELECT 1\0'), message('Z', 'I')]),
      Buffer.concat([failure('57014', 'a'), failure('57014', 'b'), message('Z', 'I')]),
    ];
    for (const bytes of nonsense) {
      const session: PostgresSession = await open(
        await afterStart((socket, statement) => socket.write(statement < 3 ? settings : bytes)),
        [],
        undefined,
        300,
      );
      await session.run('SELECT 1').catch(() => undefined);
      await session.run('SELECT 2').catch(() => undefined);
      await session.close();
    }
  });

  it('cannot hang or end the process with bytes turned at random, in pieces of any size', async () => {
    let state = 7;
    const random = (below: number) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const whole = Buffer.concat([message('N', 'SNOTICE\0Mhello\0\0'), signedIn, ready]);
    const turned = (bytes: Buffer) => {
      const copy = Buffer.from(bytes);
      for (let count = random(3); count > 0; count -= 1) copy[random(copy.length)] = random(256);
      return copy;
    };
    const outcomes = new Set<string>();
    for (let round = 0; round < 150; round += 1) {
      const place = await serve((socket) => {
        let statement = 0;
        socket.once('data', () => {
          const bytes = turned(whole);
          for (let at = 0; at < bytes.length; ) {
            const size = 1 + random(20);
            socket.write(bytes.subarray(at, at + size));
            at += size;
          }
          socket.on(
            'data',
            (chunk) => chunk.includes(message('S')) && socket.write(turned(statement++ < 3 ? settings : answer(['a'], ['1']))),
          );
        });
      });
      const limit = new AbortController();
      const timer = setTimeout(() => limit.abort(new Fault('stage.expired')), 150);
      const session = await open(place, [], limit.signal, 200).catch((error) => error);
      outcomes.add(session instanceof Fault ? session.code : 'opened');
      expect(session instanceof Error && !(session instanceof Fault)).toBe(false);
      if (!(session instanceof Error)) {
        await session.run('SELECT 1').catch(() => undefined);
        await session.close();
      }
      clearTimeout(timer);
    }
    expect(outcomes).toContain('opened');
    expect(outcomes).toContain('protocol.mismatched');
  });

  it('and cancelling at any moment leave no socket and end no process', async () => {
    const authority = await makeAuthority();
    const pair = await makeServerCertificate(authority);
    const secure = createTlsServer({ key: pair.key, cert: pair.cert }, (socket) => {
      socket
        .on('error', () => undefined)
        .once('data', () => setTimeout(() => socket.destroyed || socket.write(Buffer.concat([signedIn, ready])), 2));
      socket.on('data', (chunk) => chunk.includes(message('S')) && socket.write(settings));
    });
    const place = await serve((socket) => {
      socket.once('data', () => {
        socket.write('S');
        secure.emit('connection', socket);
      });
    });
    for (let round = 0; round < 80; round += 1) {
      const cancel = new AbortController();
      setTimeout(() => cancel.abort(new Fault('test.cancelled')), round / 4);
      const opened = await open({ ...place, tls: { mode: 'verify-full', ca: authority.cert } }, [], cancel.signal).catch((error) => error);
      if (opened instanceof Fault) expect(opened.code).toBe('test.cancelled');
      else await opened.close();
    }
  });
});
