import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type HostileServer, type Play, startHostileServer } from '../../../tests/support/hostile-server.ts';
import { makeSshKeys } from '../../../tests/support/ssh-keys.ts';
import { type SshServerOptions, startSshServer } from '../../../tests/support/ssh-server.ts';
import { byPassword, startEcho, tunnelOver } from '../../../tests/support/tunnel.ts';
import { Fault } from './fault.ts';

const keys = makeSshKeys();
const late = new Fault('stage.expired', { stage: 'tunnel' });
const ends: (() => Promise<unknown>)[] = [];
let echo: Awaited<ReturnType<typeof startEcho>>;

beforeAll(async () => {
  echo = await startEcho();
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});
afterAll(() => echo.stop());

/** How a dial over the server ends when whoever waits gives it so long; afterwards no socket may be left. */
async function ending(server: { port: number; open(): number }, ms: number): Promise<Fault> {
  const place = { host: '127.0.0.1', port: server.port, user: 'tunnel', hostKeySha256: keys.sha256 };
  const tunnel = tunnelOver(place, byPassword('secret'));
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(late), ms);
  const fault = await tunnel.dial({ host: '127.0.0.1', port: echo.port, field: 'address.host' }, { signal: limit.signal }).then(
    () => new Error('it went through'),
    (error: unknown) => error,
  );
  clearTimeout(timer);
  await tunnel.close();
  await expect.poll(() => server.open()).toBe(0);
  return fault as Fault;
}

const hostile = async (play: Play): Promise<HostileServer> => {
  const server = await startHostileServer(play);
  ends.push(() => server.close());
  return server;
};
const greeting = 'SSH-2.0-OpenSSH_9.9\r\n';

describe('an SSH server that is none, or not a good one', () => {
  test.each<[string, Play, string]>([
    ['another protocol', async (talk) => talk.say('HTTP/1.1 400 Bad Request\r\n\r\n'), 'protocol.mismatched'],
    ['closes at once', async () => undefined, 'protocol.mismatched'],
    ['resets', async (talk) => talk.reset(), 'tunnel.lost or protocol.mismatched'],
    ['nonsense behind its greeting', async (talk) => talk.say(greeting, Buffer.alloc(5000, 0x41)), 'protocol.mismatched'],
    ['lines before a greeting that never comes', async (talk) => talk.flood('welcome to the machine\r\n'), 'protocol.mismatched'],
    ['one line without end', async (talk) => talk.flood('a'), 'protocol.mismatched'],
    ['version 1 of the protocol', async (talk) => talk.say('SSH-1.5-old\r\n'), 'protocol.mismatched'],
  ])('%s', async (_, play, code) => {
    expect(code.split(' or ')).toContain((await ending(await hostile(play), 8000)).code);
  });

  test.each<[string, Play]>([
    ['says nothing', async (talk) => talk.over],
    ['greets and stops', async (talk) => talk.say(greeting).then(() => talk.over)],
    ['greets a letter at a time', async (talk) => talk.drip(Buffer.from(greeting.repeat(40)), 60)],
  ])('%s: it ends when whoever waits says so', async (_, play) => {
    expect(await ending(await hostile(play), 400)).toBe(late);
  });

  test.each<[string, SshServerOptions]>([
    ['never answers the sign-in', { silentSignIn: true }],
    ['never answers what it is asked to connect to', { forwarding: 'silent' }],
  ])('%s: it ends when whoever waits says so', async (_, options) => {
    const server = await startSshServer({ password: 'secret', hostKey: keys, ...options });
    ends.push(() => server.stop());
    expect(await ending(server, 1500)).toBe(late);
  });

  test('a key that it shows but does not own: nothing of the login is sent', async () => {
    const server = await startSshServer({ password: 'secret', hostKey: keys, impostor: makeSshKeys() });
    ends.push(() => server.stop());
    expect([(await ending(server, 8000)).code, server.tried]).toEqual(['protocol.mismatched', []]);
  });

  test('endless requests behind the sign-in: it is not listened to any longer', async () => {
    const server = await startSshServer({ password: 'secret', hostKey: keys, chatter: true });
    ends.push(() => server.stop());
    const before = process.memoryUsage().rss;
    const place = { host: '127.0.0.1', port: server.port, user: 'tunnel', hostKeySha256: keys.sha256 };
    const tunnel = tunnelOver(place, byPassword('secret'));
    const socket = await tunnel.dial({ host: '127.0.0.1', port: echo.port, field: 'x' }, { signal: AbortSignal.timeout(5000) });
    await new Promise((resolve) => socket.once('close', resolve));
    expect((socket.errored as Fault).code).toBe('protocol.mismatched');
    await tunnel.close();
    await expect.poll(() => server.open()).toBe(0);
    // The server's own writes are in this process too.
    expect(process.memoryUsage().rss - before).toBeLessThan(192 * 1024 * 1024);
  });

  test('more than the window allows, while nobody reads: it is not listened to any longer', async () => {
    const server = await startSshServer({ password: 'secret', hostKey: keys, overflow: true });
    ends.push(() => server.stop());
    const place = { host: '127.0.0.1', port: server.port, user: 'tunnel', hostKeySha256: keys.sha256 };
    const tunnel = tunnelOver(place, byPassword('secret'));
    const socket = await tunnel.dial({ host: '127.0.0.1', port: echo.port, field: 'x' }, { signal: AbortSignal.timeout(5000) });
    await new Promise((resolve) => socket.once('close', resolve));
    expect((socket.errored as Fault).code).toBe('protocol.mismatched');
    await tunnel.close();
    await expect.poll(() => server.open()).toBe(0);
  });
});
