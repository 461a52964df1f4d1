import type { IngestionRun } from '../../contract/connections.ts';
import { newId, now } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';
import { Fault } from '../platform/fault.ts';
import { emit } from '../platform/outbox.ts';
import { changeRun, findOpenRun, insertRun } from './run-store.ts';

/** A reading of a schema, and why it is wanted. */
export interface RunRequest {
  readonly connectionId: string;
  readonly organizationId: string;
  readonly cause: IngestionRun['cause'];
  readonly createdBy: string | null;
}

/**
 * Asks for a reading in the transaction that makes it necessary: the run and the event from which its job starts (of a registration that is
 * DB_CONNECTION_CREATED). While another run is open this is run.active, unless the connection was edited: what was read of its former
 * address is worth nothing, so the open run begins anew.
 */
export async function requestRun(trx: Database, request: RunRequest): Promise<string> {
  const runId = (await insertOrRestart(trx, request)) ?? (await insertOrRestart(trx, request));
  if (runId === null) throw new Fault('run.active', { detail: 'Wait until the run has ended, or cancel it.' });
  const event = request.cause === 'registered' ? 'DB_CONNECTION_CREATED' : 'INGESTION_REQUESTED';
  await emit(trx, event, { connectionId: request.connectionId, runId });
  return runId;
}

/** The run to read by, or null where another is open; between looking and writing another process may have moved it on. */
async function insertOrRestart(trx: Database, request: RunRequest): Promise<string | null> {
  const open = await findOpenRun(trx, request.connectionId);
  if (!open) {
    const id = newId();
    return (await insertRun(trx, newRun(id, request))) ? id : null;
  }
  if (request.cause === 'enabled') {
    // Its disabling was about to cancel this run, and a job may have it in hand to do so: it ends here, and another begins.
    const ended = { state: 'cancelled', open: null, holder: null, finished_at: now() } as const;
    if (!(await changeRun(trx, open, ended))) return null;
    const id = newId();
    return (await insertRun(trx, newRun(id, request))) ? id : null;
  }
  if (request.cause !== 'edited') return null;
  const fresh = { error: null, held: null, accepted: null, changes: null, snapshot: null, cancel_requested: 0, holder: null };
  const queued = { state: 'queued', phase: 'queued', done: 0, total: null, cause: request.cause } as const;
  return (await changeRun(trx, open, { ...fresh, ...queued })) ? open.id : null;
}

function newRun(id: string, { connectionId, organizationId, cause, createdBy }: RunRequest) {
  const at = now();
  return {
    id,
    connection_id: connectionId,
    organization_id: organizationId,
    cause,
    state: 'queued',
    open: 1,
    phase: 'queued',
    done: 0,
    total: null,
    attempt: 1,
    error: null,
    held: null,
    accepted: null,
    changes: null,
    snapshot: null,
    cancel_requested: 0,
    holder: null,
    touched_at: at,
    created_by: createdBy,
    created_at: at,
    started_at: null,
    finished_at: null,
  };
}
