import { isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect, type TLSSocket } from 'node:tls';
import type { Certificate } from '../../../contract/connections.ts';
import { reveal, type Secret } from '../../platform/secret.ts';
import { type NetworkPlace, plainFingerprint } from './address.ts';
import { certificateOf } from './certificate.ts';
import { CertificateError, WireError } from './wire-error.ts';

/** An encrypted socket whose other end is proved to be the one that was asked for. */
export interface Encrypted {
  readonly socket: TLSSocket;
  readonly certificate: Certificate;
  readonly evidence: string;
  /** A pinned certificate is taken as it is; that it has run out is worth saying. */
  readonly warning: boolean;
}

/** Waits for one event, or for the end of the socket by whatever cause. */
export function until<T>(socket: Socket, event: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      socket.off(event, arrived).off('error', reject).off('close', closed);
      act();
    };
    const arrived = (value: T) => settle(() => resolve(value));
    const closed = () => settle(() => reject(socket.errored ?? new WireError('closed_early')));
    socket.once(event, arrived).on('error', reject).on('close', closed);
  });
}

/** What is proved to a server that asks for a certificate of the client; null where none was given. */
export function clientOf({ tls }: NetworkPlace, key: Secret | undefined): { cert: string; key: string } | null {
  if (tls.mode === 'disable' || tls.clientCertificate === undefined || key === undefined) return null;
  return { cert: tls.clientCertificate, key: reveal(key) };
}

/**
 * Encrypts a connected socket, or a stream over one, over which the server expects TLS now, and proves the other end by CA and name, or by the
 * pinned fingerprint, before anything is sent through it. `hold` is given the encrypted socket as soon as there is one: from then on that one is
 * to be destroyed. Destroying the bare socket below it can crash the process.
 */
export async function encrypt(
  raw: Duplex,
  place: NetworkPlace,
  clientKey: Secret | undefined,
  hold: (socket: Socket) => void,
): Promise<Encrypted> {
  const { host, tls } = place;
  const name = isIP(host) ? {} : { servername: host };
  const ca = tls.mode === 'verify-full' && tls.ca !== undefined ? { ca: tls.ca } : {};
  // Judged by us below, with the certificate at hand to tell about; until then nothing is written to it.
  const how = { socket: raw, host, minVersion: 'TLSv1.2', rejectUnauthorized: false } as const;
  const socket = connect({ ...how, ...name, ...ca, ...clientOf(place, clientKey) });
  hold(socket.on('error', () => undefined));
  await until<void>(socket, 'secureConnect');
  return proved(socket, place);
}

/** Judges an encrypted socket whose handshake is done. Throws where its other end is not the one that was asked for. */
export function proved(socket: TLSSocket, { tls }: NetworkPlace): Encrypted {
  socket.disableRenegotiation();
  const x509 = socket.getPeerX509Certificate();
  if (!x509) throw new WireError('not_spoken');
  const certificate = certificateOf(x509);
  if (tls.mode === 'pinned') {
    if (certificate.sha256 !== plainFingerprint(tls.sha256)) throw new WireError('pin_mismatch', certificate);
  } else if (!socket.authorized) {
    throw new CertificateError(String(socket.authorizationError ?? 'CERT_UNTRUSTED'), certificate);
  }
  const expired = Date.parse(certificate.validTo) < Date.now();
  const spoken = `${socket.getProtocol()}, ${socket.getCipher().name}`;
  const how = tls.mode === 'pinned' ? 'the pinned certificate' : `certificate of ${certificate.names[0] ?? certificate.subject}`;
  const evidence = `${spoken}, ${how}, ${expired ? 'expired on' : 'valid until'} ${certificate.validTo.slice(0, 10)}`;
  return { socket, certificate, evidence, warning: expired };
}
