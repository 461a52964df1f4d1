import type { StageName } from '../../src/contract/connections.ts';
import type { Tls } from '../../src/contract/engines.ts';
import type { Cell, Reading } from '../../src/server/engines/engine.ts';
import type { SqlServerSession } from '../../src/server/engines/sqlserver/session.ts';
import { sqlserver } from '../../src/server/engines/sqlserver/sqlserver.ts';
import type { Dial } from '../../src/server/platform/outbound.ts';
import { Secret } from '../../src/server/platform/secret.ts';
import { dial, noFiles } from './open-postgres.ts';
import { type StandIn, type StandInOptions, startStandIn } from './tds-stand-in.ts';

/** Where to and as whom; what is left out is as for a plain reader on this machine. */
export interface SqlServerPlace {
  readonly host?: string;
  readonly port: number;
  readonly database?: string;
  readonly tls?: Tls;
  readonly username?: string;
  readonly password?: string;
  readonly clientKey?: string;
  readonly dial?: Dial;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  /** Each stage as it is told. */
  readonly passed?: [stage: StageName, evidence: string | null, status: string][];
}

export const sqlServerAddress = ({ host = '127.0.0.1', port, database = 'shop', tls = { mode: 'disable' } }: SqlServerPlace) =>
  sqlserver.address.parse({ host, port, database, tls, ssh: null });

/** Opens a session with the engine itself. */
export function openSqlServer(place: SqlServerPlace): Promise<SqlServerSession> {
  const { username = 'reader', password = 'secret', clientKey, signal = new AbortController().signal, timeoutMs = 10_000 } = place;
  const login = { username, password: new Secret(password), ...(clientKey ? { clientKey: new Secret(clientKey) } : {}) };
  return sqlserver.open(sqlServerAddress(place), login, {
    dial: place.dial ?? dial,
    signal,
    statementTimeoutMs: timeoutMs,
    files: noFiles,
    passed: (stage, evidence, status) => place.passed?.push([stage, evidence, status ?? 'passed']),
  }) as Promise<SqlServerSession>;
}

/** Runs `work` in a session with a stand-in of its own, and ends both whatever happens. */
export async function withStandIn<T>(
  options: StandInOptions,
  work: (session: SqlServerSession, standIn: StandIn) => Promise<T>,
): Promise<T> {
  const standIn = await startStandIn(options);
  try {
    const session = await openSqlServer({ port: standIn.port, timeoutMs: 2000 });
    try {
      return await work(session, standIn);
    } finally {
      await session.close();
    }
  } finally {
    await standIn.close();
  }
}

/** A reading of somebody's making. */
export const readingOf = (sql: string, about: Partial<Reading> = {}, parameters: readonly Cell[] = []): Reading => ({
  ...{ sql, parameters, maxRows: 100, maxBytes: 1_000_000, timeoutMs: 5000, signal: new AbortController().signal },
  ...about,
});
