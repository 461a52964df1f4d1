import {
  type Certificate,
  type HostKey,
  type Privileges,
  type ServerFacts,
  type StageName,
  type StageResult,
  stageNames,
} from '../../contract/connections.ts';
import type { Engine, FilesPlace, Session } from '../engines/engine.ts';
import { CertificateError, WireError } from '../engines/network/wire-error.ts';
import { Fault, toFault } from '../platform/fault.ts';
import { storeTables } from '../platform/store-identity.ts';
import type { ConnectionRow } from './connection-store.ts';
import type { Target } from './resolve-target.ts';
import { describeThrough, type Through } from './resolve-tunnel.ts';
import { isOther, otherServer } from './same-server.ts';
import { StageClock, stageFault } from './stage-clock.ts';
import { openWay, type WaysOut } from './way-out.ts';

/** What a test found. `fault` is the one that ended it. */
export interface Tested {
  readonly ok: boolean;
  readonly stages: readonly StageResult[];
  readonly server: ServerFacts | null;
  readonly certificate: Certificate | null;
  /** The key that the SSH server of the tunnel showed. */
  readonly hostKey: HostKey | null;
  readonly privileges: Privileges | null;
  readonly fault: Fault | null;
}

interface Testing extends WaysOut {
  readonly files: FilesPlace;
  readonly ownIdentity: string | null;
  /** The connection whose server has to answer; null: any may. */
  readonly sameAs: ConnectionRow | null;
  /** Whether that server may keep to itself who it is. */
  readonly mayBeSilent?: boolean;
  /** Ends where the SSH server has connected to the database: there is no login yet to go on with. */
  readonly wayOnly?: boolean;
  /** Aborted when the caller cancels or goes away. */
  readonly signal: AbortSignal;
  readonly onStage: (result: StageResult) => void;
}

/** Runs every stage in order, each with its own time limit, and stops at the first that fails. Stage parse has been passed by having a target. */
export async function stagedTest(target: Target, testing: Testing): Promise<Tested> {
  const { engine, address, login, through } = target;
  const clock = new StageClock(testing.signal, testing.onStage, through !== null);
  let hostKey: HostKey | null = null;
  // A tunnel of its own: one that is in use proves nothing of what is tested here.
  const way = openWay(testing, through, {
    onHostKey(shown) {
      hostKey = shown;
    },
  });
  let session: Session | null = null;
  let server: ServerFacts | null = null;
  let privileges: Privileges | null = null;
  try {
    const { host, port, ...place } = engine.destination(address);
    clock.pass('parse', describePlace({ host, port, ...place }, through));
    if (testing.wayOnly && host !== null && port !== null) {
      const reached = await way.dial({ host, port, field: 'address.host' }, { signal: clock.signal, passed: clock.pass });
      reached.destroy();
      return { ok: true, stages: clock.results, server, certificate: null, hostKey, privileges, fault: null };
    }
    const opened = await engine.open(address, login, {
      dial: way.dial,
      files: testing.files,
      signal: clock.signal,
      passed: clock.pass,
      statementTimeoutMs: 10_000,
    });
    session = opened;
    server = await clock.during(
      'version',
      async () => {
        server = await recogniseServer(engine, opened, testing.ownIdentity);
        const { sameAs, mayBeSilent } = testing;
        if (sameAs && isOther(sameAs, server.identity, mayBeSilent)) throw otherServer(sameAs, server);
        return server;
      },
      (facts) => `${facts.product} ${facts.version}`,
    );
    await clock.during('read', () => engine.read(opened), String);
    privileges = await clock.during(
      'privilege',
      () => engine.privileges(opened, login),
      (found) => found.summary,
      (found) => (found.grade === 'read_only' ? 'passed' : 'warning'),
    );
    await clock.during('catalog', () => engine.catalog(opened), String);
    return { ok: true, stages: clock.results, server, certificate: opened.certificate, hostKey, privileges, fault: null };
  } catch (error) {
    const fault = clock.reason ?? (error instanceof Fault ? error : engine.explain(error, clock.current, address));
    clock.fail(fault.at(clock.current));
    return {
      ok: false,
      stages: clock.results,
      server,
      certificate: session?.certificate ?? shownIn(error),
      hostKey,
      privileges,
      fault: fault.at(clock.current),
    };
  } finally {
    clock.stop();
    await session?.close();
    await way.close();
  }
}

/** The certificate that was shown and not accepted, so that a person can compare it. */
function shownIn(error: unknown): Certificate | null {
  const cause = error instanceof Fault ? error.cause : error;
  return cause instanceof CertificateError || cause instanceof WireError ? cause.certificate : null;
}

/** The result of a test that ended before it could begin. */
export function failedParse(error: unknown): Tested {
  const fault = toFault(error).at('parse');
  const stages = stageNames.map(
    (stage): StageResult =>
      stage === 'parse'
        ? { stage, status: 'failed', ms: 0, evidence: null, fault: stageFault(fault) }
        : { stage, status: 'skipped', ms: 0, evidence: null, fault: null },
  );
  return { ok: false, stages, server: null, certificate: null, hostKey: null, privileges: null, fault };
}

/** What answers there, unless it is a store of Portcullis: known by its identity, and by its tables where the server keeps that to itself. */
async function recogniseServer(engine: Engine, session: Session, own: string | null): Promise<ServerFacts> {
  const server = await engine.server(session);
  if ((own === null || server.identity !== own) && !(await engine.holds(session, storeTables))) return server;
  throw new Fault('server.own', {
    stage: 'version',
    field: 'address.database',
    detail: 'This database holds what Portcullis itself keeps: it cannot be registered.',
    tryThis: ['Name another database.'],
  });
}

function describePlace({ host, port, database }: ReturnType<Engine['destination']>, through: Through | null): string {
  const place = [host === null ? null : `${host}${port === null ? '' : `:${port}`}`, database].filter((part) => part !== null);
  return `${place.join(', database ')}${through ? `, through ${describeThrough(through)}` : ''}`;
}

/** Every stage of a finished test, those that were not reached as skipped. */
export function complete(results: readonly StageResult[]): StageResult[] {
  const seen = new Map<StageName, StageResult>(results.map((result) => [result.stage, result]));
  return stageNames.map((stage) => seen.get(stage) ?? { stage, status: 'skipped', ms: 0, evidence: null, fault: null });
}
