import type { StageName } from '../../src/contract/connections.ts';
import type { Tls } from '../../src/contract/engines.ts';
import type { FilesPlace } from '../../src/server/engines/engine.ts';
import { postgres } from '../../src/server/engines/postgres/postgres.ts';
import type { PostgresSession } from '../../src/server/engines/postgres/session.ts';
import { createOutbound, type Dial } from '../../src/server/platform/outbound.ts';
import { Secret } from '../../src/server/platform/secret.ts';
import { withoutTunnel } from '../../src/server/platform/ssh-tunnel.ts';

const outbound = createOutbound({ allow: [], deny: [], loopbackAllowed: true, ownListeners: () => [] });
/** The real guard, as it is where loopback may be dialled. */
export const dial: Dial = outbound.dial;
export const { admitTarget } = outbound;

/** Where no database that is a file may lie. */
export const noFiles: FilesPlace = { root: '/nowhere', isOwn: () => false };

/** Where to and as whom; what is left out is as for a plain reader on this machine. */
export interface Place {
  host?: string;
  port: number;
  database?: string;
  tls?: Tls;
  username?: string;
  password?: string;
}

/** Where a session was opened to, with everything that was said on the way. */
export interface Way {
  readonly address: Record<string, never>;
  readonly passed: [stage: StageName, evidence: string | null, status: string][];
}

const addressOf = (place: Place) =>
  postgres.address.parse({
    host: place.host ?? '127.0.0.1',
    port: place.port,
    database: place.database ?? 'sample',
    tls: place.tls ?? { mode: 'disable' },
    ssh: null,
  });

/** Opens a session with the engine itself, telling `passed` each stage. */
export function open(
  place: Place,
  passed: Way['passed'] = [],
  signal: AbortSignal = new AbortController().signal,
  timeoutMs = 10_000,
): Promise<PostgresSession> {
  const login = { username: place.username ?? 'reader', password: new Secret(place.password ?? 'secret') };
  return postgres.open(addressOf(place), login, {
    dial: withoutTunnel(dial),
    signal,
    statementTimeoutMs: timeoutMs,
    files: noFiles,
    passed: (stage, evidence, status) => passed.push([stage, evidence, status ?? 'passed']),
  }) as Promise<PostgresSession>;
}

/** Opens a session, runs `work` in it, and closes it whatever happens. */
export async function inside<T>(place: Place, work: (session: PostgresSession) => Promise<T>): Promise<T> {
  const session = await open(place);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}
