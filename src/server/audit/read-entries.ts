import type { z } from 'zod';
import type { AuditEntry, AuditQuery } from '../../contract/audit.ts';
import type { Actor } from '../platform/actor.ts';
import type { Database } from '../platform/database.ts';
import { Fault } from '../platform/fault.ts';
import { findEntryRow, listEntryRows } from './entry-store.ts';
import { presentEntry } from './present-entry.ts';

/** What is on record in the actor's organisation, newest first. */
export async function listEntries(
  db: Database,
  actor: Actor,
  query: z.output<typeof AuditQuery>,
): Promise<{ items: AuditEntry[]; nextCursor: string | null }> {
  const rows = await listEntryRows(db, actor.organizationId, query);
  const shown = rows.slice(0, query.limit);
  return { items: shown.map(presentEntry), nextCursor: rows.length > query.limit ? (shown.at(-1)?.id ?? null) : null };
}

/** One entry of the actor's organisation. */
export async function getEntry(db: Database, actor: Actor, { id }: { readonly id: string }): Promise<AuditEntry> {
  const row = await findEntryRow(db, actor.organizationId, id);
  if (!row) throw new Fault('entry.unknown', { detail: 'Nothing with this id is on record in your organisation.' });
  return presentEntry(row);
}
