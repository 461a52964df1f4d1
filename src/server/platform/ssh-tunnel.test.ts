import type { Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { makeSshKeys } from '../../../tests/support/ssh-keys.ts';
import { type SshServerOptions, startSshServer, type TestSshServer } from '../../../tests/support/ssh-server.ts';
import { byKey, byPassword, startEcho, talk, tunnelOver } from '../../../tests/support/tunnel.ts';
import type { Fault } from './fault.ts';
import type { Tunnel } from './ssh-tunnel.ts';

// The far side is the server of the ssh2 library: a real SSH server, though of the same making as the client. Debian's own is in ssh-openssh.test.ts.
let echo: Awaited<ReturnType<typeof startEcho>>;
const ends: (() => Promise<unknown>)[] = [];
const signal = (): AbortSignal => AbortSignal.timeout(20_000);
const start = async (options: SshServerOptions): Promise<TestSshServer> => {
  const server = await startSshServer(options);
  ends.push(() => server.stop());
  return server;
};
const over = (...how: Parameters<typeof tunnelOver>): Tunnel => {
  const tunnel = tunnelOver(...how);
  ends.push(() => tunnel.close());
  return tunnel;
};
const to = (port = echo.port) => ({ host: '127.0.0.1', port, field: 'address.host' });
const faultOf = async (work: Promise<unknown>): Promise<Fault> => {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown as Fault,
  );
  if (!error) throw new Error('it went through');
  return error;
};

beforeAll(async () => {
  echo = await startEcho();
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  await expect.poll(() => echo.open()).toBe(0);
});
afterAll(() => echo.stop());

describe('a tunnel', () => {
  test('carries what is dialled, telling each stage, and is shared', async () => {
    const server = await start({ password: 'secret' });
    const tunnel = over(server, byPassword('secret'));
    const told: [string, string | null][] = [];
    const [one, two] = await Promise.all([
      tunnel.dial(to(), { signal: signal(), passed: (stage, evidence) => told.push([stage, evidence]) }),
      tunnel.dial(to(), { signal: signal() }),
    ]);
    expect(await talk(one, 'hello')).toBe('HELLO');
    expect(await talk(two, 'there')).toBe('THERE');
    expect(told.map(([stage]) => stage)).toEqual(['dns', 'network', 'tcp', 'tunnel']);
    expect(told[3]?.[1]).toMatch(/^ssh2js\S+, host key ssh-ed25519 SHA256:\S{43}, forwards to 127\.0\.0\.1:\d+$/);
    expect([server.opened(), server.asked.length, server.tried]).toEqual([1, 2, ['password']]);
    await tunnel.close();
    expect([one.destroyed, two.destroyed, server.open()]).toEqual([true, true, 0]);
    expect((await faultOf(tunnel.dial(to(), { signal: signal() }))).code).toBe('tunnel.lost');
  });

  test('is closed when nobody uses it, and opened anew when it is needed', async () => {
    const server = await start({ password: 'secret' });
    const tunnel = over(server, byPassword('secret'), { idleMs: 30 });
    (await tunnel.dial(to(), { signal: signal() })).destroy();
    await expect.poll(() => server.open()).toBe(0);
    expect(await talk(await tunnel.dial(to(), { signal: signal() }), 'again')).toBe('AGAIN');
    expect(server.opened()).toBe(2);
  });

  test('tells those who use it that it broke, and is opened anew with the same key alone', async () => {
    const server = await start({ password: 'secret' });
    const tunnel = over(server, byPassword('secret'));
    const socket = await tunnel.dial(to(), { signal: signal() });
    const broken = new Promise((resolve) => socket.once('close', resolve));
    server.drop();
    await broken;
    expect((socket.errored as Fault).code).toBe('tunnel.lost');
    expect(await talk(await tunnel.dial(to(), { signal: signal() }), 'back')).toBe('BACK');
    await server.stop();
    const other = await start({ password: 'secret', port: server.port });
    const fault = await faultOf(tunnel.dial(to(), { signal: signal() }));
    expect([fault.code, fault.about.stage, fault.about.field]).toEqual(['tunnel.changed', 'tunnel', 'address.ssh.hostKeySha256']);
    expect(fault.about.tryThis?.join()).toContain(other.hostKeySha256);
    expect(other.tried).toEqual([]);
  });

  test('ends with its reading side what the database ended, and not before all is read', async () => {
    const server = await start({ password: 'secret' });
    const tunnel = over(server, byPassword('secret'));
    const many = await startEcho();
    ends.push(() => many.stop());
    const socket = await tunnel.dial(to(many.port), { signal: signal() });
    const text = 'x'.repeat(3_000_000);
    socket.write(text);
    let length = 0;
    for await (const chunk of socket as Socket) {
      length += (chunk as Buffer).length;
      if (length === text.length) break;
    }
    expect(length).toBe(text.length);
  });

  test.each(['ed25519', 'rsa', 'ecdsa'] as const)('lets in with a %s key, with and without a passphrase', async (type) => {
    for (const passphrase of [undefined, 'open sesame']) {
      const keys = makeSshKeys(type, passphrase);
      const server = await start({ authorized: keys.publicKey });
      const socket = await over(server, byKey(keys.privateKey, passphrase ?? null)).dial(to(), { signal: signal() });
      expect(await talk(socket, 'key')).toBe('KEY');
    }
  });

  test('answers the question for the password, once', async () => {
    const server = await start({ password: 'secret', byQuestions: true });
    expect(await talk(await over(server, byPassword('secret')).dial(to(), { signal: signal() }), 'asked')).toBe('ASKED');
    expect((await faultOf(over(server, byPassword('wrong')).dial(to(), { signal: signal() }))).code).toBe('tunnel.rejected');
  });
});

describe('what goes wrong has its own fault', () => {
  test('a key that nobody confirmed: nothing is sent', async () => {
    const server = await start({ password: 'secret' });
    const fault = await faultOf(over(server, byPassword('secret'), { hostKeySha256: null }).dial(to(), { signal: signal() }));
    expect([fault.code, fault.about.stage, fault.about.technical]).toEqual([
      'tunnel.unconfirmed',
      'tunnel',
      `ssh-ed25519 ${server.hostKeySha256}`,
    ]);
    expect(server.tried).toEqual([]);
  });

  test('another key: nothing is sent', async () => {
    const server = await start({ password: 'secret' });
    const fault = await faultOf(
      over(server, byPassword('secret'), { hostKeySha256: makeSshKeys().sha256 }).dial(to(), { signal: signal() }),
    );
    expect([fault.code, server.tried]).toEqual(['tunnel.changed', []]);
  });

  test('a wrong password is tried once', async () => {
    const server = await start({ password: 'secret' });
    const fault = await faultOf(over(server, byPassword('wrong')).dial(to(), { signal: signal() }));
    expect([fault.code, fault.about.field, server.tried]).toEqual(['tunnel.rejected', 'credentials.tunnel.password', ['password']]);
    expect(fault.about.tryThis?.join()).toContain('password');
  });

  test('a key that is not let in, a wrong passphrase, and text that is no key', async () => {
    const keys = makeSshKeys('ed25519', 'right');
    const server = await start({ authorized: makeSshKeys().publicKey });
    const faults = [
      await faultOf(over(server, byKey(makeSshKeys().privateKey)).dial(to(), { signal: signal() })),
      await faultOf(over(server, byKey(keys.privateKey, 'wrong')).dial(to(), { signal: signal() })),
      await faultOf(
        over(server, byKey('-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----')).dial(to(), {
          signal: signal(),
        }),
      ),
    ];
    expect(faults.map(({ code, about }) => [code, about.field])).toEqual([
      ['tunnel.rejected', 'credentials.tunnel.privateKey'],
      ['key.unusable', 'credentials.tunnel.passphrase'],
      ['key.unusable', 'credentials.tunnel.privateKey'],
    ]);
  });

  test('a forward that is refused, and one where nothing listens', async () => {
    const server = await start({ password: 'secret', forwarding: 'refused' });
    const fault = await faultOf(over(server, byPassword('secret')).dial(to(), { signal: signal() }));
    expect([fault.code, fault.about.stage]).toEqual(['tunnel.refused', 'tunnel']);
    const nothing = await start({ password: 'secret' });
    expect((await faultOf(over(nothing, byPassword('secret')).dial(to(1), { signal: signal() }))).code).toBe('tunnel.refused');
  });

  test('algorithms of old', async () => {
    const algorithms = { kex: ['diffie-hellman-group14-sha1' as const] };
    const server = await start({ password: 'secret', algorithms });
    expect((await faultOf(over(server, byPassword('secret')).dial(to(), { signal: signal() }))).code).toBe('tunnel.incompatible');
  });

  test('metadata is refused without a packet', async () => {
    const server = await start({ password: 'secret' });
    const fault = await faultOf(over(server, byPassword('secret')).dial({ ...to(), host: '0xa9fea9fe' }, { signal: signal() }));
    expect([fault.code, fault.about.field, server.opened()]).toEqual(['network.forbidden', 'address.host', 0]);
  });

  test('whoever waits may go, and the opening ends with the last of them', async () => {
    const server = await start({ password: 'secret', silentSignIn: true });
    const tunnel = over(server, byPassword('secret'));
    const [one, two] = [new AbortController(), new AbortController()];
    const both = [faultOf(tunnel.dial(to(), { signal: one.signal })), faultOf(tunnel.dial(to(), { signal: two.signal }))];
    await expect.poll(() => server.tried.length).toBe(1);
    one.abort(new Error('first'));
    expect((await both[0])?.message).toBe('first');
    expect(server.open()).toBe(1);
    two.abort(new Error('second'));
    expect((await both[1])?.message).toBe('second');
    await expect.poll(() => server.open()).toBe(0);
  });
});
