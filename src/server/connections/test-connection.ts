import type { StageResult, TestInput, TestResult } from '../../contract/connections.ts';
import type { NewRecord } from '../audit/audit.ts';
import type { Actor } from '../platform/actor.ts';
import { Fault, toFault } from '../platform/fault.ts';
import { countTest } from './attempts-store.ts';
import { type ConnectionRow, sameDatabase } from './connection-store.ts';
import type { ConnectionsDeps } from './connections-deps.ts';
import { countingDial, destinationKeys } from './destination-keys.ts';
import { issueReceipt } from './receipts.ts';
import { resolveTarget, type Target } from './resolve-target.ts';
import { describeThrough } from './resolve-tunnel.ts';
import { complete, failedParse, stagedTest, type Tested } from './staged-test.ts';

/** How a test is followed and ended by its caller. */
export interface Following {
  readonly signal: AbortSignal;
  readonly emit: (stage: StageResult) => void;
}

/** Tests a database stage by stage without keeping anything but the record that it was tried. */
export async function testConnection(deps: ConnectionsDeps, actor: Actor, input: TestInput, following: Following): Promise<TestResult> {
  let target: Target;
  try {
    target = resolveTarget(actor, input);
  } catch (error) {
    // A mistake in the form is a failed first stage; a body of the wrong shape is a refused request.
    if (!(error instanceof Fault) || error.code === 'request.invalid') throw error;
    const failed = failedParse(error);
    await recordTest(deps, actor, { dbType: input.dbType }, failed, null);
    for (const stage of failed.stages) following.emit(stage);
    return resultOf(failed, [], undefined);
  }
  const tested = await countedTest(deps, actor, target, following, null);
  const receipt = tested.ok ? await issueReceipt(deps.vault, actor, target, tested) : undefined;
  return resultOf(tested, await others(deps, actor, tested, null), receipt);
}

/**
 * Runs the stages against their limits and writes down that they were run. `row`: the connection it is for, if it exists already;
 * `sameAs`: the one whose server has to answer.
 */
export async function countedTest(
  deps: ConnectionsDeps,
  actor: Actor,
  target: Target,
  following: Following,
  row: ConnectionRow | null,
  how: { readonly sameAs?: ConnectionRow; readonly mayBeSilent?: boolean; readonly wayOnly?: boolean } = {},
): Promise<Tested> {
  const { engine, address, login, through } = target;
  const { host, port, database } = engine.destination(address);
  const over = through ? describeThrough(through) : null;
  const about = { dbType: engine.id, host, port, database, username: login.username, tunnel: over };
  try {
    await countTest(deps.store, actor.organizationId, personKey(actor), destinationKeys(actor, target));
  } catch (error) {
    await recordTest(deps, actor, about, { ok: false, fault: toFault(error) }, row);
    throw error;
  }
  const tested = await stagedTest(target, {
    dial: countingDial(deps, actor, target),
    admitTarget: deps.admitTarget,
    files: deps.filesOf(actor.organizationId),
    ownIdentity: deps.ownIdentity,
    sameAs: null,
    ...how,
    signal: following.signal,
    onStage: following.emit,
  });
  await recordTest(deps, actor, about, tested, row);
  if (tested.fault?.code === 'rate.exceeded') throw tested.fault;
  return tested;
}

/** Keeps that a test was tried, how far it came and why it ended. */
async function recordTest(
  deps: ConnectionsDeps,
  actor: Actor,
  about: NewRecord['detail'],
  tested: Pick<Tested, 'ok' | 'fault'>,
  row: ConnectionRow | null,
): Promise<void> {
  await deps.record(deps.store.db, {
    organizationId: actor.organizationId,
    actor: { id: actor.userId, name: actor.name, via: actor.via },
    action: 'connection.tested',
    subject: 'connection',
    subjectId: row?.id ?? null,
    outcome: tested.ok ? 'passed' : 'failed',
    detail: { ...(row ? { name: row.name } : {}), ...about, stage: tested.fault?.about.stage ?? null, fault: tested.fault?.code ?? null },
  });
}

/** The key under which a person's tests are counted. */
export const personKey = (actor: Pick<Actor, 'userId'>): string => `person:${actor.userId}`;

/** What the caller learns of a test. */
export function resultOf(tested: Tested, sameDatabaseAs: readonly string[], receipt: string | undefined): TestResult {
  const { ok, server, certificate, hostKey, privileges } = tested;
  return {
    ok,
    stages: complete(tested.stages),
    server,
    certificate,
    hostKey,
    privileges,
    sameDatabaseAs: [...sameDatabaseAs],
    ...(receipt === undefined ? {} : { receipt }),
  };
}

/** Other connections that reach the same database, as far as the actor may know of them. */
export async function others(deps: ConnectionsDeps, actor: Actor, tested: Tested, except: string | null): Promise<string[]> {
  const identity = tested.server?.identity;
  return identity ? sameDatabase(deps.store, actor.organizationId, identity, actor.role === 'admin' ? null : actor.userId, except) : [];
}

/** The fault that ends a use case which needed a test to pass. */
export function requirePassed(
  tested: Tested,
): asserts tested is Tested & { server: NonNullable<Tested['server']>; privileges: NonNullable<Tested['privileges']> } {
  if (tested.fault) throw tested.fault;
  if (!tested.server || !tested.privileges) throw new TypeError('a passed test names its server and privileges');
}
