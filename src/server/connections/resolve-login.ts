import type { Address } from '../../contract/connections.ts';
import { plainLine, plainLineWanted } from '../../contract/shown-text.ts';
import type { Engine, Login } from '../engines/engine.ts';
import { clientCertificateOf } from '../engines/network/address.ts';
import { checkClientKey } from '../engines/network/client-key.ts';
import { Fault } from '../platform/fault.ts';
import { Secret } from '../platform/secret.ts';

/** A login as it came in. */
export interface GivenLogin {
  readonly username: string;
  readonly password?: string | undefined;
  readonly clientKey?: string | undefined;
}

/** The login of a target: complete, and with the key of the client certificate that the address holds, if it holds one. */
export function resolveLogin(engine: Engine, address: Address, { username, password = '', clientKey = '' }: GivenLogin): Login {
  checkClientKey(clientCertificateOf(address), clientKey);
  // One of a pasted string has passed no schema yet.
  if (!plainLine.test(username))
    throw new Fault('request.invalid', {
      field: 'credentials.readOnly.username',
      detail: `credentials.readOnly.username: ${plainLineWanted}`,
    });
  const keyAlone = engine.description.keyAlone === true && clientKey !== '';
  for (const [name, value] of Object.entries({ username, password })) {
    // An empty credential would make a driver look for one of its own process.
    if (value === '' && !(name === 'password' && keyAlone))
      throw new Fault('credential.empty', {
        stage: 'parse',
        field: `credentials.readOnly.${name}`,
        detail: `Enter the ${name} of a login that can read.`,
      });
  }
  return { username, password: new Secret(password), ...(clientKey === '' ? {} : { clientKey: new Secret(clientKey) }) };
}

/** A login for what has none would be kept for nothing. */
export function refuseLogin({ username, password, clientKey }: GivenLogin): void {
  if (username || password || clientKey)
    throw new Fault('request.invalid', {
      field: 'credentials.readOnly',
      detail: 'credentials.readOnly: databases of this kind have no login. Leave it out.',
    });
}
