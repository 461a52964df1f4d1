import { sql } from 'kysely';
import type { z } from 'zod';
import type { AuditQuery } from '../../contract/audit.ts';
import type { Database } from '../platform/database.ts';
import type { RecordRow } from './record-store.ts';

/** A deed, or an attempt with what settled it. */
export type EntryRow = RecordRow & { readonly settled_outcome: string | null; readonly settled_detail: string | null };

const entries = (db: Database, organizationId: string) =>
  db
    .selectFrom('records as entry')
    .leftJoin('records as settled', 'settled.attempt', 'entry.id')
    .selectAll('entry')
    .select(['settled.outcome as settled_outcome', 'settled.detail as settled_detail'])
    .where('entry.organization_id', '=', organizationId)
    .where('entry.kind', 'in', ['deed', 'begun']);

/** One entry of an organisation. */
export function findEntryRow(db: Database, organizationId: string, id: string): Promise<EntryRow | undefined> {
  return entries(db, organizationId).where('entry.id', '=', id).executeTakeFirst();
}

/** The entries of an organisation, newest first; one more than asked for shows that there are more. */
export function listEntryRows(db: Database, organizationId: string, query: z.output<typeof AuditQuery>): Promise<EntryRow[]> {
  const { cursor, limit, from, to, actor, connection, action, outcome } = query;
  return entries(db, organizationId)
    .$if(cursor !== undefined, (rows) => rows.where('entry.id', '<', cursor ?? ''))
    .$if(from !== undefined, (rows) => rows.where('entry.at', '>=', from ?? ''))
    .$if(to !== undefined, (rows) => rows.where('entry.at', '<', to ?? ''))
    .$if(connection !== undefined, (rows) =>
      rows.where('entry.subject', '=', 'connection').where('entry.subject_id', '=', connection ?? ''),
    )
    .$if(action !== undefined, (rows) =>
      rows.where(like('entry.action', action?.includes('.') ? `${escaped(action)}` : `${escaped(action ?? '')}.%`)),
    )
    .$if(outcome !== undefined, (rows) =>
      rows.where(({ fn, eb }) => eb(fn.coalesce('settled.outcome', 'entry.outcome'), '=', outcome ?? '')),
    )
    .$if(actor !== undefined, (rows) =>
      rows.where(({ or, eb }) => or([eb('entry.actor_id', '=', actor ?? ''), like('entry.actor_name', `%${escaped(actor ?? '')}%`)])),
    )
    .orderBy('entry.id', 'desc')
    .limit(limit + 1)
    .execute();
}

const escaped = (text: string): string => text.replace(/[\\%_]/g, '\\$&');
const like = (column: string, pattern: string) => sql<boolean>`lower(${sql.ref(column)}) like ${pattern.toLowerCase()} escape '\\'`;
