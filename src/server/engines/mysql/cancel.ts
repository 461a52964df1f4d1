import type { Socket } from 'node:net';
import { isLoopback } from '../network/address.ts';
import { encrypt } from '../network/encrypt.ts';
import { explainAt } from './faults.ts';
import { type Entrance, signInto, smallAnswer } from './session.ts';
import { SignIn } from './sign-in.ts';
import { Wire } from './wire.ts';

/** Milliseconds for dialling, encrypting, signing in and asking together. */
const limitMs = 3000;

/**
 * Has the server end a session and what it runs, over a second connection of the same kind. Never throws. The whole session is ended and not
 * only its statement: a statement that is still on its way would not be there yet to be ended. `identity`: of the server that it is with; on another one
 * that answers under the same name by now the number would be that of somebody else's session.
 */
export async function requestKill(entrance: Entrance, threadId: number, identity: string | null): Promise<void> {
  if (!Number.isSafeInteger(threadId) || threadId <= 0) return;
  const { address, login, dial } = entrance;
  const signal = AbortSignal.timeout(limitMs);
  let held: Socket | Wire | null = null;
  const end = () => held?.destroy();
  signal.addEventListener('abort', end);
  try {
    const raw = await dial({ host: address.host, port: address.port, field: 'address.host' }, { signal });
    const signIn = new SignIn({ encrypted: address.tls.mode !== 'disable', loopback: isLoopback(address.host) });
    const wire = new Wire(raw, signIn, smallAnswer);
    held = wire;
    const secure = async () => {
      const secured = await wire.secure((socket, hold) => encrypt(socket, address, login.clientKey, hold));
      signIn.secured();
      return { certificate: secured.certificate, encryption: '' };
    };
    const session = await signInto({ ...entrance, wire, signIn, secure, passed: () => undefined, statementTimeoutMs: limitMs });
    const [[found = null] = []] = identity === null ? [] : await session.run(entrance.flavour.serverSql.identity);
    if (identity === null || found === identity) await session.run(`KILL ${threadId}`);
    await session.close();
  } catch (error) {
    // The session itself is ended by its own socket a moment later.
    entrance.refused?.(explainAt(error, 'auth', address, entrance.flavour));
  } finally {
    signal.removeEventListener('abort', end);
    end();
  }
}
