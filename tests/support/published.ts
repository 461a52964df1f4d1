import { newId } from '../../src/server/platform/clock.ts';
import type { Store } from '../../src/server/platform/database.ts';
import { documentOf, type PlainTable } from './documents.ts';

/** Publishes tables as one more snapshot of the connection: those named before and missing or changed now vanish, the same stay. */
export async function publish({ db }: Store, id: string, tables: readonly PlainTable[]): Promise<void> {
  const { snapshot } = await db.selectFrom('db_connections').select('snapshot').where('id', '=', id).executeTakeFirstOrThrow();
  const number = (snapshot ?? 0) + 1;
  const documents = new Map(tables.map((table) => [JSON.stringify(documentOf(table)), documentOf(table)]));
  const standing = await db
    .selectFrom('catalog_tables')
    .select(['id', 'document'])
    .where('connection_id', '=', id)
    .where('removed_in', 'is', null)
    .execute();
  const gone = standing.filter(({ document }) => !documents.delete(document)).map((row) => row.id);
  if (gone.length > 0) await db.updateTable('catalog_tables').set({ removed_in: number }).where('id', 'in', gone).execute();
  const rows = [...documents].map(([json, document]) => ({
    ...{ id: newId(), connection_id: id, schema_name: document.schema, table_name: document.name, kind: document.kind },
    ...{ comment: document.comment, columns: document.columns.length, readable: document.readable ? 1 : 0, estimated_rows: null },
    ...{ document: json, hash: '', added_in: number, removed_in: null },
  }));
  for (let i = 0; i < rows.length; i += 500)
    await db
      .insertInto('catalog_tables')
      .values(rows.slice(i, i + 500))
      .execute();
  await db.updateTable('db_connections').set({ snapshot: number }).where('id', '=', id).execute();
}
