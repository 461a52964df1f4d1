import type { Connection, EditInput } from '../../contract/connections.ts';
import type { EngineId } from '../../contract/engines.ts';
import { engineOf, takesLogin } from '../engines/registry.ts';
import type { Actor } from '../platform/actor.ts';
import type { Database } from '../platform/database.ts';
import { Fault } from '../platform/fault.ts';
import { toldAcknowledged } from './acknowledged.ts';
import {
  type ConnectionRow,
  credentialsOf,
  deleteCredentialRow,
  isNameTaken,
  nameKey,
  nameTaken,
  putCredentialRow,
  updateConnection,
} from './connection-store.ts';
import type { ConnectionsDeps } from './connections-deps.ts';
import { acknowledgedAsItStands } from './open-to-keys.ts';
import { presentFresh } from './present-connection.ts';
import { recordOf } from './record-of.ts';
import { foundColumns, targetColumns } from './register-connection.ts';
import { requireConnection } from './require-connection.ts';
import { resolveTarget } from './resolve-target.ts';
import { describeThrough } from './resolve-tunnel.ts';
import { sealTarget } from './seal-login.ts';
import { countedTest, type Following, requirePassed } from './test-connection.ts';

/** Edits a connection. A new address comes with its credential and has to pass the test; else nothing changes. */
export async function editConnection(
  deps: ConnectionsDeps,
  actor: Actor,
  id: string,
  input: EditInput,
  following: Following,
): Promise<Connection> {
  const row = await requireConnection(deps.store, actor, id, 'connection:manage');
  const about = aboutColumns(row, input);
  const moved = input.address === undefined ? null : await move(deps, actor, row, input, following);
  if (!moved && (input.credentials?.readOnly || input.credentials?.tunnel)) {
    throw new Fault('request.invalid', {
      field: 'credentials',
      detail: 'credentials: to replace only the credential use PUT …/credentials/read_only or …/tunnel.',
    });
  }
  const fields = Object.keys(input)
    .filter((key) => key !== 'credentials' && key !== 'acknowledge')
    .join(', ');
  await deps.store.db.transaction().execute(async (trx) => {
    await refuseTaken(trx, row, about);
    await updateConnection(trx, row, { ...about, ...(moved?.columns ?? acknowledgedAsItStands(actor, row, input.acknowledge)) });
    for (const credential of moved?.credentials ?? []) await putCredentialRow(trx, credential);
    // A login for an SSH server that it is not reached through any more is kept for nothing.
    if (moved && !moved.through) await deleteCredentialRow(trx, id, 'tunnel');
    if (moved && row.is_active === 1)
      await deps.requestRun(trx, { connectionId: id, organizationId: row.organization_id, cause: 'edited', createdBy: actor.userId });
    await deps.record(
      trx,
      recordOf(actor, row, 'connection.edited', {
        fields,
        ...(input.limits ? { limits: JSON.stringify(input.limits) } : {}),
        ...(moved?.told ?? (input.acknowledge.length > 0 ? { acknowledged: toldAcknowledged(input.acknowledge) } : {})),
      }),
    );
  });
  if (moved) {
    await deps.store.scrub();
    deps.poke();
  }
  return presentFresh(deps, actor, id);
}

function aboutColumns(row: ConnectionRow, input: EditInput): Partial<ConnectionRow> {
  const columns: Partial<ConnectionRow> = {};
  if (input.name !== undefined) Object.assign(columns, { name: input.name, name_key: nameKey(input.name) });
  for (const field of ['purpose', 'description', 'environment', 'visibility'] as const) {
    if (input[field] !== undefined) Object.assign(columns, { [field]: input[field] });
  }
  if (input.limits !== undefined) {
    const limits = { ...(JSON.parse(row.limits) as Record<string, unknown>), ...input.limits };
    Object.assign(columns, { limits: JSON.stringify(limits) });
  }
  const hours = input.limits?.rescanHours;
  if (hours !== undefined) {
    // Switched off: nothing is due any more. Otherwise the next reading is set from the last one.
    const last = row.snapshot_at === null ? Date.now() : Date.parse(row.snapshot_at);
    Object.assign(columns, { next_ingestion_at: hours === 0 ? null : new Date(last + hours * 3_600_000).toISOString() });
  }
  return columns;
}

async function refuseTaken(trx: Database, row: ConnectionRow, { name = '', name_key: key }: Partial<ConnectionRow>): Promise<void> {
  if (key === undefined || key === row.name_key) return;
  if (await isNameTaken(trx, row.organization_id, key)) throw nameTaken(name);
}

async function move(deps: ConnectionsDeps, actor: Actor, row: ConnectionRow, input: EditInput, following: Following) {
  const filled = await credentialsOf(deps.store.db, [row.id]);
  if (!input.credentials?.readOnly && takesLogin(engineOf(row.db_type as EngineId))) {
    throw new Fault('credential.required', {
      field: 'credentials.readOnly.password',
      detail: 'You changed where it is: enter the credential again, so that nobody can redirect it.',
    });
  }
  if (input.address?.ssh && !input.credentials?.tunnel)
    throw new Fault('credential.required', {
      field: 'credentials.tunnel.password',
      detail: 'You changed where it is: enter the login of the SSH server again, so that nobody can redirect it.',
    });
  const other = filled.find(({ slot }) => slot !== 'read_only' && slot !== 'tunnel');
  if (other)
    throw new Fault('credential.required', {
      field: `credentials.${other.slot}`,
      detail: `The slot ${other.slot} is filled too: delete it first, or give its credential again.`,
    });
  const target = resolveTarget(actor, {
    dbType: row.db_type as EngineId,
    address: input.address,
    credentials: input.credentials,
    acknowledge: input.acknowledge,
  });
  const tested = await countedTest(deps, actor, target, following, row);
  requirePassed(tested);
  const place = { id: row.id, organizationId: row.organization_id, engine: target.engine, address: target.address };
  const { host, port, database } = target.engine.destination(target.address);
  const tunnel = target.through && describeThrough(target.through);
  return {
    told: { host, port, database, tunnel, acknowledged: toldAcknowledged(target.acknowledge) },
    columns: { ...targetColumns(actor, target), ...foundColumns(deps, tested), version: row.version + 1 },
    through: target.through,
    credentials: await sealTarget(deps.vault, place, target, actor.userId),
  };
}
