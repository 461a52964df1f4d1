import type { TestResult } from '../../contract/connections.ts';
import type { Actor } from '../platform/actor.ts';
import { Fault } from '../platform/fault.ts';
import { keptAcknowledged } from './acknowledged.ts';
import { type ConnectionRow, keepLearned, updateConnection } from './connection-store.ts';
import type { ConnectionsDeps } from './connections-deps.ts';
import { learnFromFailed } from './learn-from-failed.ts';
import { recordOf } from './record-of.ts';
import { foundColumns, sameServerColumns } from './register-connection.ts';
import { requireConnection } from './require-connection.ts';
import { flagServer, isOther } from './same-server.ts';
import { storedTarget } from './stored-target.ts';
import { countedTest, type Following, others, resultOf } from './test-connection.ts';

/** Tests what is stored, and keeps what was learned about the server and the credential. Passed, it settles what was found by itself. */
export async function testStored(deps: ConnectionsDeps, actor: Actor, id: string, following: Following): Promise<TestResult> {
  const row = await requireConnection(deps.store, actor, id, 'connection:manage');
  if (row.is_active === 0) throw disabled(row);
  const tested = await countedTest(deps, actor, await storedTarget(deps, row), following, row, { sameAs: row });
  if (tested.ok && tested.server && tested.privileges) {
    const { server, certificate, privileges } = tested;
    const found = sameServerColumns(deps, row, { server, certificate, privileges });
    await keepLearned(deps.store.db, row, { ...found, acknowledged: keptAcknowledged(actor, row, privileges) });
  } else if (tested.fault) {
    if (tested.fault.code === 'server.changed' && tested.server) await flagServer(deps, row, tested.server);
    await learnFromFailed(deps, row, tested);
  }
  return resultOf(tested, await others(deps, actor, tested, id), undefined);
}

/**
 * Tests what is stored and takes whichever server answers for the right one: with it goes what was read of the one before, so that the schema is
 * read anew.
 */
export async function confirmServer(
  deps: ConnectionsDeps,
  actor: Actor,
  id: string,
  reason: string,
  following: Following,
): Promise<TestResult> {
  const row = await requireConnection(deps.store, actor, id, 'connection:manage');
  if (row.is_active === 0) throw disabled(row);
  const tested = await countedTest(deps, actor, await storedTarget(deps, row), following, row);
  if (tested.ok && tested.server && tested.privileges) {
    const { server, certificate, privileges } = tested;
    const moved = isOther(row, server.identity);
    await deps.store.db.transaction().execute(async (trx) => {
      await updateConnection(trx, row, {
        ...foundColumns(deps, { server, certificate, privileges }),
        acknowledged: keptAcknowledged(actor, row, privileges),
        version: row.version + 1,
      });
      const about = { reason, before: row.server_identity, now: server.identity, product: `${server.product} ${server.version}` };
      await deps.record(trx, recordOf(actor, row, 'connection.confirmed', about));
      if (moved)
        await deps.requestRun(trx, { connectionId: id, organizationId: row.organization_id, cause: 'edited', createdBy: actor.userId });
    });
    deps.poke();
  } else await learnFromFailed(deps, row, tested);
  return resultOf(tested, await others(deps, actor, tested, id), undefined);
}

/** The fault of any use of a connection that somebody disabled. */
export const disabled = (row: ConnectionRow): Fault =>
  new Fault('connection.disabled', { detail: row.disabled_reason ? `It was disabled: ${row.disabled_reason}` : 'Enable it first.' });
