import type { Socket } from 'node:net';
import { until } from '../network/encrypt.ts';
import { WireError } from './wire-error.ts';

const sslRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

/** Asks whether the server speaks TLS. Exactly one byte may come back: more would be words put into the encrypted talk from outside. */
export async function askForTls(raw: Socket): Promise<void> {
  const answer = until<Buffer>(raw, 'data');
  raw.write(sslRequest);
  const bytes = await answer;
  raw.pause();
  const letter = String.fromCharCode(bytes[0] ?? 0);
  if (letter === 'N' && bytes.length === 1) throw new WireError('tls_refused');
  if (letter === 'E') throw new WireError('error_before_tls');
  if (letter !== 'S' || bytes.length !== 1) throw new WireError('not_spoken');
}
