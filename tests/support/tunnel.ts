import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createOutbound } from '../../src/server/platform/outbound.ts';
import { Secret } from '../../src/server/platform/secret.ts';
import type { TunnelLogin } from '../../src/server/platform/ssh-key.ts';
import { createTunnel, type Tunnel } from '../../src/server/platform/ssh-tunnel.ts';

const outbound = createOutbound({ allow: [], deny: [], loopbackAllowed: true, ownListeners: () => [] });

/** A tunnel over a test's SSH server through the real guard. */
export function tunnelOver(
  server: { host: string; port: number; user: string; hostKeySha256: string },
  login: TunnelLogin,
  over: { hostKeySha256?: string | null; idleMs?: number; user?: string } = {},
): Tunnel {
  const { host, port, user } = server;
  const hostKeySha256 = over.hostKeySha256 === undefined ? server.hostKeySha256 : over.hostKeySha256;
  const place = { host, port, user: over.user ?? user, hostKeySha256 };
  return createTunnel({ place, login, dial: outbound.dial, admit: outbound.admitTarget, ...(over.idleMs ? { idleMs: over.idleMs } : {}) });
}

export const byPassword = (password: string): TunnelLogin => ({ password: new Secret(password) });
export const byKey = (privateKey: string, passphrase: string | null = null): TunnelLogin => ({
  privateKey: new Secret(privateKey),
  passphrase: passphrase === null ? null : new Secret(passphrase),
});

/** Says back what it is told, in capitals. */
export async function startEcho(): Promise<{ port: number; open: () => number; stop: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}).on('close', () => sockets.delete(socket)));
    socket.on('data', (chunk) => socket.write(chunk.toString().toUpperCase()));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    open: () => sockets.size,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** One word there and back. */
export async function talk(socket: Socket, word: string): Promise<string> {
  socket.write(word);
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  return chunk.toString();
}
