import type { StageName } from '../../src/contract/connections.ts';
import type { Tls } from '../../src/contract/engines.ts';
import { oracle } from '../../src/server/engines/oracle/oracle.ts';
import type { OracleSession } from '../../src/server/engines/oracle/session.ts';
import type { Dial } from '../../src/server/platform/outbound.ts';
import { Secret } from '../../src/server/platform/secret.ts';
import { dial, noFiles } from './open-postgres.ts';

/** Where to and as whom; what is left out is as for the plain user of a double on this machine. */
export interface OraclePlace {
  readonly host?: string;
  readonly port: number;
  readonly service?: string;
  readonly naming?: 'service' | 'sid';
  readonly tls?: Tls;
  readonly username?: string;
  readonly password?: string;
  readonly clientKey?: string;
}

export type Passed = [stage: StageName, evidence: string | null, status: string][];

export const oracleAddress = (place: OraclePlace) =>
  oracle.address.parse({
    host: place.host ?? '127.0.0.1',
    port: place.port,
    service: place.service ?? 'FREEPDB1',
    naming: place.naming ?? 'service',
    tls: place.tls ?? { mode: 'disable' },
    ssh: null,
  });

/** Opens a session with the engine itself, telling `passed` each stage. */
export function openOracle(
  place: OraclePlace,
  passed: Passed = [],
  signal: AbortSignal = new AbortController().signal,
  timeoutMs = 10_000,
  way: Dial = dial,
): Promise<OracleSession> {
  const login = {
    username: place.username ?? 'scott',
    password: new Secret(place.password ?? 'tiger'),
    ...(place.clientKey === undefined ? {} : { clientKey: new Secret(place.clientKey) }),
  };
  return oracle.open(oracleAddress(place), login, {
    dial: way,
    signal,
    statementTimeoutMs: timeoutMs,
    files: noFiles,
    passed: (stage, evidence, status) => passed.push([stage, evidence, status ?? 'passed']),
  }) as Promise<OracleSession>;
}
