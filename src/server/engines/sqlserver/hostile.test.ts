import { beforeAll, describe, expect, it } from 'vitest';
import { makeAuthority, makeServerCertificate } from '../../../../tests/support/certificates.ts';
import { type Play, startHostileServer } from '../../../../tests/support/hostile-server.ts';
import { growthDuring } from '../../../../tests/support/memory.ts';
import { openSqlServer, readingOf, withStandIn } from '../../../../tests/support/open-sqlserver.ts';
import { loggedIn, message, packets, preloginAnswer, table } from '../../../../tests/support/tds-messages.ts';
import { afterOpening, deeds, firstStatementPlays, floods, signInPlays } from '../../../../tests/support/tds-plays.ts';
import { type Asked, settled, startStandIn } from '../../../../tests/support/tds-stand-in.ts';
import type { Tls } from '../../../contract/engines.ts';
import { Fault } from '../../platform/fault.ts';
import { loadDriver } from './session.ts';
import { sqlserver } from './sqlserver.ts';

const PASSWORD = 'correct horse battery staple';
const MOST_MEGABYTES = 64;
/** Milliseconds that an opening may take: little where the server stalls for ever, much where it must end at once by itself. */
const limitOf = (stalls: boolean | undefined): number => (stalls ? 500 : 8000);
/** How much longer it may seem on a machine that many share. */
const SLACK = 4000;

// So that no limit of a test is used up by it.
beforeAll(loadDriver);

const faultOf = (promise: Promise<unknown>): Promise<Fault> =>
  promise.then(
    () => Promise.reject(new Error('nothing failed')),
    (fault) => (fault instanceof Fault ? fault : Promise.reject(fault)),
  );
/** Sockets of this process; the listener of a hostile server is not one. */
const sockets = (): number =>
  process.getActiveResourcesInfo().filter((name) => /^(TCPSocketWrap|TLSWrap|TCPConnectWrap)$/.test(name)).length;

/** Plays, opens a session, does `work` in it, and holds what is true of every fault: it is clear, holds no word of the server, leaves no socket, and did not fill the memory. */
async function suffer(play: Play, work: (port: number, signal: AbortSignal) => Promise<unknown>, stalls?: boolean): Promise<Fault> {
  const most = limitOf(stalls);
  const server = await startHostileServer(play);
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new Fault('stage.expired', { detail: `No answer in ${most} ms.` })), most);
  try {
    let fault: Fault | undefined;
    const begun = performance.now();
    const { resident } = await growthDuring(async () => {
      fault = await faultOf(work(server.port, limit.signal));
    });
    expect(performance.now() - begun).toBeLessThan(most + SLACK);
    expect(resident).toBeLessThan(MOST_MEGABYTES);
    expect(fault?.message).toMatch(/^[A-Z0-9].{10,}\.$/u);
    const told = JSON.stringify([{ ...fault?.about, cause: null }, fault?.message]);
    expect(told).not.toMatch(/hunter2|xxxx|HTTP\/|OpenSSH|evil/);
    expect(told).not.toContain(PASSWORD);
    await expect.poll(() => server.open(), { timeout: 5000 }).toBe(0);
    await expect.poll(sockets, { timeout: 5000 }).toBe(0);
    return fault ?? new Fault('internal.failed');
  } finally {
    clearTimeout(timer);
    await server.close();
  }
}

const opens = (tls: Tls) => (port: number, signal: AbortSignal) =>
  openSqlServer({ port, password: PASSWORD, signal, tls, timeoutMs: 200 }).then((session) => session.close());

describe('a hostile server', () => {
  it.each([...signInPlays, ...firstStatementPlays])('that $name', async ({ play, codes, stalls }) => {
    expect(codes).toContain((await suffer(play, opens({ mode: 'disable' }), stalls)).code);
  });

  const insteadOfHands =
    (...words: readonly (Buffer | string)[]): Play =>
    async (talk) => {
      await talk.next();
      await talk.say(preloginAnswer(1));
      await talk.next();
      await talk.say(...words);
      await talk.over;
    };
  it.each<[string, Play, string]>([
    ['says nothing to the handshake', insteadOfHands(), 'stage.expired'],
    ['closes in the handshake', async (talk) => talk.next().then(() => talk.say(preloginAnswer(1))), 'protocol.mismatched'],
    ['shakes hands outside of packets', insteadOfHands(Buffer.from([22, 3, 3, 0, 4, 14, 0, 0, 0])), 'protocol.mismatched'],
    ['says noise in the handshake', insteadOfHands(packets(18, Buffer.alloc(4000, 7))), 'tls.incompatible'],
    ['is a web server in the handshake', insteadOfHands(packets(18, Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'))), 'tls.incompatible'],
    [
      'shakes hands without end',
      async (talk) => {
        await talk.next();
        await talk.say(preloginAnswer(1));
        // A message of the handshake that goes on and on.
        await talk.say(packets(18, Buffer.concat([Buffer.from([22, 3, 3, 64, 0, 11, 255, 255, 255]), Buffer.alloc(16_380)])));
        await talk.flood(packets(18, Buffer.concat([Buffer.from([22, 3, 3, 64, 0]), Buffer.alloc(16_384)])));
      },
      'protocol.mismatched',
    ],
  ])('that %s', async (_, play, code) => {
    const fault = await suffer(play, opens({ mode: 'verify-full' }), code === 'stage.expired');
    // How far a nonsense gets depends on the library below.
    expect([code, 'tls.failed', 'tls.incompatible']).toContain(fault.code);
    expect(fault.about.stage ?? 'tls').toBe('tls');
  });

  // One long value is no fault there: it is cut, see below.
  it.each(deeds.filter(({ name }) => !name.includes('value')))('that $name to a statement', async ({ play, codes }) => {
    const fault = await suffer(afterOpening(play), async (port, signal) => {
      const session = await openSqlServer({ port, password: PASSWORD, signal });
      try {
        return await sqlserver.run(session, readingOf('SELECT 1', { timeoutMs: 200 }));
      } finally {
        await session.close();
      }
    });
    expect([...codes, 'statement.expired', 'statement.refused', 'statement.failed', 'database.failed', 'protocol.mismatched']).toContain(
      fault.code,
    );
  });

  it.each(floods)('that sends %s without end to a statement is cut at its limit', async (_, play) => {
    const server = await startHostileServer(afterOpening(play));
    try {
      const { resident } = await growthDuring(async () => {
        const session = await openSqlServer({ port: server.port, password: PASSWORD });
        const { truncated, bytes } = await sqlserver.run(session, readingOf('SELECT 1', { maxRows: 10_000, maxBytes: 4_000_000 }));
        expect(truncated).toBe(true);
        expect(bytes).toBeLessThanOrEqual(4_000_000);
        await session.close();
      });
      expect(resident).toBeLessThan(MOST_MEGABYTES);
      await expect.poll(() => server.open(), { timeout: 5000 }).toBe(0);
    } finally {
      await server.close();
    }
  });

  it('that sends a catalogue without end', async () => {
    const names = ['id', 'schema', 'name', 'kind', 'rows', 'readable', 'side', 'column'];
    const whole = table(names, [[1, 'dbo', 'x'.repeat(2000), 'table', 1n, 1, null, null]]);
    const begin = whole.subarray(0, whole.indexOf(0xd1));
    const again = whole.subarray(whole.indexOf(0xd1), -13);
    const part = (payload: Buffer) => packets(4, payload, 32_000, false);
    const play = afterOpening((talk) => talk.say(part(begin)).then(() => talk.flood(part(again))));
    const server = await startHostileServer(play);
    try {
      let facts = 0;
      const { held } = await growthDuring(async () => {
        const session = await openSqlServer({ port: server.port, password: PASSWORD });
        const reading = (async () => {
          for await (const batch of sqlserver.facts(session, new AbortController().signal)) facts += batch.facts.length;
        })();
        await expect(reading).rejects.toMatchObject({ code: 'database.failed', message: 'The catalogue is larger than Portcullis reads.' });
        await session.close();
      });
      expect(facts).toBeGreaterThan(1000);
      expect(held).toBeLessThan(MOST_MEGABYTES);
      await expect.poll(() => server.open(), { timeout: 5000 }).toBe(0);
    } finally {
      await server.close();
    }
  }, 60_000);

  it('that turns single bytes of a good talk ends in a fault or is not noticed, and never ends the process', async () => {
    let state = 7;
    const random = (most: number) => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return state % most;
    };
    const outcomes = new Set<string>();
    for (let round = 0; round < 150; round++) {
      const turned = (bytes: Buffer): Buffer => {
        const copy = Buffer.from(bytes);
        for (let left = random(3); left > 0; left--) copy[random(copy.length)] = random(256);
        return copy;
      };
      const server = await startHostileServer(async (talk) => {
        await talk.next();
        await talk.say(turned(preloginAnswer(2)));
        await talk.next();
        await talk.say(turned(message(loggedIn('shop'))));
        for (let statement = 0; await talk.next(); statement++)
          await talk.say(
            turned(
              message(
                statement < 2
                  ? settled('shop')
                  : table(
                      ['a', 'b'],
                      [
                        [1, 'x'],
                        [2, null],
                      ],
                    ),
              ),
            ),
          );
      });
      const limit = new AbortController();
      const timer = setTimeout(() => limit.abort(new Fault('stage.expired')), 150);
      const session = await openSqlServer({ port: server.port, signal: limit.signal, timeoutMs: 150 }).catch((error) => error);
      outcomes.add(session instanceof Fault ? session.code : 'opened');
      expect(session instanceof Error && !(session instanceof Fault)).toBe(false);
      if (!(session instanceof Error)) {
        await sqlserver.run(session, readingOf('SELECT 1', { timeoutMs: 100 })).catch((error) => expect(error).toBeInstanceOf(Fault));
        await session.close();
      }
      clearTimeout(timer);
      await server.close();
    }
    expect(outcomes).toContain('opened');
    expect(outcomes).toContain('protocol.mismatched');
  }, 120_000);

  it('and cancelling at any moment leave no socket and end no process', async () => {
    const authority = await makeAuthority();
    const standIn = await startStandIn({ pair: await makeServerCertificate(authority) });
    for (let round = 0; round < 80; round++) {
      const cancel = new AbortController();
      setTimeout(() => cancel.abort(new Fault('test.cancelled')), round / 4);
      const tls = { mode: 'verify-full', ca: authority.cert } as const;
      const opened = await openSqlServer({ port: standIn.port, tls, signal: cancel.signal }).catch((error) => error);
      if (opened instanceof Error) expect(opened).toMatchObject({ code: 'test.cancelled' });
      else await opened.close();
    }
    await expect.poll(() => standIn.open(), { timeout: 5000 }).toBe(0);
    await standIn.close();
  });

  it('and ending at any moment of a statement end no process', async () => {
    const rows = table(
      ['a'],
      Array.from({ length: 300 }, (_, at) => [at]),
    );
    const answer = (asked: Asked) => (asked.text.includes('sp_executesql') ? rows : undefined);
    for (let round = 0; round < 40; round++)
      await withStandIn({ answer }, async (session) => {
        const asker = new AbortController();
        const asked = sqlserver
          .run(session, readingOf('SELECT 1', { signal: asker.signal, maxRows: 1 + (round % 7) * 50 }))
          .catch((error) => error);
        setTimeout(() => (round % 2 === 0 ? asker.abort() : session.end(new Error('ended'))), round / 8);
        await asked;
      });
  });
});
