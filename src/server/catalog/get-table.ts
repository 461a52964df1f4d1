import type { TableDetail } from '../../contract/catalog.ts';
import type { Actor } from '../platform/actor.ts';
import { Fault } from '../platform/fault.ts';
import type { CatalogDeps } from './catalog-deps.ts';
import type { StoredDocument } from './table-document.ts';
import { findCurrent, findReferring } from './table-store.ts';

/** Tables that refer to one table are listed up to here: a table of countries may be referred to by thousands. */
const mostReferring = 500;

/** One published table with its columns and keys, and who refers to it. */
export async function getTable(
  deps: CatalogDeps,
  actor: Actor,
  { id, schema, table }: { readonly id: string; readonly schema: string; readonly table: string },
): Promise<TableDetail> {
  await deps.requireConnection(deps.store, actor, id, 'catalog:read');
  const { db } = deps.store;
  const row = await findCurrent(db, id, schema, table);
  if (!row || row.snapshot === null || row.snapshot_at === null)
    throw new Fault('table.unknown', { detail: 'The published snapshot has no table of this schema and name.' });
  // What SQL is written with stays here.
  const { raw: _, ...document } = JSON.parse(row.document) as StoredDocument;
  const referring = (await findReferring(db, id, schema, table, mostReferring)).map((text) => JSON.parse(text) as StoredDocument);
  const referencedBy = referring.flatMap((from) =>
    from.foreignKeys
      .filter((key) => key.schema === schema && key.table === table)
      .map(({ name, columns, referencedColumns }) => ({ schema: from.schema, table: from.name, name, columns, referencedColumns })),
  );
  return { ...document, estimatedRows: row.estimated_rows, referencedBy, snapshot: row.snapshot, takenAt: row.snapshot_at };
}
