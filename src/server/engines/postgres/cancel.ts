import type { Socket } from 'node:net';
import type { Dial } from '../../platform/outbound.ts';
import type { Secret } from '../../platform/secret.ts';
import { encrypt } from '../network/encrypt.ts';
import type { PostgresAddress } from './address.ts';
import { askForTls } from './tls.ts';

/** What the server told us at sign-in, by which it knows whose statement is to be ended. */
export interface CancelKey {
  readonly processId: number;
  readonly secretKey: number;
}

const cancelCode = 80_877_102;
/** Milliseconds for dialling, encrypting and asking together. */
const limitMs = 2000;

/** Asks the server to end what a session runs, over a second connection of the same kind; never throws. The server does not say whether it did. */
export async function requestCancel(address: PostgresAddress, key: CancelKey, dial: Dial, clientKey: Secret | undefined): Promise<void> {
  const signal = AbortSignal.timeout(limitMs);
  let held: Socket | null = null;
  const end = () => held?.destroy();
  signal.addEventListener('abort', end);
  try {
    held = await dial({ host: address.host, port: address.port, field: 'address.host' }, { signal });
    held.on('error', () => undefined);
    // The key ends statements: it crosses the network as the password did.
    if (address.tls.mode !== 'disable') {
      await askForTls(held);
      await encrypt(held, address, clientKey, (socket) => {
        held = socket;
      });
    }
    const request = Buffer.alloc(16);
    for (const [index, word] of [16, cancelCode, key.processId, key.secretKey].entries()) request.writeInt32BE(word | 0, index * 4);
    const socket = held;
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.resume().write(request);
    await closed;
  } catch {
    // The session itself is ended by its own socket a moment later.
  } finally {
    signal.removeEventListener('abort', end);
    end();
  }
}
