import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Fault } from './fault.ts';
import { createOutbound, type Dial } from './outbound.ts';
import { connectFirst } from './outbound-connect.ts';
import type { NetworkRules } from './outbound-judge.ts';
import type { Lookup } from './outbound-resolve.ts';

const open: NetworkRules = { allow: [], deny: [], loopbackAllowed: true, ownListeners: () => [] };
const servers: Server[] = [];
const sockets: Socket[] = [];
const children: ChildProcess[] = [];

async function listen(host: string): Promise<number> {
  const server = createServer((socket) => socket.end(`hello from ${host}`));
  servers.push(server);
  server.listen(0, host);
  await once(server, 'listening');
  return portOf(server);
}
function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return address.port;
}
async function closedPort(): Promise<number> {
  const port = await listen('127.0.0.1');
  await new Promise((resolve) => servers.pop()?.close(resolve));
  return port;
}
/** The far side of DNS: answers from a list, an answer a call, and counts the calls. */
function answering(...answers: (readonly string[] | Error)[]): Lookup & { calls: string[] } {
  const calls: string[] = [];
  const lookup = async (name: string): Promise<{ address: string }[]> => {
    const answer = answers[calls.push(name) - 1];
    if (answer instanceof Error) throw answer;
    return (answer ?? []).map((address) => ({ address }));
  };
  return Object.assign(lookup, { calls });
}
const failing = (code: string): Error => Object.assign(new Error(`getaddrinfo ${code} password=hunter2`), { code });

/** Dials, and gives what was passed on the way and what came of it. */
async function attempt(
  dial: Dial,
  host: string,
  port: number,
  signal = AbortSignal.timeout(10_000),
): Promise<{ stages: [string, string | null][]; text: string | null; fault: Fault | null }> {
  const stages: [string, string | null][] = [];
  try {
    const socket = await dial(
      { host, port, field: 'address.host' },
      { signal, passed: (stage, evidence) => stages.push([stage, evidence]) },
    );
    sockets.push(socket);
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk);
    return { stages, text: Buffer.concat(chunks).toString(), fault: null };
  } catch (error) {
    return { stages, text: null, fault: error as Fault };
  }
}

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

describe('a dial', () => {
  it('resolves once, judges, connects, and says so', async () => {
    const port = await listen('127.0.0.1');
    const lookup = answering(['127.0.0.1'], ['169.254.169.254']);
    const { stages, text } = await attempt(createOutbound({ ...open, lookup }).dial, 'DB.Example', port);
    expect(text).toBe('hello from 127.0.0.1');
    expect(stages).toEqual([
      ['dns', '1 address: 127.0.0.1'],
      ['network', '127.0.0.1 allowed'],
      ['tcp', `connected to 127.0.0.1:${port}`],
    ]);
    expect(lookup.calls).toEqual(['db.example']);
  });

  it('judges anew at the next dial, when the name leads elsewhere', async () => {
    const port = await listen('127.0.0.1');
    const { dial } = createOutbound({ ...open, lookup: answering(['127.0.0.1'], ['169.254.169.254']) });
    expect((await attempt(dial, 'rebound.example', port)).text).toBe('hello from 127.0.0.1');
    expect((await attempt(dial, 'rebound.example', port)).fault).toMatchObject({ code: 'network.forbidden', about: { stage: 'network' } });
  });

  it('looks nothing up for an address, whatever its spelling', async () => {
    const port = await listen('127.0.0.1');
    const lookup = answering();
    for (const host of ['127.0.0.1', '2130706433', '0x7f.1', '::ffff:127.0.0.1']) {
      const { text, stages } = await attempt(createOutbound({ ...open, lookup }).dial, host, port);
      expect([host, text]).toEqual([host, 'hello from 127.0.0.1']);
      expect(stages[0]).toEqual(['dns', 'the address 127.0.0.1: no name to look up']);
    }
    expect(lookup.calls).toEqual([]);
  });

  it('speaks IPv6', async (context) => {
    const port = await listen('::1').catch(() => context.skip('this machine has no IPv6 loopback'));
    const { text, stages } = await attempt(createOutbound(open).dial, '[::1]', port);
    expect(text).toBe('hello from ::1');
    expect(stages[2]).toEqual(['tcp', `connected to [::1]:${port}`]);
  });

  it('asks the machine’s own resolver', async () => {
    const port = await listen('127.0.0.1');
    expect((await attempt(createOutbound(open).dial, 'localhost', port)).text).toBe('hello from 127.0.0.1');
  });

  it('goes on to the next address when one does not answer, and over those it may not dial', async () => {
    const port = await listen('127.0.0.1');
    const lookup = answering(['10.66.0.1', '127.0.0.2', '127.0.0.1', '127.0.0.1']);
    const { text, stages } = await attempt(createOutbound({ ...open, deny: ['10.0.0.0/8'], lookup }).dial, 'many.example', port);
    expect(text).toBe('hello from 127.0.0.1');
    expect(stages.slice(0, 2)).toEqual([
      ['dns', '3 addresses: 10.66.0.1, 127.0.0.2, 127.0.0.1'],
      ['network', '127.0.0.2, 127.0.0.1 allowed'],
    ]);
  });

  it('tries no more than eight addresses', async () => {
    const port = await listen('127.0.0.1');
    const others = Array.from({ length: 8 }, (_, i) => `127.0.1.${i + 1}`);
    const { fault, stages } = await attempt(
      createOutbound({ ...open, lookup: answering([...others, '127.0.0.1']) }).dial,
      'many.example',
      port,
    );
    expect(fault?.code).toBe('port.refused');
    expect(stages[0]?.[1]).toBe('9 addresses: 127.0.1.1, 127.0.1.2, 127.0.1.3, 127.0.1.4, …');
  });
});

describe('a refusal', () => {
  it('is of the whole name when one of its addresses is never dialled', async () => {
    const port = await listen('127.0.0.1');
    const { fault, stages } = await attempt(
      createOutbound({ ...open, lookup: answering(['127.0.0.1', '::ffff:a9fe:a9fe']) }).dial,
      'mixed.example',
      port,
    );
    expect(fault).toMatchObject({ code: 'network.forbidden', about: { stage: 'network', field: 'address.host' } });
    expect(fault?.message).toBe('mixed.example leads to a cloud metadata service, which Portcullis never dials.');
    expect(stages.map(([stage]) => stage)).toEqual(['dns']);
  });

  it('of loopback says what localhost means and which setting allows it', async () => {
    const port = await listen('127.0.0.1');
    const { fault } = await attempt(createOutbound({ ...open, loopbackAllowed: false }).dial, 'localhost', port);
    expect(fault?.code).toBe('network.forbidden');
    expect(fault?.message).toContain('localhost means the server that Portcullis runs on');
    expect(fault?.about.tryThis?.join()).toContain('PORTCULLIS_ALLOW_NETWORKS');
  });

  it('keeps us from our own listeners, also when they listen on every address', async () => {
    const port = await listen('0.0.0.0');
    for (const host of ['0.0.0.0', '127.0.0.1', '::'])
      expect(
        (await attempt(createOutbound({ ...open, ownListeners: () => [{ host, port }] }).dial, '127.0.0.1', port)).fault,
      ).toMatchObject({
        code: 'network.forbidden',
      });
    expect(
      (await attempt(createOutbound({ ...open, ownListeners: () => [{ host: '0.0.0.0', port: port + 1 }] }).dial, '127.0.0.1', port)).text,
    ).toBe('hello from 0.0.0.0');
  });

  it('never passes on what the resolver says that is not an address', async () => {
    const { fault } = await attempt(createOutbound({ ...open, lookup: answering(['/var/run/db.sock']) }).dial, 'odd.example', 5432);
    expect(fault?.code).toBe('network.forbidden');
  });
});

describe('a failure', () => {
  it.each([
    ['ENOTFOUND', 'host.unresolved'],
    ['ENODATA', 'host.unresolved'],
    ['EAI_AGAIN', 'resolver.unavailable'],
    ['EAI_FAIL', 'resolver.unavailable'],
    ['ETIMEOUT', 'resolver.unavailable'],
  ])('of the lookup by %s is %s, without the text of the error', async (code, expected) => {
    const { fault, stages } = await attempt(createOutbound({ ...open, lookup: answering(failing(code)) }).dial, 'db.example', 5432);
    expect(fault).toMatchObject({ code: expected, about: { stage: 'dns', field: 'address.host', technical: code } });
    expect(fault?.about.retryable ?? false).toBe(expected === 'resolver.unavailable');
    expect(JSON.stringify([fault?.message, { ...fault?.about, cause: null }])).not.toContain('hunter2');
    expect(stages).toEqual([]);
  });

  it('of a name with no address, or of what is no name, is host.unresolved', async () => {
    const { dial } = createOutbound({ ...open, lookup: answering([]) });
    expect((await attempt(dial, 'empty.example', 5432)).fault).toMatchObject({ code: 'host.unresolved', about: { stage: 'dns' } });
    expect((await attempt(dial, 'user@host', 5432)).fault?.message).toBe('This is neither a host name nor an IP address.');
  });

  it('to connect to a closed port is port.refused, at the port', async () => {
    const { fault, stages } = await attempt(createOutbound(open).dial, '127.0.0.1', await closedPort());
    expect(fault).toMatchObject({ code: 'port.refused', about: { stage: 'tcp', field: 'address.port', technical: 'ECONNREFUSED' } });
    expect(stages.map(([stage]) => stage)).toEqual(['dns', 'network']);
  });
});

describe('an address without a way to it', () => {
  it('is host.unreachable', async () => {
    // No machine has a way to the broadcast address by TCP; the guard would not let it through, so this asks past it.
    const to = { host: 'db.example', port: 5432, field: 'address.host' };
    const coming = connectFirst(to, ['255.255.255.255'], AbortSignal.timeout(10_000));
    await expect(coming).rejects.toMatchObject({ code: 'host.unreachable', about: { stage: 'tcp', field: 'address.host' } });
  });
});

describe('an address that drops packets', () => {
  it('does not keep from the next one, and leaves no socket', async () => {
    const full = await fullListener();
    const server = createServer((socket) => socket.end('hello from the second'));
    servers.push(server.listen(full.port, '127.0.0.2'));
    await once(server, 'listening');
    const before = tcpHandles();
    const lookup = answering(['127.0.0.1', '127.0.0.2']);
    const { text } = await attempt(createOutbound({ ...open, lookup }).dial, 'many.example', full.port, AbortSignal.timeout(5000));
    expect(text).toBe('hello from the second');
    await expect.poll(tcpHandles).toBe(before);
  });
});

describe('the signal', () => {
  const reason = new Error('enough');

  it('ends a lookup that never answers, at once', async () => {
    const ending = new AbortController();
    const coming = attempt(createOutbound({ ...open, lookup: () => new Promise(() => {}) }).dial, 'slow.example', 5432, ending.signal);
    setTimeout(() => ending.abort(reason), 20);
    expect((await coming).fault).toBe(reason);
  });

  it('ends a connect that never answers, and leaves no socket', async () => {
    const full = await fullListener();
    const ending = new AbortController();
    const before = tcpHandles();
    const coming = attempt(createOutbound(open).dial, '127.0.0.1', full.port, ending.signal);
    setTimeout(() => ending.abort(reason), 100);
    expect((await coming).fault).toBe(reason);
    await expect.poll(tcpHandles).toBe(before);
  });

  it('that is aborted already lets nothing start', async () => {
    const lookup = answering(['127.0.0.1']);
    expect((await attempt(createOutbound({ ...open, lookup }).dial, 'db.example', 5432, AbortSignal.abort(reason))).fault).toBe(reason);
    expect(lookup.calls).toEqual([]);
  });

  it('has no hold on a socket once it is handed over', async () => {
    const server = createServer((socket) => setTimeout(() => socket.end('late'), 60));
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const ending = new AbortController();
    const coming = attempt(createOutbound(open).dial, '127.0.0.1', portOf(server), ending.signal);
    setTimeout(() => ending.abort(reason), 30);
    expect((await coming).text).toBe('late');
  });
});

const tcpHandles = (): number => process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP')).length;

/** A port on which nothing answers: its process stands still and the kernel's queue for it is full. */
async function fullListener(): Promise<{ port: number }> {
  const script =
    "const s = require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(s.address().port))";
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [line] = await once(child.stdout, 'data');
  const port = Number(String(line));
  child.kill('SIGSTOP');
  for (let i = 0; i < 4; i++) sockets.push(connect({ port, host: '127.0.0.1' }).on('error', () => {}));
  await new Promise((resolve) => setTimeout(resolve, 100));
  return { port };
}
