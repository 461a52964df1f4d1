import { type Insertable, type Selectable, sql } from 'kysely';
import { now } from '../platform/clock.ts';
import type { Database, Store } from '../platform/database.ts';
import { canonicalJson, contentHash, type Json, type RecordContent, recordHash } from '../platform/record-hash.ts';
import type { Tables } from '../platform/tables.ts';
import type { Head } from './checkpoint.ts';

/** A record as it stands in the store. */
export type RecordRow = Selectable<Tables['records']>;

/**
 * Appends what `make` says after the chain's head, in the given transaction, and returns the new head. From here to the end of the
 * transaction nobody else appends to this chain: a rollback leaves no hole.
 */
export async function appendRecords(
  trx: Database,
  kind: Store['kind'],
  chain: string,
  make: (head: Head) => readonly RecordContent[],
  written: (place: Head) => void,
): Promise<Head> {
  await holdChain(trx, kind, chain);
  const before = (await findHead(trx, chain)) ?? { chain, sequence: 0, hash: '' };
  return appendAfter(trx, before, make(before), written);
}

/**
 * Appends after what the caller knows to be the chain's head, in one statement. It fails where another record stands there already.
 * `written` hears of each record once it is in the transaction.
 */
export async function appendAfter(
  db: Database,
  before: Head,
  contents: readonly RecordContent[],
  written: (place: Head) => void,
): Promise<Head> {
  const { chain } = before;
  const rows: Insertable<Tables['records']>[] = [];
  const places: Head[] = [];
  let head = before;
  for (const content of contents) {
    const place = { chain, sequence: head.sequence + 1, previous: head.hash };
    const hash = recordHash(place, contentHash(content));
    rows.push(rowOf(place, content, hash));
    head = { chain, sequence: place.sequence, hash };
    places.push(head);
  }
  if (rows.length > 0) await db.insertInto('records').values(rows).execute();
  places.forEach(written);
  return head;
}

function rowOf(place: { chain: string; sequence: number; previous: string }, content: RecordContent, hash: string) {
  const { id, kind, attempt, at, via, action, subject, outcome } = content;
  return {
    ...place,
    ...{ id, kind, attempt, at, via, action, subject, outcome, hash },
    organization_id: content.organizationId,
    actor_id: content.actorId,
    actor_name: content.actorName,
    subject_id: content.subjectId,
    detail: canonicalJson(content.detail),
  };
}

/** What a row says; null when its detail is not the text that we wrote. */
export function contentOf(row: RecordRow): RecordContent | null {
  const { id, kind, attempt, at, via, action, subject, outcome } = row;
  const detail = readDetail(row.detail);
  const who = { organizationId: row.organization_id, actorId: row.actor_id, actorName: row.actor_name, subjectId: row.subject_id };
  return detail && { ...who, id, kind, attempt, at, via, action, subject, outcome, detail };
}

function readDetail(text: string): RecordContent['detail'] | null {
  try {
    const detail = JSON.parse(text) as { readonly [name: string]: Json };
    return canonicalJson(detail) === text ? detail : null;
  } catch {
    return null;
  }
}

/** Keeps other transactions of this process from appending until this one ends. The embedded store has one writing transaction anyway. */
async function holdChain(trx: Database, kind: Store['kind'], chain: string): Promise<void> {
  if (kind === 'server') await sql`select pg_advisory_xact_lock(hashtextextended(${chain}, 0))`.execute(trx);
}

/** A sequence number from which on none can be ours; in SQLite a text would be larger than every number. */
export const BEYOND = Number.MAX_SAFE_INTEGER;
/** The place of a record as a number that JavaScript can hold: one that whoever wrote it by hand made larger is BEYOND. */
const sequence = sql<number>`case when records.sequence > ${sql.lit(BEYOND)} then ${sql.lit(BEYOND)} when records.sequence < 0 then -1 else records.sequence end`;
const others = 'id chain kind attempt organization_id at actor_id actor_name via action subject subject_id outcome detail previous hash';
const columns = others.split(' ') as Exclude<keyof RecordRow, 'sequence'>[];

/** The last record of a chain. */
export function findHead(db: Database, chain: string): Promise<Head | undefined> {
  const newest = db.selectFrom('records').select(['chain', 'hash']).select(sequence.as('sequence')).where('chain', '=', chain);
  return newest.orderBy('records.sequence', 'desc').limit(1).executeTakeFirst();
}

/** The places of a chain behind a given one. */
export function placesAfter(db: Database, chain: string, after: number): Promise<Head[]> {
  const places = db.selectFrom('records').select(['chain', 'hash']).select(sequence.as('sequence')).where('chain', '=', chain);
  return places.where('records.sequence', '>', after).orderBy('records.sequence').execute();
}

/** The first records of all chains: each names the heads that it found. */
export function listOpenings(db: Database): Promise<RecordRow[]> {
  return db
    .selectFrom('records')
    .selectAll()
    .where('sequence', '=', 1)
    .where('organization_id', '=', '')
    .where('kind', '=', 'opened')
    .orderBy('chain')
    .execute();
}

/** The next records in the order of their chains; from the first where none is given. */
export function nextRecords(
  db: Database,
  after: { readonly chain: string; readonly sequence: number } | null,
  limit: number,
): Promise<RecordRow[]> {
  return db
    .selectFrom('records')
    .select(columns)
    .select(sequence.as('sequence'))
    .$if(after !== null, (rows) =>
      rows.where(({ eb, refTuple, tuple }) =>
        after && after.sequence < BEYOND
          ? eb(refTuple('records.chain', 'records.sequence'), '>', tuple(after.chain, after.sequence))
          : eb('records.chain', '>', after?.chain ?? ''),
      ),
    )
    .orderBy('records.chain')
    .orderBy('records.sequence')
    .limit(limit)
    .execute();
}

/** Announces a chain of this process. */
export async function insertChain(trx: Database, id: string): Promise<void> {
  const at = now();
  await trx.insertInto('audit_chains').values({ id, opened_at: at, touched_at: at, ended_at: null }).execute();
}

/** Says that the process of a chain lives, whatever others thought of it. */
export async function touchChain(db: Database, id: string): Promise<void> {
  await db.updateTable('audit_chains').set({ touched_at: now(), ended_at: null }).where('id', '=', id).execute();
}

/** Says that a chain has no open attempt and gets no more records. */
export async function endChain(db: Database, id: string): Promise<void> {
  await db.updateTable('audit_chains').set({ ended_at: now() }).where('id', '=', id).execute();
}

/** Chains other than ours whose process has not ended them and was not heard of since the given time. */
export async function deadChains(db: Database, own: string, silentSince: string): Promise<string[]> {
  const open = db.selectFrom('audit_chains').select('id').where('ended_at', 'is', null).where('id', '!=', own);
  return (await open.where('touched_at', '<=', silentSince).execute()).map(({ id }) => id);
}

/** Attempts of a chain that have begun and were never settled, a few at a time, behind the given place. */
export function unsettled(db: Database, chain: string, limit: number, after = 0): Promise<RecordRow[]> {
  return db
    .selectFrom('records as begun')
    .leftJoin('records as settled', 'settled.attempt', 'begun.id')
    .selectAll('begun')
    .where('begun.chain', '=', chain)
    .where('begun.sequence', '>', after)
    .where('begun.kind', '=', 'begun')
    .where('settled.id', 'is', null)
    .orderBy('begun.sequence')
    .limit(limit)
    .execute();
}
