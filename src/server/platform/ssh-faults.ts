import { Fault, type FaultDetail } from './fault.ts';
import type { HostKey } from './ssh-key.ts';

/** Where an SSH server is, in clear. `hostKeySha256`: the key that was confirmed; null where none was yet. */
export interface SshPlace {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly hostKeySha256: string | null;
}

const at = ({ host, port }: SshPlace): string => `${host}:${port}`;
const tunnel = (about: Omit<FaultDetail, 'stage'>): FaultDetail => ({ stage: 'tunnel', ...about });

/** Nobody has said yet that this key is the right one: a person has to. */
export const unconfirmed = (place: SshPlace, key: HostKey): Fault =>
  new Fault(
    'tunnel.unconfirmed',
    tunnel({
      field: 'address.ssh.hostKeySha256',
      detail: `The SSH server ${at(place)} shows a key that nobody has confirmed yet: ${key.type} ${key.sha256}.`,
      tryThis: [
        'Compare the fingerprint with what whoever runs the SSH server says; on the server: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub.',
        'If it is the same, trust this key. Nothing was sent to the server yet.',
      ],
      technical: `${key.type} ${key.sha256}`,
    }),
  );

export const changed = (place: SshPlace, key: HostKey): Fault =>
  new Fault(
    'tunnel.changed',
    tunnel({
      field: 'address.ssh.hostKeySha256',
      detail: `The SSH server ${at(place)} shows another key than the confirmed one. Nothing was sent to it.`,
      tryThis: [
        'Ask whoever runs the SSH server whether its key was changed; only then confirm the new one. Otherwise somebody may stand between.',
        `It showed ${key.type} ${key.sha256}; confirmed is ${place.hostKeySha256 ?? 'none'}.`,
      ],
      technical: `${key.type} ${key.sha256}`,
    }),
  );

const methods = new Set(['password', 'publickey', 'keyboard-interactive', 'hostbased', 'gssapi-with-mic']);

/** The login was not taken. `accepted`: the ways that the server still offers. */
export function rejected(place: SshPlace, withKey: boolean, accepted: readonly string[], partly: boolean): Fault {
  const known = accepted.filter((method) => methods.has(method));
  return new Fault(
    'tunnel.rejected',
    tunnel({
      field: withKey ? 'credentials.tunnel.privateKey' : 'credentials.tunnel.password',
      detail: partly
        ? `The SSH server ${at(place)} wants a further factor of ${place.user}, which nobody is there to give.`
        : `The SSH server ${at(place)} rejected ${place.user} with this ${withKey ? 'private key' : 'password'}.`,
      tryThis: [
        withKey
          ? 'Check that the public key stands in ~/.ssh/authorized_keys of this user on the SSH server.'
          : 'Check user and password; many servers take keys alone.',
        ...(known.length > 0 ? [`The server accepts: ${known.join(', ')}.`] : []),
      ],
      technical: partly ? 'partial success' : 'authentication failed',
    }),
  );
}

/** RFC 4254, 5.1: why a channel was not opened. */
const reasons: Readonly<Record<number, readonly [word: string, hint: string]>> = {
  1: [
    'administratively prohibited',
    'Its settings forbid it: look at AllowTcpForwarding, PermitOpen and, for a key, its options in authorized_keys.',
  ],
  2: ['connect failed', 'It cannot reach that place itself: check host and port as they are seen from the SSH server.'],
  3: ['unknown channel type', 'It does not forward connections at all.'],
  4: ['resource shortage', 'It has no room for another connection now: try again later.'],
};

export function refused(place: SshPlace, to: { host: string; port: number }, reason: unknown): Fault {
  const [word, hint] = (typeof reason === 'number' ? reasons[reason] : undefined) ?? [
    'no reason given',
    'Look into the log of the SSH server.',
  ];
  return new Fault(
    'tunnel.refused',
    tunnel({
      field: reason === 2 ? 'address.host' : 'address.ssh.host',
      detail: `The SSH server ${at(place)} accepted the login, but did not connect to ${to.host}:${to.port}.`,
      tryThis: [hint],
      technical: word,
      ...(reason === 2 || reason === 4 ? { retryable: true } : {}),
    }),
  );
}

export const lost = (place: SshPlace, technical: string, cause?: unknown): Fault =>
  new Fault(
    'tunnel.lost',
    tunnel({
      field: 'address.ssh.host',
      detail: `The tunnel over ${at(place)} broke.`,
      tryThis: ['Try again: it is opened anew.', 'If it stays so, look into the log of the SSH server.'],
      technical,
      retryable: true,
      ...(cause === undefined ? {} : { cause }),
    }),
  );

export const notSsh = (place: SshPlace, technical: string): Fault =>
  new Fault(
    'protocol.mismatched',
    tunnel({
      field: 'address.ssh.port',
      detail: `What answers on ${at(place)} does not speak SSH as it should.`,
      tryThis: ['Check the port: SSH usually listens on 22.', 'The server may take no more connections now.'],
      technical,
    }),
  );

export const incompatible = (place: SshPlace, technical: string): Fault =>
  new Fault(
    'tunnel.incompatible',
    tunnel({
      field: 'address.ssh.host',
      detail: `The SSH server ${at(place)} offers none of the algorithms that are still safe.`,
      tryThis: ['Update the SSH server: OpenSSH since version 7 (2015) offers them.'],
      technical,
    }),
  );
