import { afterEach, describe, expect, it } from 'vitest';
import { type HostileServer, type Play, startHostileServer } from '../../../../tests/support/hostile-server.ts';
import { growthDuring } from '../../../../tests/support/memory.ts';
import { openOracle, type Passed } from '../../../../tests/support/open-oracle.ts';
import { writeColumns } from '../../../../tests/support/oracle-answer.ts';
import { Writer } from '../../../../tests/support/oracle-bytes.ts';
import { acceptance, type OracleDouble, packetOf, refusal, startOracleDouble } from '../../../../tests/support/oracle-double.ts';
import { paperAnswer } from '../../../../tests/support/oracle-paper.ts';
import { ora } from '../../../../tests/support/oracle-values.ts';
import { Fault } from '../../platform/fault.ts';
import { oracle } from './oracle.ts';

const servers: HostileServer[] = [];
const doubles: OracleDouble[] = [];
async function play(what: Play): Promise<HostileServer> {
  const server = await startHostileServer(what);
  servers.push(server);
  return server;
}
/** Says it in answer to the connect packet, and keeps the line open. */
const saying =
  (...parts: Buffer[]): Play =>
  async (talk) => {
    await talk.next();
    await talk.say(Buffer.concat(parts));
    await talk.over;
  };
/** Accepts, and says it in answer to the first call. */
const calling =
  (...parts: Buffer[]): Play =>
  async (talk) => {
    await talk.next();
    await talk.say(acceptance());
    await talk.next();
    await talk.say(Buffer.concat(parts));
    await talk.over;
  };
const data = (body: Buffer, flags = 0): Buffer => packetOf(6, Buffer.concat([Buffer.from([flags >> 8, flags & 255]), body]), true);
const redirect = (text: string, flags = 0): Buffer => {
  const said = Buffer.from(text);
  return packetOf(5, Buffer.concat([Buffer.from([said.length >> 8, said.length & 255]), said]), false, flags);
};
const changed = (packet: Buffer, at: number, ...values: number[]): Buffer => {
  const copy = Buffer.from(packet);
  values.forEach((value, index) => {
    copy[at + index] = value;
  });
  return copy;
};
const faultOf = (promise: Promise<unknown>): Promise<Fault> =>
  promise.then(
    () => Promise.reject(new Error('nothing failed')),
    (error) => (error instanceof Fault ? error : Promise.reject(error)),
  );
/** Listeners and connections of this process, but for what was there before. */
const handles = (): string[] => process.getActiveResourcesInfo().filter((name) => /TCP|TLS/.test(name));

afterEach(async () => {
  await expect.poll(() => [...servers, ...doubles].reduce((sum, server) => sum + server.open(), 0), { timeout: 5000 }).toBe(0);
  await Promise.all([...servers.splice(0), ...doubles.splice(0)].map((server) => server.close()));
  await expect.poll(handles, { timeout: 5000 }).toEqual([]);
});

describe('a hostile listener', () => {
  const deep = `(DESCRIPTION=${'('.repeat(60_000)}`;
  it.each<[string, Play, string]>([
    ['a refusal of nonsense', saying(refusal('\0\x01\xff hunter2 )))(((=')), 'protocol.mismatched'],
    ['a refusal of parentheses', saying(refusal(deep)), 'protocol.mismatched'],
    ['a refusal with a number that is none', saying(refusal('(DESCRIPTION=(ERR=99999999999))')), 'protocol.mismatched'],
    ['a refusal in two packets', saying(refusal(''), packetOf(6, Buffer.from('\0\0(DESCRIPTION=(ERR=12514))'))), 'database.unknown'],
    ['half a refusal', saying(packetOf(4, Buffer.from([1, 2]))), 'protocol.mismatched'],
    ['a web page', saying(Buffer.from('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\nhunter2')), 'protocol.mismatched'],
    ['the greeting of another service', saying(Buffer.from('SSH-2.0-OpenSSH_9.2p1 hunter2\r\n')), 'protocol.mismatched'],
    ['noise', saying(Buffer.alloc(4096, 7)), 'protocol.mismatched'],
    ['zeros', saying(Buffer.alloc(64)), 'protocol.mismatched'],
    ['a length of nothing', saying(Buffer.from([0, 1, 0, 0, 2, 0, 0, 0])), 'protocol.mismatched'],
    ['a packet of an answer before anything', saying(data(Buffer.from('hunter2'))), 'protocol.mismatched'],
    ['half an acceptance', saying(packetOf(2, Buffer.alloc(10))), 'protocol.mismatched'],
    ['an acceptance of compression', saying(changed(acceptance(), 40, 0x88)), 'protocol.mismatched'],
    ['an acceptance of a version that is none', saying(changed(acceptance(), 8, 255, 255)), 'protocol.mismatched'],
    ['an acceptance with packets of no size', saying(changed(acceptance(), 32, 0, 0, 0, 0)), 'protocol.mismatched'],
    ['an acceptance and words behind it', saying(acceptance(), data(Buffer.from('hunter2'))), 'protocol.mismatched'],
    ['a wish for new encryption where there is none', saying(packetOf(11, Buffer.alloc(0), false, 0x08)), 'protocol.mismatched'],
    [
      'a wish to hear it again, without end',
      async (talk) => {
        while (await talk.next()) await talk.say(packetOf(11, Buffer.alloc(0)));
      },
      'protocol.mismatched',
    ],
    ['compressed words', calling(data(Buffer.from('hunter2'), 0x400)), 'protocol.mismatched'],
    ['a packet of two gigabytes', calling(Buffer.from([127, 255, 255, 255, 6, 0, 0, 0])), 'protocol.mismatched'],
    ['a packet of another kind', calling(packetOf(2, Buffer.alloc(40), true)), 'protocol.mismatched'],
    ['an unknown message', calling(data(Buffer.from([99, 1, 2, 3]))), 'protocol.mismatched'],
    ['a message that never ends', calling(data(Buffer.from([1, 6, 0, ...Buffer.alloc(200, 65)]))), 'protocol.mismatched'],
    [
      'an error of four gigabytes',
      calling(data(Buffer.from([4, ...Buffer.alloc(60, 4), 254, 4, 255, 255, 255, 255]))),
      'protocol.mismatched',
    ],
    ['nothing, and closes', async (talk) => talk.next(), 'protocol.mismatched'],
    [
      'an acceptance, and closes',
      async (talk) => {
        await talk.next();
        await talk.say(acceptance());
      },
      'protocol.mismatched',
    ],
    [
      'packets without end',
      async (talk) => {
        await talk.next();
        await talk.say(acceptance());
        await talk.next();
        await talk.flood(data(Buffer.from([1])));
      },
      'protocol.mismatched',
    ],
    [
      'bytes without end',
      async (talk) => {
        await talk.next();
        await talk.say(acceptance());
        await talk.next();
        await talk.flood(data(Buffer.concat([Buffer.from([1, 6, 0]), Buffer.alloc(8000, 65)])));
      },
      'protocol.mismatched',
    ],
  ])('that sends %s', async (_, what, code) => {
    const server = await play(what);
    const { held } = await growthDuring(async () => {
      const fault = await faultOf(openOracle({ port: server.port }));
      expect(fault.code).toBe(code);
      expect(JSON.stringify([fault.message, { ...fault.about, cause: null }])).not.toMatch(/hunter2|OpenSSH|HTTP/);
      expect(fault.message).toMatch(/^[A-Z0-9].{10,}\.$/u);
    });
    expect(held).toBeLessThan(64);
  });

  it.each([
    ['an address', (port: number) => redirect(`(ADDRESS=(PROTOCOL=TCP)(HOST=127.0.0.1)(PORT=${port}))`)],
    [
      'a whole descriptor',
      (port: number) =>
        redirect(`(DESCRIPTION=(ADDRESS=(PROTOCOL=TCP)(HOST=127.0.0.1)(PORT=${port}))(HTTPS_PROXY=127.0.0.1))\0(CONNECT_DATA=)`, 0x02),
    ],
    [
      'an address in a packet of its own',
      (port: number) =>
        Buffer.concat([
          packetOf(5, Buffer.from([0, 9])),
          packetOf(6, Buffer.from(`\0\0(ADDRESS=(PROTOCOL=TCP)(HOST=127.0.0.1)(PORT=${port}))`)),
        ]),
    ],
  ])('that redirects to %s leads nowhere, and it is told what to do', async (_, packet) => {
    const target = await play(async (talk) => talk.over);
    const server = await play(async (talk) => {
      await talk.next();
      await talk.say(packet(target.port));
      await talk.over;
    });
    const passed: Passed = [];
    const fault = await faultOf(openOracle({ port: server.port }, passed));
    expect(fault).toMatchObject({
      code: 'network.forbidden',
      about: { stage: 'database', field: 'address.host', technical: 'redirected' },
    });
    expect(fault.about.tryThis?.join(' ')).toMatch(/instance’s own listener.*SCAN/s);
    expect(passed.at(-1)).toEqual(['auth', 'Not asked for: the listener refused before', 'skipped']);
    expect(target.heard()).toHaveLength(0);
    expect(server.heard().toString('latin1')).not.toContain('127.0.0.1\0');
  });

  it('that falls silent ends the sign-in within its limit, wherever it does', async () => {
    const stages = ['connect', 'protocol', 'types', '118', '115', '94'];
    const begun = performance.now();
    const faults = await Promise.all(
      stages.map(async (silentAt) => {
        const double = await startOracleDouble({ answer: paperAnswer(), silentAt });
        doubles.push(double);
        return faultOf(openOracle({ port: double.port }, [], undefined, 3000));
      }),
    );
    for (const fault of faults) expect(fault).toMatchObject({ code: 'host.unanswering', about: { stage: 'auth', retryable: true } });
    expect(performance.now() - begun).toBeLessThan(16_000 + 5000);
  });
});

describe('a hostile server', () => {
  const column = { cols: [{ name: 'X', type: ora.NUMBER }], rows: [[1]] };
  const rowBytes = Buffer.from([7, 2, 0xc1, 2]);
  const header = new Writer().u8(6, 0).ub(1, 0, 1, 0, 0, 0).bytes;
  const pouring = async (pours: Buffer, cols: readonly { name: string; type: number }[] = column.cols) => {
    const double = await startOracleDouble({ answer: paperAnswer([[/FROM app\.t\b/, { cols, rows: [] }]]), pours });
    doubles.push(double);
    return openOracle({ port: double.port });
  };
  const reading = {
    sql: 'SELECT x FROM app.t',
    parameters: [],
    maxRows: 100,
    maxBytes: 10_000_000,
    timeoutMs: 5000,
    signal: new AbortController().signal,
  };
  const nothing = { rows: [], truncated: true, limit: 'bytes' };

  it('that sends rows without end', async () => {
    const session = await pouring(Buffer.concat([header, ...Array.from({ length: 1900 }, () => rowBytes)]));
    const { held } = await growthDuring(async () => {
      expect(await oracle.run(session, reading)).toMatchObject(nothing);
    });
    expect(held).toBeLessThan(64);
    expect(session.usable).toBe(false);
    await session.close();
  });
  it('that says of a thousand columns that they are as in the row before, without end', async () => {
    const cols = Array.from({ length: 1000 }, (_, at) => ({ name: `C${at}`, type: ora.NUMBER }));
    const same = Buffer.concat([new Writer().u8(21).ub(1000).bytes, Buffer.alloc(125), Buffer.from([7])]);
    const session = await pouring(Buffer.concat(Array.from({ length: 60 }, () => same)), cols);
    const { held } = await growthDuring(async () => {
      expect(await oracle.run(session, reading)).toMatchObject(nothing);
    });
    expect(held).toBeLessThan(64);
    await session.close();
  });
  it.each([
    ['a value of two gigabytes', Buffer.concat([header, Buffer.from([7, 254, 4, 127, 255, 255, 255]), Buffer.alloc(7000, 65)])],
    ['a value of a megabyte, and one more', Buffer.concat([header, Buffer.from([7, 254, 3, 15, 255, 255]), Buffer.alloc(7000, 65)])],
    ['what is no answer', Buffer.from([99, 98, 97])],
  ])('that begins %s, without end', async (_, pours) => {
    const session = await pouring(pours);
    const { held } = await growthDuring(async () => {
      const answer = await oracle.run(session, reading).catch((error: unknown) => error);
      if (answer instanceof Error) expect(answer).toMatchObject({ code: 'protocol.mismatched' });
      else expect(answer).toMatchObject(nothing);
    });
    expect(held).toBeLessThan(64);
    expect(session.usable).toBe(false);
    await session.close();
  });
  it('that tells of columns without end', async () => {
    const many = writeColumns(new Writer(), [{ name: 'X', type: ora.NUMBER }]).bytes;
    // Four billion of them.
    const columns = Buffer.concat([many.subarray(0, 2), Buffer.from([0, 2, 15, 160, 4, 255, 255, 255, 255, 1]), Buffer.alloc(7000, 0)]);
    const session = await pouring(columns);
    const { held } = await growthDuring(async () => {
      await oracle.run(session, reading).catch((error) => expect(error).toBeInstanceOf(Fault));
    });
    expect(held).toBeLessThan(64);
    await session.close();
  });
});
