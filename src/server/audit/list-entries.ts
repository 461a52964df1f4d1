import type { z } from 'zod';
import type { AuditEntry, AuditQuery } from '../../contract/audit.ts';
import type { Actor } from '../platform/actor.ts';
import type { Database } from '../platform/database.ts';
import { type EntryRow, listEntryRows } from './entry-store.ts';

/** What is on record in the actor's organisation, newest first. */
export async function listEntries(
  db: Database,
  actor: Actor,
  query: z.output<typeof AuditQuery>,
): Promise<{ items: AuditEntry[]; nextCursor: string | null }> {
  const rows = await listEntryRows(db, actor.organizationId, query);
  const shown = rows.slice(0, query.limit);
  return { items: shown.map(entryOf), nextCursor: rows.length > query.limit ? (shown.at(-1)?.id ?? null) : null };
}

type Detail = AuditEntry['detail'];
const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const number = (value: unknown): number | null => (typeof value === 'number' ? value : null);

function entryOf(row: EntryRow): AuditEntry {
  const { name, sql, fingerprint, verdict, rule, slot, ...detail } = JSON.parse(row.detail) as Detail;
  const end = row.settled_detail === null ? {} : (JSON.parse(row.settled_detail) as Detail);
  const attempt = row.kind === 'begun';
  const ofConnection = row.subject === 'connection' && row.subject_id !== null;
  return {
    id: row.id,
    at: row.at,
    actor: { id: row.actor_id, name: row.actor_name, via: row.via },
    action: row.action,
    subject: { kind: row.subject, id: row.subject_id },
    connection: ofConnection ? { id: row.subject_id ?? '', name: text(name) ?? '' } : null,
    sql: text(sql),
    fingerprint: text(fingerprint),
    verdict: verdict === 'allowed' || verdict === 'refused' ? verdict : null,
    rule: text(rule),
    slot: attempt ? text(slot) : null,
    outcome: (row.settled_outcome ?? row.outcome) as AuditEntry['outcome'],
    fault: text(end.fault),
    rows: number(end.rows),
    bytes: number(end.bytes),
    ms: number(end.ms),
    detail: attempt ? detail : (JSON.parse(row.detail) as Detail),
  };
}
