import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

const listeners: Server[] = [];
const sockets = new Set<Socket>();

/** A listener of this machine that does `onSocket` to whoever comes. */
export async function serve(onSocket: (socket: Socket) => void): Promise<{ readonly port: number }> {
  const listener = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)));
    onSocket(socket);
    // What is not listened to has to be read too, or the end of it is never seen.
    socket.resume();
  });
  listeners.push(listener.listen(0, '127.0.0.1'));
  await once(listener, 'listening');
  const address = listener.address();
  return { port: typeof address === 'object' && address ? address.port : 0 };
}

/** How many connections are open on this side. */
export const openSockets = (): number => sockets.size;

/** Ends every listener and what is open. */
export function endAll(): void {
  for (const listener of listeners.splice(0)) listener.close();
  for (const socket of sockets) socket.destroy();
}

/** Goes on for as long as the other side takes it. */
export function pour(socket: Socket, bytes: () => Buffer): void {
  const more = () => {
    while (!socket.destroyed && socket.write(bytes()));
  };
  socket.on('drain', more);
  more();
}
