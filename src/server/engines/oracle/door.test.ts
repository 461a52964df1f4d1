import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { Door } from './door.ts';

const endOf = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    if (socket.closed) resolve();
    socket.on('error', () => undefined).once('close', () => resolve());
    socket.resume();
  });

describe('the door to the driver', () => {
  it('lets in the driver’s own connection, whoever was there before', async () => {
    const entered: Socket[] = [];
    const door = await Door.open((peer) => entered.push(peer));
    const strangers = await Promise.all(
      [1, 2, 3].map(async () => {
        const stranger = connect(door.port, '127.0.0.1');
        await once(stranger, 'connect');
        stranger.on('error', () => undefined).write('a stranger');
        return stranger;
      }),
    );
    const own = await door.lead(async () => connect(door.port, '127.0.0.1'));
    await Promise.all(strangers.map(endOf));
    await expect.poll(() => entered.length).toBe(1);
    const [peer] = entered;
    expect(peer?.remotePort).toBe(own.localPort);
    // Nobody comes after it.
    const late = connect(door.port, '127.0.0.1');
    await endOf(late);
    own.write('the driver');
    peer?.resume();
    expect(String((await once(peer as Socket, 'data'))[0])).toBe('the driver');
    own.destroy();
    peer?.destroy();
    expect(entered).toHaveLength(1);
  });
  it('turns away more than a few who wait', async () => {
    const door = await Door.open(() => expect.unreachable());
    const strangers: Socket[] = [];
    // One by one: more than a few at once the system itself lets wait outside.
    for (let count = 0; count < 40; count++) {
      const stranger = connect(door.port, '127.0.0.1');
      strangers.push(stranger.on('error', () => undefined).resume());
      await once(stranger, 'connect');
    }
    await expect.poll(() => strangers.filter(({ closed }) => closed).length).toBe(40 - 16);
    door.close();
    await Promise.all(strangers.map(endOf));
  });
  it('keeps the driver from dialling anything else', async () => {
    const other = createServer(() => expect.unreachable('the driver was let out')).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const door = await Door.open((peer) => peer.destroy());
    await door.lead(async () => {
      const own = connect(door.port, '127.0.0.1');
      await endOf(own);
      // As it would after a redirect: the same driver, a second socket.
      const second = connect(port, '127.0.0.1');
      const error = await new Promise<NodeJS.ErrnoException>((resolve) => second.once('error', resolve));
      expect(error.code).toBe('redirected');
    });
    // Whoever is not led by a door is not hindered.
    const free = connect(port, '127.0.0.1');
    other.removeAllListeners('connection');
    await once(free, 'connect');
    free.destroy();
    other.close();
  });
  it('does not hand on a socket that was led elsewhere', async () => {
    const other = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const door = await Door.open(() => expect.unreachable());
    const own = await door.lead(async () => connect(typeof address === 'object' && address ? address.port : 0, '127.0.0.1'));
    const error = await new Promise<NodeJS.ErrnoException>((resolve) => own.once('error', resolve));
    expect(error.code).toBe('not_ours');
    door.close();
    other.close();
  });
});
