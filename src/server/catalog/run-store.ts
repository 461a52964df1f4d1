import type { Selectable } from 'kysely';
import type { RunPhase, RunState } from '../../contract/connections.ts';
import { newId, now } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';
import type { Tables } from '../platform/tables.ts';

export type RunRow = Selectable<Tables['ingestion_runs']>;
export type RunChange = Partial<RunRow> & { state?: RunState; phase?: RunPhase };

/** Writes a new run, unless one of the connection is open: then nothing, and false. */
export async function insertRun(trx: Database, row: RunRow): Promise<boolean> {
  const inserted = await trx
    .insertInto('ingestion_runs')
    .values(row)
    .onConflict((conflict) => conflict.columns(['connection_id', 'open']).doNothing())
    .executeTakeFirst();
  return (inserted.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

export function findRun(db: Database, runId: string): Promise<RunRow | undefined> {
  return db.selectFrom('ingestion_runs').selectAll().where('id', '=', runId).executeTakeFirst();
}

export function findOpenRun(db: Database, connectionId: string): Promise<RunRow | undefined> {
  return db.selectFrom('ingestion_runs').selectAll().where('connection_id', '=', connectionId).where('open', '=', 1).executeTakeFirst();
}

/** Runs of a connection, newest first; the cursor is the id of the last one of the page before. */
export function listRuns(db: Database, connectionId: string, cursor: string | undefined, limit: number): Promise<RunRow[]> {
  return db
    .selectFrom('ingestion_runs')
    .selectAll()
    .where('connection_id', '=', connectionId)
    .$if(cursor !== undefined, (query) => query.where('id', '<', cursor ?? ''))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

/** Changes a run if it is still as it was found, and says whether it was. */
export async function changeRun(trx: Database, was: Pick<RunRow, 'id' | 'state' | 'holder'>, change: RunChange): Promise<boolean> {
  const changed = await trx
    .updateTable('ingestion_runs')
    .set({ ...change, touched_at: now() })
    .where('id', '=', was.id)
    .where('state', '=', was.state)
    .where('holder', was.holder === null ? 'is' : '=', was.holder)
    .executeTakeFirst();
  return changed.numUpdatedRows > 0n;
}

/** Changes a run that the holder still holds, and says whether it does. One statement: it shares a commit with others that wait. */
export async function changeHeldBy(db: Database, runId: string, holder: string, change: RunChange): Promise<boolean> {
  return changeRun(db, { id: runId, state: 'running', holder }, change);
}

/** What decides whether a run may go on, and what its connection is called. */
export function findStanding(db: Database, runId: string) {
  return db
    .selectFrom('ingestion_runs')
    .innerJoin('db_connections', 'db_connections.id', 'ingestion_runs.connection_id')
    .select(['ingestion_runs.state', 'ingestion_runs.holder', 'ingestion_runs.cancel_requested'])
    .select(['db_connections.is_active', 'db_connections.name'])
    .where('ingestion_runs.id', '=', runId)
    .executeTakeFirst();
}

/** Open runs that nobody has worked on or asked for since the given times. */
export function findAbandoned(db: Database, since: { running: string; queued: string }): Promise<RunRow[]> {
  return db
    .selectFrom('ingestion_runs')
    .selectAll()
    .where('open', '=', 1)
    .where((is) =>
      is.or([
        is.and([is('state', '=', 'running'), is('touched_at', '<', since.running)]),
        is.and([is('state', '=', 'queued'), is('touched_at', '<', since.queued)]),
      ]),
    )
    .limit(100)
    .execute();
}

/** Open runs that wait on a connection which was disabled. */
export function findWaitingOnDisabled(db: Database): Promise<RunRow[]> {
  return db
    .selectFrom('ingestion_runs')
    .innerJoin('db_connections', 'db_connections.id', 'ingestion_runs.connection_id')
    .selectAll('ingestion_runs')
    .where('open', '=', 1)
    .where('ingestion_runs.state', 'in', ['queued', 'held'])
    .where('db_connections.is_active', '=', 0)
    .limit(100)
    .execute();
}

/** Lets go of every run: for a store that one process alone can use, at its start, when whoever held them is gone. */
export async function releaseRuns(db: Database): Promise<void> {
  await db.updateTable('ingestion_runs').set({ holder: null }).where('state', '=', 'running').execute();
}

/** Adds a line to the log of a run. */
export async function addLog(db: Database, runId: string, phase: RunPhase, message: string): Promise<void> {
  await db.insertInto('ingestion_logs').values({ id: newId(), run_id: runId, at: now(), phase, message }).execute();
}

export function findLog(db: Database, runId: string): Promise<{ at: string; phase: string; message: string }[]> {
  return db.selectFrom('ingestion_logs').select(['at', 'phase', 'message']).where('run_id', '=', runId).orderBy('id').limit(500).execute();
}

/** Where the connection of a run is, as JSON. */
export async function findAddress(db: Database, connectionId: string): Promise<string | undefined> {
  return (await db.selectFrom('db_connections').select('address').where('id', '=', connectionId).executeTakeFirst())?.address;
}
