import { afterAll, beforeAll, expect, test } from 'vitest';
import { dial } from '../../../tests/support/open-postgres.ts';
import { startSshServer, type TestSshServer } from '../../../tests/support/ssh-server.ts';
import { byPassword, startEcho } from '../../../tests/support/tunnel.ts';
import type { Fault } from '../platform/fault.ts';
import { createTunnelPool } from './tunnel-pool.ts';

let ssh: TestSshServer;
let echo: Awaited<ReturnType<typeof startEcho>>;
beforeAll(async () => {
  [ssh, echo] = [await startSshServer({ password: 'secret' }), await startEcho()];
});
afterAll(async () => {
  await ssh?.stop();
  await echo?.stop();
});

/** A generous limit: what is waited for comes by itself. */
const eventually = <T>(seen: () => T) => expect.poll(seen, { timeout: 20_000, interval: 5 });
const pool = () => createTunnelPool({ dial, admitTarget: ({ host }) => host });
const through = (password = 'secret') => ({
  place: { host: ssh.host, port: ssh.port, user: ssh.user, hostKeySha256: ssh.hostKeySha256 },
  login: byPassword(password),
});
const to = () => [{ host: '127.0.0.1', port: echo.port, field: 'address.host' }, { signal: AbortSignal.timeout(20_000) }] as const;

test('a tunnel is shared, and kept no longer than its session with the SSH server', async () => {
  const held = pool();
  const row = { id: 'a', version: 1 };
  const before = ssh.opened();
  const sockets = [await held.dialOf(row, through())(...to()), await held.dialOf(row, through())(...to())];
  expect([held.size, ssh.opened() - before]).toEqual([1, 1]);
  ssh.drop();
  await eventually(() => held.size).toBe(0);
  expect(sockets.map(({ destroyed }) => destroyed)).toEqual([true, true]);
  (await held.dialOf(row, through())(...to())).destroy();
  expect(held.size).toBe(1);
  await held.close();
  expect(held.size).toBe(0);
});

test('one that could not be opened is not kept either', async () => {
  const held = pool();
  const dialled = held.dialOf({ id: 'a', version: 1 }, through('wrong'))(...to());
  expect(await dialled.catch(({ code }: Fault) => code)).toBe('tunnel.rejected');
  await eventually(() => held.size).toBe(0);
});

test('whoever read an older version does not bring it back, and a newer one ends the older', async () => {
  const held = pool();
  const older = await held.dialOf({ id: 'a', version: 1 }, through())(...to());
  const newer = await held.dialOf({ id: 'a', version: 2 }, through())(...to());
  await eventually(() => older.destroyed).toBe(true);
  const late = await held.dialOf({ id: 'a', version: 1 }, through())(...to());
  expect([newer.destroyed, late.destroyed, held.size]).toEqual([false, false, 1]);
  held.retire('a');
  await eventually(() => newer.destroyed).toBe(true);
  late.destroy();
  await held.close();
});
