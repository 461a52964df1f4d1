import type { TunnelLogin } from '../../../contract/connections.ts';

/** A login for an SSH server as it is entered: one of two kinds. It lives in the page's memory alone until it is sent. */
export interface TunnelDraft {
  readonly kind: 'password' | 'key';
  readonly password: string;
  readonly privateKey: string;
  readonly passphrase: string;
}
export const emptyTunnel: TunnelDraft = { kind: 'password', password: '', privateKey: '', passphrase: '' };

/** The same as it is sent. */
export const tunnelLogin = ({ kind, password, privateKey, passphrase }: TunnelDraft): TunnelLogin =>
  kind === 'password' ? { password } : { privateKey, ...(passphrase === '' ? {} : { passphrase }) };

interface Mistake {
  readonly path: string;
  readonly message: string;
}

/** What is wrong with an SSH server as it is entered, at the path of its field. */
export function mistakesInSsh(path: string, value: unknown): Mistake[] {
  const { host, port, user } = value as { host?: string; port?: unknown; user?: string };
  const whole = typeof port === 'number' && Number.isInteger(port) && port >= 1 && port <= 65_535;
  return [
    ...(host?.trim() ? [] : [{ path: `${path}.host`, message: 'Enter the host of the SSH server.' }]),
    ...(whole ? [] : [{ path: `${path}.port`, message: 'SSH port must be between 1 and 65535.' }]),
    ...(user ? [] : [{ path: `${path}.user`, message: 'Enter the user of the SSH server.' }]),
  ];
}

/** What is missing of the login for it. */
export function mistakesInTunnel({ kind, password, privateKey }: TunnelDraft): Mistake[] {
  const path = 'credentials.tunnel';
  if (kind === 'password' && password === '') return [{ path: `${path}.password`, message: 'Enter the password of the SSH server.' }];
  return kind === 'key' && privateKey === '' ? [{ path: `${path}.privateKey`, message: 'Paste the private key.' }] : [];
}
