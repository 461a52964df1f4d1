import { Fault } from '../../platform/fault.ts';
import { reveal } from '../../platform/secret.ts';
import type { Login } from '../engine.ts';

/**
 * Refuses a login that the wire cannot carry: an empty password would be looked for elsewhere, a zero byte would end the field. The username goes
 * out in the clear before anything is known of who listens: with line breaks in it, it could speak another service's protocol. `keyAlone`: where the
 * login holds the key of a client certificate, the engine may get in by that without a password.
 */
export function checkLogin(login: Login, label: string, keyAlone = false): void {
  const { username } = login;
  const password = reveal(login.password);
  const noneNeeded = keyAlone && login.clientKey !== undefined;
  const which = username === '' ? 'username' : password === '' && !noneNeeded ? 'password' : null;
  const about = (field: string, detail: string, tryThis: string) => ({
    stage: 'parse' as const,
    field: `credentials.readOnly.${field}`,
    detail,
    tryThis: [tryThis],
  });
  if (which)
    throw new Fault(
      'credential.empty',
      about(which, `The ${which} is empty.`, `Enter the ${which}: none is ever taken from the server’s own environment.`),
    );
  const torn = /\p{Cc}/u.test(username) ? 'username' : password.includes('\0') ? 'password' : null;
  if (torn)
    throw new Fault(
      'credential.rejected',
      about(
        torn,
        `The ${torn} holds ${torn === 'username' ? 'control characters' : 'a zero byte'}, which ${label} cannot take.`,
        `Enter the ${torn} again.`,
      ),
    );
}

/** Why the signal was aborted, as a fault. */
export function reasonOf(signal: AbortSignal): Fault {
  return signal.reason instanceof Fault ? signal.reason : new Fault('test.cancelled', { detail: 'It was cancelled before it ended.' });
}
