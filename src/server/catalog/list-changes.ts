import type { SnapshotChanges } from '../../contract/catalog.ts';
import type { Actor } from '../platform/actor.ts';
import { Fault } from '../platform/fault.ts';
import type { CatalogDeps } from './catalog-deps.ts';
import { listSnapshots } from './table-store.ts';

/** What the readings found different, newest first; readings that found nothing are left out. */
export async function listChanges(
  deps: CatalogDeps,
  actor: Actor,
  { id, cursor, limit }: { readonly id: string; readonly cursor?: string | undefined; readonly limit: number },
): Promise<{ items: SnapshotChanges[]; nextCursor: string | null }> {
  await deps.requireConnection(deps.store, actor, id, 'catalog:read');
  if (cursor !== undefined && !/^\d{1,9}$/.test(cursor))
    throw new Fault('request.invalid', { field: 'cursor', detail: 'cursor: give the nextCursor of the page before, as it is.' });
  const rows = await listSnapshots(deps.store.db, id, cursor === undefined ? null : Number(cursor), limit + 1);
  const shown = rows.slice(0, limit);
  return {
    items: shown.map((row) => ({
      snapshot: row.number,
      takenAt: row.taken_at,
      tables: row.tables,
      appeared: JSON.parse(row.appeared) as string[],
      changed: JSON.parse(row.changed) as SnapshotChanges['changed'],
      vanished: JSON.parse(row.vanished) as string[],
    })),
    nextCursor: rows.length > limit ? String(shown.at(-1)?.number) : null,
  };
}
