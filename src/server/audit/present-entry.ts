import type { AuditEntry } from '../../contract/audit.ts';
import type { EntryRow } from './entry-store.ts';

type Detail = AuditEntry['detail'];
const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const number = (value: unknown): number | null => (typeof value === 'number' ? value : null);

/** What a record says of a deed, or the two records of an attempt. */
export function presentEntry(row: EntryRow): AuditEntry {
  const { name, sql, fingerprint, verdict, rule, slot, ...detail } = readDetail(row.detail);
  const end = row.settled_detail === null ? {} : readDetail(row.settled_detail);
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
    detail: attempt ? detail : readDetail(row.detail),
  };
}

/** What stands there, if it can be read: a damaged record must not hide the others. That it is damaged is for a verification to say. */
function readDetail(detail: string): Detail {
  try {
    const read: unknown = JSON.parse(detail);
    if (typeof read === 'object' && read !== null && !Array.isArray(read)) return read as Detail;
  } catch {
    // Told below.
  }
  return { damaged: true };
}
