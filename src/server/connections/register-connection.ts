import type { Connection, Privileges, RegisterInput, ServerFacts } from '../../contract/connections.ts';
import type { Actor } from '../platform/actor.ts';
import { newId, now } from '../platform/clock.ts';
import { toFault } from '../platform/fault.ts';
import { toldAcknowledged } from './acknowledged.ts';
import { type ConnectionRow, insertConnection, nameKey, spendReceipt } from './connection-store.ts';
import type { ConnectionsDeps } from './connections-deps.ts';
import { presentConnection } from './present-connection.ts';
import { nextProbe } from './probe-pace.ts';
import { checkReceipt, type Proof } from './receipts.ts';
import { recordOf } from './record-of.ts';
import { resolveTarget, type Target } from './resolve-target.ts';
import { describeThrough } from './resolve-tunnel.ts';
import { sealTarget } from './seal-login.ts';
import { countedTest, requirePassed } from './test-connection.ts';

/**
 * Registers a database. Impossible without a passed test: by a receipt of one, or by running it now. The row, the sealed
 * credential, the spent receipt, the record and the event that starts the reading are one transaction.
 */
export async function registerConnection(
  deps: ConnectionsDeps,
  actor: Actor,
  input: RegisterInput,
  signal: AbortSignal,
): Promise<Connection> {
  const target = resolveTarget(actor, input);
  const proof = input.receipt === undefined ? null : await receiptOrRecord(deps, actor, target, input.receipt);
  const found = proof ?? (await testNow(deps, actor, target, signal));
  const row = rowOf(deps, actor, input, target, found);
  const place = { id: row.id, organizationId: row.organization_id, engine: target.engine, address: target.address };
  const credentials = await sealTarget(deps.vault, place, target, actor.userId);
  await deps.store.db.transaction().execute(async (trx) => {
    if (proof) await spendReceipt(trx, proof.id, proof.expiresAt);
    await insertConnection(trx, row, credentials);
    await deps.requestRun(trx, { connectionId: row.id, organizationId: row.organization_id, cause: 'registered', createdBy: actor.userId });
    await deps.record(
      trx,
      recordOf(actor, row, 'connection.registered', {
        dbType: row.db_type,
        host: row.host,
        port: row.port,
        database: row.database,
        username: row.username,
        tunnel: target.through && describeThrough(target.through),
        privileges: found.privileges.grade,
        ...(input.limits ? { limits: JSON.stringify(input.limits) } : {}),
        acknowledged: toldAcknowledged(target.acknowledge),
      }),
    );
  });
  deps.poke();
  return presentConnection(deps, actor, row);
}

/** What the receipt proves; one that does not fit is on record before it is refused. */
async function receiptOrRecord(deps: ConnectionsDeps, actor: Actor, target: Target, receipt: string): Promise<Proof> {
  try {
    return await checkReceipt(deps.vault, actor, target, receipt);
  } catch (error) {
    await deps.record(deps.store.db, {
      organizationId: actor.organizationId,
      actor: { id: actor.userId, name: actor.name, via: actor.via },
      action: 'connection.registered',
      subject: 'connection',
      subjectId: null,
      outcome: 'failed',
      detail: {
        dbType: target.engine.id,
        ...target.engine.destination(target.address),
        username: target.login.username,
        fault: toFault(error).code,
      },
    });
    throw error;
  }
}

type Found = Pick<Proof, 'server' | 'certificate' | 'privileges'>;

async function testNow(deps: ConnectionsDeps, actor: Actor, target: Target, signal: AbortSignal): Promise<Found> {
  const tested = await countedTest(deps, actor, target, { signal, emit: () => {} }, null);
  requirePassed(tested);
  return tested;
}

/** What a passed test changes in a row: what answered, and what the credential can do. */
export function foundColumns(
  deps: Pick<ConnectionsDeps, 'probeMs'>,
  found: { server: ServerFacts; certificate: Found['certificate']; privileges: Privileges },
) {
  return {
    server: JSON.stringify(found.server),
    server_identity: found.server.identity,
    certificate: found.certificate === null ? null : JSON.stringify(found.certificate),
    privileges: JSON.stringify(found.privileges),
    health: 'healthy',
    health_since: now(),
    health_fault: null,
    next_probe_at: nextProbe(deps.probeMs, 0),
    probe_failures: 0,
    rejected: null,
    server_found: null,
    certificate_change: null,
  };
}

/** The same of a connection whose server was proved to be the one it had: a login that cannot see who it is does not make that forgotten. */
export function sameServerColumns(deps: Pick<ConnectionsDeps, 'probeMs'>, row: ConnectionRow, found: Parameters<typeof foundColumns>[1]) {
  const columns = foundColumns(deps, found);
  return {
    ...columns,
    server_identity: columns.server_identity ?? row.server_identity,
    health_since: row.health === 'healthy' ? row.health_since : columns.health_since,
  };
}

/** What a target sets in a row: where it is, in clear, and what was acknowledged about it. */
export function targetColumns(actor: Actor, target: Target) {
  const at = now();
  return {
    ...target.engine.destination(target.address),
    username: target.login.username || null,
    address: JSON.stringify(target.address),
    acknowledged: JSON.stringify(target.acknowledge.map(({ code, reason }) => ({ code, reason, by: actor.name, at }))),
  };
}

function rowOf(deps: ConnectionsDeps, actor: Actor, input: RegisterInput, target: Target, found: Found): ConnectionRow {
  const at = now();
  return {
    id: newId(),
    organization_id: actor.organizationId,
    name: input.name,
    name_key: nameKey(input.name),
    db_type: target.engine.id,
    connection_mode: input.mode,
    created_by_user_id: actor.userId,
    is_active: 1,
    created_at: at,
    updated_at: at,
    purpose: input.purpose,
    description: input.description,
    environment: input.environment,
    visibility: input.visibility,
    limits: JSON.stringify({ rescanHours: 24, ...input.limits }),
    disabled_reason: null,
    snapshot: null,
    snapshot_at: null,
    table_count: 0,
    column_count: 0,
    next_ingestion_at: null,
    version: 1,
    ...targetColumns(actor, target),
    ...foundColumns(deps, found),
  };
}
