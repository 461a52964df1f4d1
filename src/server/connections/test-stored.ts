import type { TestResult } from '../../contract/connections.ts';
import type { Actor } from '../platform/actor.ts';
import { Fault } from '../platform/fault.ts';
import { type ConnectionRow, keepLearned } from './connection-store.ts';
import type { ConnectionsDeps } from './connections-deps.ts';
import { setHealth } from './health.ts';
import { foundColumns } from './register-connection.ts';
import { requireConnection } from './require-connection.ts';
import { storedTarget } from './stored-target.ts';
import { countedTest, type Following, others, resultOf } from './test-connection.ts';

/** Tests what is stored, and keeps what was learned about the server and the credential. */
export async function testStored(deps: ConnectionsDeps, actor: Actor, id: string, following: Following): Promise<TestResult> {
  const row = await requireConnection(deps.store, actor, id, 'connection:manage');
  if (row.is_active === 0) throw disabled(row);
  const tested = await countedTest(deps, actor, await storedTarget(deps, row), following, row);
  if (tested.ok && tested.server && tested.privileges) {
    const found = foundColumns({ server: tested.server, certificate: tested.certificate, privileges: tested.privileges });
    await keepLearned(deps.store.db, row, found);
  } else if (tested.fault) {
    await setHealth(deps.store, row, tested.fault);
  }
  return resultOf(tested, await others(deps, actor, tested, id), undefined);
}

/** The fault of any use of a connection that somebody disabled. */
export const disabled = (row: ConnectionRow): Fault =>
  new Fault('connection.disabled', { detail: row.disabled_reason ? `It was disabled: ${row.disabled_reason}` : 'Enable it first.' });
