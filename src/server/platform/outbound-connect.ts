import { connect, isIPv6, type Socket } from 'node:net';
import { Fault } from './fault.ts';
import type { Destination } from './outbound.ts';

/** A name may list many addresses; more of them than this are not tried, so that nobody's name becomes a scan. */
export const MOST = 8;

/** So long an address is waited for alone; then the next one is tried beside it, so that one which drops packets does not use up all the time. */
const STAGGER_MS = 250;

/** A socket that is connected, and to which address. */
interface Connected {
  readonly socket: Socket;
  readonly address: string;
}

/** Connects to the address that answers first; they are tried in order, each a little after the one before. Throws the most telling of their faults. */
export async function connectFirst(to: Destination, addresses: readonly string[], signal: AbortSignal): Promise<Connected> {
  signal.throwIfAborted();
  const tried = addresses.slice(0, MOST);
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const faults: Fault[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<Connected>();
  let timer: NodeJS.Timeout | undefined;
  let begun = 0;
  const tryNext = (): void => {
    clearTimeout(timer);
    const address = tried[begun];
    if (address === undefined || either.aborted) return;
    begun++;
    timer = setTimeout(tryNext, STAGGER_MS);
    connectOne(address, to.port, either).then(
      (socket) => {
        if (either.aborted) socket.destroy();
        else resolve({ socket, address });
        over.abort();
      },
      (error: unknown) => {
        if (signal.aborted) reject(signal.reason);
        faults.push(explain(error, to));
        if (faults.length === tried.length) reject(mostTelling(faults));
        else tryNext();
      },
    );
  };
  tryNext();
  return promise.finally(() => clearTimeout(timer));
}

const mostTelling = (faults: readonly Fault[]): Fault | undefined =>
  faults.find(({ code }) => code === 'port.refused') ?? faults.find(({ code }) => code === 'host.unanswering') ?? faults[0];

/** An address and a port as people write them. */
export const hostPort = (address: string, port: number): string => (isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`);

function connectOne(address: string, port: number, signal: AbortSignal): Promise<Socket> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port, autoSelectFamily: false });
    const onAbort = (): void => {
      socket.destroy();
      reject(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    // Stays for good: an error between here and the listener of whoever takes the socket must not end the process.
    socket.on('error', (error) => {
      signal.removeEventListener('abort', onAbort);
      reject(error);
    });
    socket.once('connect', () => {
      signal.removeEventListener('abort', onAbort);
      resolve(socket);
    });
  });
}

const unanswering = new Set(['ETIMEDOUT', 'EHOSTDOWN']);

function explain(error: unknown, to: Destination): Fault {
  const technical = (error as NodeJS.ErrnoException | null)?.code ?? 'unknown';
  if (technical === 'ECONNREFUSED')
    return new Fault('port.refused', {
      stage: 'tcp',
      field: to.field.replace(/host$/, 'port'),
      detail: `${to.host} answered, but nothing listens on port ${to.port}.`,
      tryThis: ['Check the port.', 'Check that the database runs and listens on more than its own localhost.'],
      technical,
      retryable: true,
      cause: error,
    });
  if (technical === 'ECONNRESET')
    return new Fault('protocol.mismatched', {
      stage: 'tcp',
      field: to.field.replace(/host$/, 'port'),
      detail: `${to.host} closed the connection on port ${to.port} as soon as it was made.`,
      tryThis: ['Check the port.', 'A proxy or firewall may stand between, or the server may take no connections now.'],
      technical,
      retryable: true,
      cause: error,
    });
  if (unanswering.has(technical))
    return new Fault('host.unanswering', {
      stage: 'tcp',
      field: to.field,
      detail: `${to.host} did not answer on port ${to.port}.`,
      tryThis: ['A firewall probably drops the packets: allow the address of the Portcullis server, and check host and port.'],
      technical,
      retryable: true,
      cause: error,
    });
  return new Fault('host.unreachable', {
    stage: 'tcp',
    field: to.field,
    detail: `There is no way from the server that Portcullis runs on to ${to.host}.`,
    tryThis: ['Check routes and VPN of the Portcullis server.', 'If the name has IPv6 addresses alone, the server needs IPv6 too.'],
    technical,
    retryable: true,
    cause: error,
  });
}
