import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gate } from '../../../tests/support/require.ts';
import { type Sshd, startSshd } from '../../../tests/support/sshd.ts';
import { byKey, startEcho, talk, tunnelOver } from '../../../tests/support/tunnel.ts';
import type { Fault } from './fault.ts';

/** Debian's OpenSSH on the far side, and keys made by its own ssh-keygen. */
describe.skipIf(gate('sshd').skip)('a tunnel over OpenSSH', () => {
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-keys-'));
  const make = (name: string, ...how: string[]): string => {
    execFileSync('ssh-keygen', ['-q', '-f', join(folder, name), '-C', 'test', ...how]);
    return readFileSync(join(folder, name), 'utf8');
  };
  let keys: Record<string, readonly [text: string, passphrase: string | null]>;
  let server: Sshd;
  let echo: Awaited<ReturnType<typeof startEcho>>;
  const to = () => ({ host: '127.0.0.1', port: echo.port, field: 'address.host' });

  beforeAll(async () => {
    keys = {
      ed25519: [make('a', '-t', 'ed25519', '-N', ''), null],
      'ed25519, encrypted': [make('b', '-t', 'ed25519', '-N', 'pass phrase', '-a', '4'), 'pass phrase'],
      'rsa as PEM, encrypted': [make('c', '-t', 'rsa', '-b', '2048', '-N', 'pass phrase', '-m', 'PEM'), 'pass phrase'],
      'ecdsa as PKCS8': [make('d', '-t', 'ecdsa', '-N', '', '-m', 'PKCS8'), null],
    };
    const authorized = ['a', 'b', 'c', 'd'].map((name) => readFileSync(join(folder, `${name}.pub`), 'utf8').trim());
    server = await startSshd(authorized.join('\n'));
    echo = await startEcho();
  });
  afterAll(async () => {
    await echo?.stop();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(['ed25519', 'ed25519, encrypted', 'rsa as PEM, encrypted', 'ecdsa as PKCS8'])('with a key of %s', async (name) => {
    const [text, passphrase] = keys[name] ?? ['', null];
    const tunnel = tunnelOver(server, byKey(text, passphrase));
    const told: (string | null)[] = [];
    const passed = (_: unknown, evidence: string | null) => told.push(evidence);
    const socket = await tunnel.dial(to(), { signal: AbortSignal.timeout(20_000), passed });
    expect(await talk(socket, 'hello')).toBe('HELLO');
    expect(told.at(-1)).toMatch(
      new RegExp(`^OpenSSH_\\S+, host key ssh-ed25519 ${server.hostKeySha256.replace(/[+/]/g, '\\$&')}, forwards to`),
    );
    await tunnel.close();
    await expect.poll(() => echo.open()).toBe(0);
  });

  test('a server that forbids it says so', async () => {
    const strict = await startSshd(readFileSync(join(folder, 'a.pub'), 'utf8').trim(), ['AllowTcpForwarding no']);
    const tunnel = tunnelOver(strict, byKey(keys.ed25519?.[0] ?? ''));
    const fault = await tunnel.dial(to(), { signal: AbortSignal.timeout(20_000) }).then(
      () => null,
      (error: Fault) => error,
    );
    expect([fault?.code, fault?.about.technical]).toEqual(['tunnel.refused', 'administratively prohibited']);
    await tunnel.close();
    await strict.stop();
  });

  test('a key that it does not know', async () => {
    const tunnel = tunnelOver(server, byKey(make('e', '-t', 'ed25519', '-N', '')));
    const fault = await tunnel.dial(to(), { signal: AbortSignal.timeout(20_000) }).then(
      () => null,
      (error: Fault) => error,
    );
    expect([fault?.code, fault?.about.tryThis?.join(' ')]).toEqual(['tunnel.rejected', expect.stringContaining('publickey')]);
    await tunnel.close();
  });
});
