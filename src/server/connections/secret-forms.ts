import { z } from 'zod';
import type { Address } from '../../contract/connections.ts';
import type { Login } from '../engines/engine.ts';
import { clientCertificateOf } from '../engines/network/address.ts';
import { reveal, Secret } from '../platform/secret.ts';
import type { TunnelLogin } from '../platform/ssh-key.ts';

const WithKey = z.strictObject({ password: z.string(), clientKey: z.string() });
const Tunnel = z.union([
  z.strictObject({ password: z.string() }),
  z.strictObject({ privateKey: z.string(), passphrase: z.string().nullable() }),
]);

/** What is sealed of a login: the password alone, or with the key of the client certificate that the address holds. */
export function loginSecret(address: Address, login: Login): Secret {
  if (clientCertificateOf(address) === null) return login.password;
  const clientKey = login.clientKey === undefined ? '' : reveal(login.clientKey);
  return new Secret(JSON.stringify({ password: reveal(login.password), clientKey } satisfies z.infer<typeof WithKey>));
}

/** The login again. Which of the two forms it has is bound: a sealed login opens with its own client certificate alone. */
export function readLoginSecret(address: Address, username: string, secret: Secret): Login {
  if (clientCertificateOf(address) === null) return { username, password: secret };
  const { password, clientKey } = WithKey.parse(JSON.parse(reveal(secret)));
  return { username, password: new Secret(password), clientKey: new Secret(clientKey) };
}

/** What is sealed of the login of an SSH server. */
export function tunnelSecret(login: TunnelLogin): Secret {
  const content: z.infer<typeof Tunnel> =
    'password' in login
      ? { password: reveal(login.password) }
      : { privateKey: reveal(login.privateKey), passphrase: login.passphrase && reveal(login.passphrase) };
  return new Secret(JSON.stringify(content));
}

export function readTunnelSecret(secret: Secret): TunnelLogin {
  const content = Tunnel.parse(JSON.parse(reveal(secret)));
  if ('password' in content) return { password: new Secret(content.password) };
  return { privateKey: new Secret(content.privateKey), passphrase: content.passphrase === null ? null : new Secret(content.passphrase) };
}
