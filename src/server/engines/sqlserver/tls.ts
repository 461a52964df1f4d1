import { isIP, type Socket } from 'node:net';
import { connect } from 'node:tls';
import type { Secret } from '../../platform/secret.ts';
import { clientOf, type Encrypted, proved, until } from '../network/encrypt.ts';
import type { SqlServerAddress } from './address.ts';
import { Handshake } from './handshake.ts';
import { PacketReader, packetKind, packetsOf } from './packets.ts';
import { encryption, preloginOf, wantedBy } from './prelogin.ts';
import { WireError } from './wire-error.ts';

/** More than an answer to the first words can be. */
const mostWords = 4096;

/** Says the first words, which are never encrypted, and answers with what the server wants of encryption. */
async function askForTls(raw: Socket, wanted: number): Promise<number> {
  const packets = new PacketReader([packetKind.answer]);
  let words = Buffer.alloc(0);
  let heard = 0;
  raw.write(packetsOf(packetKind.prelogin, preloginOf(wanted)));
  while (heard <= mostWords) {
    const coming = until<Buffer>(raw, 'data');
    raw.resume();
    const chunk = await coming;
    raw.pause();
    // What no packet begins with is no TDS, however little of it is in yet.
    if (heard === 0 && chunk[0] !== packetKind.answer) throw new WireError('not_spoken');
    heard += chunk.length;
    const { packets: whole } = packets.take(chunk);
    words = Buffer.concat([words, ...whole.map(({ payload }) => payload)]);
    const last = whole.findIndex(({ isLast }) => isLast);
    if (last < 0) continue;
    // Words behind the last would be put into the encrypted talk from outside.
    if (last !== whole.length - 1 || !packets.isEmpty) throw new WireError('malformed');
    return wantedBy(words);
  }
  throw new WireError('not_spoken');
}

/**
 * Agrees with the server on encryption and proves its certificate, all before the driver has said a word. Null where the address says that
 * it is not encrypted: a server that insists is told apart. `hold` is given the socket to destroy from then on.
 */
export async function secure(
  raw: Socket,
  at: SqlServerAddress,
  clientKey: Secret | undefined,
  hold: (socket: Socket) => void,
): Promise<Encrypted | null> {
  const isOpen = at.tls.mode === 'disable';
  const wanted = await askForTls(raw, isOpen ? encryption.notSupported : encryption.on);
  const isOffered = wanted === encryption.on || wanted === encryption.required;
  if (isOpen) {
    if (isOffered) throw new WireError('tls_required');
    return null;
  }
  if (!isOffered) throw new WireError('tls_refused');
  const handshake = new Handshake(raw);
  const name = isIP(at.host) ? {} : { servername: at.host };
  const ca = at.tls.mode === 'verify-full' && at.tls.ca !== undefined ? { ca: at.tls.ca } : {};
  // TLS 1.3 goes on talking when its handshake is done, which TDS 7 has no packets for. The certificate is judged by us, below.
  const how = { socket: handshake, host: at.host, minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2', rejectUnauthorized: false } as const;
  const socket = connect({ ...how, ...name, ...ca, ...clientOf(at, clientKey) });
  hold(socket.on('error', () => undefined).on('close', () => handshake.destroy()));
  try {
    await until<void>(socket, 'secureConnect');
  } catch (error) {
    throw handshake.errored ?? error;
  }
  handshake.goBare();
  return proved(socket, at);
}
