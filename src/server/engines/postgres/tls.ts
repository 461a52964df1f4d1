import { isIP, type Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import type { Certificate } from '../../../contract/connections.ts';
import { type PostgresAddress, plainFingerprint } from './address.ts';
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

const sslRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

/** Waits for one event, or for the end of the socket by whatever cause. */
function until<T>(socket: Socket, event: string): Promise<T> {
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

/** Asks whether the server speaks TLS. Exactly one byte may come back: more would be words put into the encrypted talk from outside. */
async function ask(raw: Socket): Promise<void> {
  const answer = until<Buffer>(raw, 'data');
  raw.write(sslRequest);
  const bytes = await answer;
  raw.pause();
  const letter = String.fromCharCode(bytes[0] ?? 0);
  if (letter === 'N' && bytes.length === 1) throw new WireError('tls_refused');
  if (letter === 'E') throw new WireError('error_before_tls');
  if (letter !== 'S' || bytes.length !== 1) throw new WireError('not_postgres');
}

/**
 * Encrypts a connected socket and proves the other end by CA and name, or by the pinned fingerprint, before anything is sent through it.
 * `hold` is given the encrypted socket as soon as there is one: from then on that one is to be destroyed. Destroying the bare socket below it
 * can crash the process.
 */
export async function encrypt(raw: Socket, address: PostgresAddress, hold: (socket: Socket) => void): Promise<Encrypted> {
  const { host, tls } = address;
  await ask(raw);
  const name = isIP(host) ? {} : { servername: host };
  const ca = tls.mode === 'verify-full' && tls.ca !== undefined ? { ca: tls.ca } : {};
  // Judged by us below, with the certificate at hand to tell about; until then nothing is written to it.
  const socket = connect({ socket: raw, host, minVersion: 'TLSv1.2', rejectUnauthorized: false, ...name, ...ca });
  hold(socket.on('error', () => undefined));
  await until<void>(socket, 'secureConnect');
  socket.disableRenegotiation();
  const x509 = socket.getPeerX509Certificate();
  if (!x509) throw new WireError('not_postgres');
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
