import { createServer as createTlsServer } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { makeAuthority, makeServerCertificate } from '../../../../tests/support/certificates.ts';
import { answer, column, hello, letIn, ok, packet, settings } from '../../../../tests/support/fake-mysql.ts';
import { open } from '../../../../tests/support/open-mysql.ts';
import { endAll, openSockets, serve } from '../../../../tests/support/sockets.ts';
import { Fault } from '../../platform/fault.ts';
import { mysql } from './mysql.ts';
import type { MysqlSession } from './session.ts';

const endless = new AbortController().signal;
const reading = { sql: 'SELECT 1', parameters: [], maxRows: 10, maxBytes: 100_000, timeoutMs: 400, signal: endless };

describe('a server that speaks nonsense', () => {
  afterEach(async () => {
    try {
      await expect.poll(openSockets, { timeout: 5000 }).toBe(0);
    } finally {
      endAll();
    }
  });

  it('cannot confuse what belongs to which statement', async () => {
    const nonsense = [
      Buffer.concat([ok(1), ok(2)]),
      Buffer.concat([ok(1), ok(1)]),
      Buffer.concat([packet(1, Buffer.from([250])), column(2, 'a'), ok(3)]),
      packet(1, Buffer.from([255, 21, 4])),
      packet(1, ''),
      answer(['a'], ['x', 'y'], []),
    ];
    for (const bytes of nonsense) {
      const session: MysqlSession = await open(await letIn((socket) => socket.write(bytes), { timeoutMs: 300, maxRows: null }), {
        timeoutMs: 300,
      });
      await session.run('SELECT 1').catch(() => undefined);
      await mysql.run(session, { ...reading, timeoutMs: 100 }).catch(() => undefined);
      await session.close();
    }
  });

  it('cannot hang or end the process with bytes turned at random, in pieces of any size', async () => {
    let state = 7;
    const random = (below: number) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const turned = (bytes: Buffer) => {
      const copy = Buffer.from(bytes);
      for (let count = random(3); count > 0; count -= 1) copy[random(copy.length)] = random(256);
      return copy;
    };
    const outcomes = new Set<string>();
    for (let round = 0; round < 100; round += 1) {
      const place = await serve((socket) => {
        const left = [ok(2), ...settings({ timeoutMs: 200, maxRows: null })];
        const pieces = (bytes: Buffer) => {
          for (let at = 0; at < bytes.length; ) {
            const size = 1 + random(40);
            socket.write(bytes.subarray(at, at + size));
            at += size;
          }
        };
        pieces(turned(hello()));
        socket.on('data', () => pieces(turned(left.shift() ?? answer(['a'], ['1']))));
      });
      const limit = new AbortController();
      const timer = setTimeout(() => limit.abort(new Fault('stage.expired')), 120);
      const session = await open(place, { signal: limit.signal, timeoutMs: 200 }).catch((error) => error);
      outcomes.add(session instanceof Fault ? session.code : 'opened');
      expect(session instanceof Error && !(session instanceof Fault)).toBe(false);
      if (!(session instanceof Error)) {
        await mysql.run(session, { ...reading, timeoutMs: 50 }).catch(() => undefined);
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
      const left = [ok(3), ...settings()];
      socket.on('error', () => undefined).on('data', () => setTimeout(() => socket.destroyed || socket.write(left.shift() ?? ok(1)), 2));
    });
    const place = await serve((socket) => {
      socket.write(hello({ ssl: true }));
      socket.once('data', () => secure.emit('connection', socket));
    });
    for (let round = 0; round < 80; round += 1) {
      const cancel = new AbortController();
      setTimeout(() => cancel.abort(new Fault('test.cancelled')), round / 4);
      const opened = await open({ ...place, tls: { mode: 'verify-full', ca: authority.cert } }, { signal: cancel.signal }).catch(
        (error) => error,
      );
      if (opened instanceof Fault) expect(opened.code).toBe('test.cancelled');
      else await opened.close();
    }
  });
});
