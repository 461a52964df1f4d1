import type { Socket } from 'node:net';
import type { Certificate } from '../../../contract/connections.ts';
import type { Secret } from '../../platform/secret.ts';
import { type Encrypted, encrypt } from '../network/encrypt.ts';
import type { OracleAddress } from './address.ts';
import { Tap } from './tap.ts';
import { WireError } from './wire-error.ts';

/** The way to the server: a socket, encrypted or not. */
export interface Link {
  readonly socket: Socket;
  readonly certificate: Certificate | null;
  /** Protocol and cipher as we negotiated them; null where not encrypted. */
  readonly encryption: string | null;
  readonly evidence: string;
  readonly warning: boolean;
  /**
   * Encrypts anew over the same connection. A listener that hands the connection to another process of the server cannot hand over its
   * encryption: that process asks for a new one (RESEND), and its certificate is proved as the first was. `hold` as below.
   */
  renew(hold: (socket: Socket) => void): Promise<Link>;
}

/** A link over which nothing is encrypted. */
export const openLink = (raw: Socket): Link => ({
  socket: raw,
  certificate: null,
  encryption: null,
  evidence: 'Not encrypted',
  warning: true,
  renew: () => Promise.reject(new WireError('malformed')),
});

/** Encrypts a connected socket. `hold` is given what is to be destroyed from then on. */
export async function encryptedLink(
  raw: Socket,
  at: OracleAddress,
  clientKey: Secret | undefined,
  hold: (socket: Socket) => void,
): Promise<Link> {
  const tap = new Tap(raw);
  let made: Encrypted;
  try {
    made = await encrypt(tap, at, clientKey, hold);
  } catch (error) {
    tap.destroy();
    throw error;
  }
  const { socket, certificate, evidence, warning } = made;
  return {
    socket,
    certificate,
    encryption: `${socket.getProtocol()}, ${socket.getCipher().name}`,
    evidence,
    warning,
    async renew(holdAnew) {
      const bare = tap.letGo();
      socket.removeAllListeners('data').destroy();
      if (!bare || bare.destroyed) throw new WireError('closed_early');
      return encryptedLink(bare, at, clientKey, holdAnew);
    },
  };
}
