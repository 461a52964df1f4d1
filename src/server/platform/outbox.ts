import { newId, now } from './clock.ts';
import type { Database } from './database.ts';

/** Every event there is. An event tells of a change and is written in the change's own transaction. */
export const eventNames = ['DB_CONNECTION_CREATED', 'INGESTION_REQUESTED'] as const;
export type EventName = (typeof eventNames)[number];

/** What an event carries: ids alone, since payloads lie in the store in clear. */
export type Payload = Readonly<Record<string, string>>;

/** Writes an event in the transaction of the change it tells of. Call `jobs.poke()` after the commit: without it the jobs start a second later. */
export async function emit(trx: Database, name: EventName, payload: Payload): Promise<void> {
  await trx
    .insertInto('events')
    .values({ id: newId(), name, payload: JSON.stringify(payload), created_at: now(), dispatched_at: null })
    .execute();
}

/** An event that no back-end has got yet. */
export interface WaitingEvent {
  readonly id: string;
  readonly name: string;
  readonly payload: Payload;
}

/** Whether any event waits: a cheap look before a transaction is opened. */
export async function anyWaiting(db: Database): Promise<boolean> {
  return (await db.selectFrom('events').select('id').where('dispatched_at', 'is', null).limit(1).executeTakeFirst()) !== undefined;
}

/** The oldest waiting events, in their order; `lock` holds them against other processes until the transaction ends. */
export async function takeWaiting(trx: Database, limit: number, lock: boolean): Promise<WaitingEvent[]> {
  const rows = await trx
    .selectFrom('events')
    .select(['id', 'name', 'payload'])
    .where('dispatched_at', 'is', null)
    .orderBy('id')
    .limit(limit)
    .$if(lock, (query) => query.forUpdate())
    .execute();
  return rows.map((row) => ({ ...row, payload: JSON.parse(row.payload) as Payload }));
}

/** Marks events as handed on. */
export async function markDispatched(trx: Database, ids: readonly string[]): Promise<void> {
  await trx.updateTable('events').set({ dispatched_at: now() }).where('id', 'in', ids).execute();
}

/** Forgets events that were handed on before the given time. */
export async function sweepEvents(db: Database, before: string): Promise<void> {
  await db.deleteFrom('events').where('dispatched_at', '<', before).execute();
}
