import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** Stands before a server, counts, and can be in the way. */
export interface TcpProxy {
  readonly port: number;
  /** Connections that came, ever. */
  came(): number;
  open(): number;
  /** Resets so many of the next connections. */
  resetNext(count: number): void;
  /** Lets nothing through of connections that come, and leaves them open. */
  hold(on: boolean): void;
  /** Holds every piece back so long, in both directions. */
  delay(ms: number): void;
  stop(): Promise<void>;
}

/** Starts one on 127.0.0.1 before a port of it. */
export async function startProxy(target: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let [came, resets, held, silent] = [0, 0, 0, false];
  const keep = (socket: Socket): Socket => {
    sockets.add(socket.setNoDelay(true));
    return socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  };
  const carry = (from: Socket, to: Socket): void => {
    let last: Promise<unknown> = Promise.resolve();
    const later = (work: () => void): void => {
      last = last.then(() => (held > 0 ? pause(held) : undefined)).then(work);
    };
    from.on('data', (chunk) => later(() => to.write(chunk))).on('close', () => later(() => to.destroy()));
  };
  const server = createServer((socket) => {
    came++;
    keep(socket);
    if (resets > 0) {
      resets--;
      socket.resetAndDestroy();
      return;
    }
    if (silent) {
      socket.resume();
      return;
    }
    const real = keep(connect(target, '127.0.0.1'));
    carry(socket, real);
    carry(real, socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    came: () => came,
    open: () => sockets.size,
    resetNext(count) {
      resets = count;
    },
    hold(on) {
      silent = on;
    },
    delay(ms) {
      held = ms;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
