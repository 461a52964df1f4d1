import { z } from 'zod';
import type { TableSummary } from '../../contract/catalog.ts';
import type { Actor } from '../platform/actor.ts';
import { Fault } from '../platform/fault.ts';
import type { CatalogDeps } from './catalog-deps.ts';
import { listCurrent } from './table-store.ts';

export interface ListTablesInput {
  readonly id: string;
  readonly schema?: string | undefined;
  readonly q?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** The tables of the published snapshot, by schema and name. */
export async function listTables(
  deps: CatalogDeps,
  actor: Actor,
  { id, schema, q, cursor, limit }: ListTablesInput,
): Promise<{ items: TableSummary[]; nextCursor: string | null }> {
  await deps.requireConnection(deps.store, actor, id, 'catalog:read');
  const after = cursor === undefined ? null : placeIn(cursor);
  const rows = await listCurrent(deps.store.db, { connectionId: id, schema, q, after, limit: limit + 1 });
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return {
    items: shown.map((row) => ({
      schema: row.schema_name,
      name: row.table_name,
      kind: row.kind as TableSummary['kind'],
      comment: row.comment,
      columns: row.columns,
      estimatedRows: row.estimated_rows,
      readable: row.readable === 1,
    })),
    nextCursor: last ? Buffer.from(JSON.stringify([last.schema_name, last.table_name])).toString('base64url') : null,
  };
}

const Place = z.tuple([z.string(), z.string()]);

function placeIn(cursor: string): { schema: string; name: string } {
  try {
    const [schema, name] = Place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    return { schema, name };
  } catch {
    throw new Fault('request.invalid', { field: 'cursor', detail: 'cursor: give the nextCursor of the page before, as it is.' });
  }
}
