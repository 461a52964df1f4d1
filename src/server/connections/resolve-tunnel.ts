import type { Address, Credentials } from '../../contract/connections.ts';
import { wayOf } from '../engines/network/address.ts';
import { Fault } from '../platform/fault.ts';
import { Secret } from '../platform/secret.ts';
import type { SshPlace } from '../platform/ssh-faults.ts';
import { checkKeyText, type TunnelLogin } from '../platform/ssh-key.ts';

/** The SSH server that a database is reached through, and how to get into it. */
export interface Through {
  readonly place: SshPlace;
  readonly login: TunnelLogin;
}

/** Reads the tunnel of a target: its place is part of the address, its login a credential of its own. Null where there is none. */
export function resolveTunnel(address: Address, given: Credentials['tunnel']): Through | null {
  const { ssh } = wayOf(address);
  if (ssh === null) {
    if (given)
      throw new Fault('request.invalid', {
        field: 'credentials.tunnel',
        detail: 'credentials.tunnel: there is no SSH server in the address that it would be for. Leave it out, or give address.ssh.',
      });
    return null;
  }
  if (!given)
    throw new Fault('credential.empty', {
      stage: 'parse',
      field: 'credentials.tunnel.password',
      detail: 'Enter a password or a private key for the SSH server.',
    });
  return { place: ssh, login: tunnelLogin(given) };
}

/** A login as it came in, with what can be seen to be wrong with it at once. */
export function tunnelLogin(given: NonNullable<Credentials['tunnel']>): TunnelLogin {
  if ('password' in given) return { password: new Secret(given.password) };
  const { privateKey, passphrase = null } = given;
  checkKeyText(privateKey, passphrase);
  return { privateKey: new Secret(privateKey), passphrase: passphrase === null ? null : new Secret(passphrase) };
}

/** Who and where, in clear, as lists and records have it. */
export const describeThrough = ({ place }: Through): string => `${place.user}@${place.host}:${place.port}`;
