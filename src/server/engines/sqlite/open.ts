import type { Address } from '../../../contract/connections.ts';
import { Fault } from '../../platform/fault.ts';
import type { Login, Opening } from '../engine.ts';
import { placeOf } from './address.ts';
import { explain } from './faults.ts';
import { findFile } from './file.ts';
import { type SqliteSession, startSession } from './session.ts';

/** Why the signal was aborted, as a fault. */
export function reasonOf(signal: AbortSignal): Fault {
  return signal.reason instanceof Fault ? signal.reason : new Fault('test.cancelled', { detail: 'It was cancelled before it ended.' });
}

const noNetwork = 'A file on the server that Portcullis runs on: nothing is dialled';

/** Finds the file and starts the process that reads it. There is no network, no encryption and no login: those stages are skipped. */
export async function openSession(address: Address, _login: Login, opening: Opening): Promise<SqliteSession> {
  const { signal, passed, files } = opening;
  const { file } = placeOf(address);
  if (signal.aborted) throw reasonOf(signal);
  for (const stage of ['dns', 'network', 'tcp', 'tunnel', 'tls'] as const) passed?.(stage, noNetwork, 'skipped');
  passed?.('auth', 'SQLite has no logins', 'skipped');
  try {
    const session = await startSession(file, await findFile(file, files), signal);
    const [byFile, byAuthorizer] = session.refusals;
    if (byFile !== 8 || byAuthorizer !== 23) {
      await session.close();
      throw new Fault('session.writable', {
        detail: 'SQLite did not refuse a write to the file.',
        technical: `expected results 8 and 23, got ${session.refusals.join(' and ')}`,
      });
    }
    passed?.('database', 'The file is open for reading alone, in a process of its own');
    return session;
  } catch (error) {
    throw signal.aborted ? reasonOf(signal).at('database') : explain(error, 'database', address);
  }
}
