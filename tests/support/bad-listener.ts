import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

const listeners: Server[] = [];

/** A server on this machine that does one thing to whoever comes; its port. */
export async function listen(greet: (socket: Socket) => void): Promise<number> {
  const listener = createServer((socket) => {
    socket.on('error', () => undefined);
    greet(socket);
  });
  listeners.push(listener.listen(0, '127.0.0.1'));
  await once(listener, 'listening');
  const address = listener.address();
  return typeof address === 'object' && address ? address.port : 0;
}

/** Ends every listener of this process. */
export function stopListening(): void {
  for (const listener of listeners.splice(0)) listener.close();
}

/** A port of this machine on which nothing listens any more. */
export async function deadPort(): Promise<number> {
  const port = await listen(() => undefined);
  await new Promise((resolve) => listeners.pop()?.close(resolve));
  return port;
}

/** What PostgreSQL answers to a first message with parameters of our choice, as a driver would hand it on. */
export async function rawStart(port: number, parameters: Record<string, string>): Promise<Error> {
  const body = Buffer.from(`${Object.entries(parameters).flat().join('\0')}\0\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(8 + body.length, 0);
  head.writeInt32BE(196_608, 4);
  const socket = connect(port, '127.0.0.1');
  socket.write(Buffer.concat([head, body]));
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  let from = 0;
  while (from < bytes.length && bytes[from] !== 69) from += 1 + bytes.readInt32BE(from + 1);
  const fields = bytes
    .subarray(from + 5)
    .toString()
    .split('\0');
  const one = (letter: string) => fields.find((field) => field.startsWith(letter))?.slice(1);
  return Object.assign(new Error(one('M')), { code: one('C'), severity: one('S'), routine: one('R') });
}
