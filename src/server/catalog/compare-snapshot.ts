import type { TableDocument } from '../../contract/catalog.ts';
import type { Database } from '../platform/database.ts';
import { breather } from './breather.ts';
import { type CurrentTable, currentTables, documentsOf } from './snapshot-store.ts';
import { tableChanges } from './table-changes.ts';
import { placeOf, type ReadTable } from './table-document.ts';

/** What a reading found different from what is published: what publishing has to write, and what to tell of it. */
export interface Comparison {
  readonly before: number;
  readonly tables: number;
  readonly columns: number;
  /** Places of the tables whose new versions are to be inserted: of those that appeared and of those that changed. */
  readonly added: ReadonlySet<string>;
  /** Versions that are no longer so: of tables that changed or vanished. */
  readonly removed: readonly string[];
  /** Row estimates of unchanged tables that moved by more than a tenth. */
  readonly estimates: readonly { readonly id: string; readonly rows: number | null }[];
  readonly appeared: readonly string[];
  readonly changed: readonly { readonly table: string; readonly what: readonly string[] }[];
  readonly vanished: readonly string[];
}

/** A table as it was published and as it was read. */
interface Changed {
  readonly was: CurrentTable;
  readonly is: ReadTable;
}

/** Changed tables that are described at once: their documents are in memory meanwhile. */
const TOGETHER = 100;

const nameOf = (table: { schema: string; name: string }): string => `${table.schema}.${table.name}`;

/** Compares the tables as read with those that are published, by the hash of their documents. */
export async function compareSnapshot(
  db: Database,
  connectionId: string,
  read: AsyncIterable<ReadTable>,
  progress: (done: number) => void,
): Promise<Comparison> {
  const breathe = breather();
  const current = new Map<string, CurrentTable>();
  for await (const page of currentTables(db, connectionId)) {
    for (const table of page) current.set(placeOf(table.schema, table.name), table);
    await breathe();
  }
  const before = current.size;
  const added = new Set<string>();
  const removed: string[] = [];
  const appeared: string[] = [];
  const changed: { table: string; what: readonly string[] }[] = [];
  const pending: Changed[] = [];
  const estimates: { id: string; rows: number | null }[] = [];
  let tables = 0;
  let columns = 0;
  for await (const table of read) {
    const key = placeOf(table.schema, table.name);
    const was = current.get(key);
    current.delete(key);
    columns += table.columns;
    progress(++tables);
    if (!was) appeared.push(nameOf(table));
    else if (was.hash !== table.hash) {
      removed.push(was.id);
      pending.push({ was, is: table });
    } else if (moved(was.rows, table.estimatedRows)) estimates.push({ id: was.id, rows: table.estimatedRows });
    if (was?.hash !== table.hash) added.add(key);
    if (pending.length === TOGETHER) changed.push(...(await describe(db, pending.splice(0))));
    await breathe();
  }
  changed.push(...(await describe(db, pending)));
  const gone = [...current.values()];
  return {
    before,
    tables,
    columns,
    added,
    estimates,
    removed: [...gone.map((table) => table.id), ...removed],
    // At the first reading there is nothing that it could differ from.
    appeared: before === 0 ? [] : appeared.toSorted(),
    changed: changed.toSorted((a, b) => (a.table < b.table ? -1 : 1)),
    vanished: gone.map(nameOf).toSorted(),
  };
}

/** Says what changed in each table: only of these the former document is read. */
async function describe(db: Database, changed: readonly Changed[]): Promise<{ table: string; what: string[] }[]> {
  if (changed.length === 0) return [];
  const documents = await documentsOf(
    db,
    changed.map(({ was }) => was.id),
  );
  return changed.map(({ was, is }) => {
    const former = documents.get(was.id);
    return { table: nameOf(is), what: former ? tableChanges(former, JSON.parse(is.text) as TableDocument) : [] };
  });
}

function moved(was: number | null, is: number | null): boolean {
  if (was === null || is === null) return was !== is;
  return Math.abs(is - was) > Math.max(was, 1) * 0.1;
}
