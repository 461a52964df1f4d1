import type { Connection } from '../../contract/connections.ts';
import type { Actor } from '../platform/actor.ts';
import { type ConnectionRow, putCredentialRow, updateConnection } from './connection-store.ts';
import type { ConnectionsDeps } from './connections-deps.ts';
import { presentFresh } from './present-connection.ts';
import { recordOf } from './record-of.ts';
import { standingRejection } from './rejection.ts';
import type { Target } from './resolve-target.ts';
import { sealTarget } from './seal-login.ts';
import { countedTest, type Following } from './test-connection.ts';

/**
 * Takes the login of the SSH server of a connection that has none for its database either: it is tested as far as that goes, until the SSH server has
 * connected to the database. The connection answers nothing before the other login is given, which is tested through this one.
 */
export async function refillTunnel(
  deps: ConnectionsDeps,
  actor: Actor,
  row: ConnectionRow,
  target: Target,
  following: Following,
): Promise<Connection> {
  const { fault } = await countedTest(deps, actor, target, following, row, { wayOnly: true });
  if (fault) throw fault;
  const place = { id: row.id, organizationId: row.organization_id, engine: target.engine, address: target.address };
  const credential = (await sealTarget(deps.vault, place, target, actor.userId)).find(({ slot }) => slot === 'tunnel');
  await deps.store.db.transaction().execute(async (trx) => {
    await updateConnection(trx, row, { ...(standingRejection(row) === 'tunnel' ? { rejected: null } : {}), version: row.version + 1 });
    if (credential) await putCredentialRow(trx, credential);
    const about = { slot: 'tunnel', username: credential?.username ?? null };
    await deps.record(trx, recordOf(actor, row, 'credential.replaced', about));
  });
  return presentFresh(deps, actor, row.id);
}
