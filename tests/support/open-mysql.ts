import type { StageName } from '../../src/contract/connections.ts';
import type { Tls } from '../../src/contract/engines.ts';
import { mariadb } from '../../src/server/engines/mariadb/mariadb.ts';
import { mysql } from '../../src/server/engines/mysql/mysql.ts';
import type { MysqlSession } from '../../src/server/engines/mysql/session.ts';
import type { Fault } from '../../src/server/platform/fault.ts';
import type { Dial } from '../../src/server/platform/outbound.ts';
import { Secret } from '../../src/server/platform/secret.ts';
import type { Kind } from './mysql-binaries.ts';
import { dial, noFiles } from './open-postgres.ts';

export const engineOfKind = { mysql, mariadb } as const;

/** Where to and as whom; what is left out is as for a plain reader on this machine. */
export interface Place {
  readonly kind?: Kind;
  readonly host?: string;
  readonly port: number;
  readonly database?: string;
  readonly tls?: Tls;
  readonly username?: string;
  readonly password?: string;
  /** The private key of the client's certificate in `tls`. */
  readonly clientKey?: string;
}
export type Passed = [stage: StageName, evidence: string | null, status: string][];

/** How a session is opened, where it is not as usual. */
export interface Way {
  readonly passed?: Passed;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  readonly dial?: Dial;
  readonly refused?: (fault: Fault) => void;
}

/** The checked address of a place. */
export const addressOf = (place: Place) =>
  engineOfKind[place.kind ?? 'mysql'].address.parse({
    host: place.host ?? '127.0.0.1',
    port: place.port,
    database: place.database ?? 'shop',
    tls: place.tls ?? { mode: 'disable' },
    ssh: null,
  });

/** Opens a session with the engine itself, telling `passed` each stage. */
export function open(place: Place, way: Way = {}): Promise<MysqlSession> {
  const login = {
    username: place.username ?? 'reader',
    password: new Secret(place.password ?? 'secret'),
    ...(place.clientKey === undefined ? {} : { clientKey: new Secret(place.clientKey) }),
  };
  return engineOfKind[place.kind ?? 'mysql'].open(addressOf(place), login, {
    dial: way.dial ?? dial,
    signal: way.signal ?? new AbortController().signal,
    statementTimeoutMs: way.timeoutMs ?? 10_000,
    files: noFiles,
    ...(way.refused ? { refused: way.refused } : {}),
    passed: (stage, evidence, status) => way.passed?.push([stage, evidence, status ?? 'passed']),
  });
}

/** Opens a session, runs `work` in it, and closes it whatever happens. */
export async function inside<T>(place: Place, work: (session: MysqlSession) => Promise<T>, way: Way = {}): Promise<T> {
  const session = await open(place, way);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}
