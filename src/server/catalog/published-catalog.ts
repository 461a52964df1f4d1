import { setImmediate } from 'node:timers/promises';
import type { PublishedCatalog, PublishedTable } from '../engines/guard.ts';
import type { Database } from '../platform/database.ts';
import { documentsAt } from './snapshot-store.ts';
import type { StoredDocument } from './table-document.ts';

/** What statements may read: the tables of one snapshot by their real names, and the types that their columns have. */
export async function publishedCatalog(db: Database, connectionId: string, snapshot: number): Promise<PublishedCatalog> {
  const tables: PublishedTable[] = [];
  const types = new Set<string>();
  for await (const page of documentsAt(db, connectionId, snapshot)) {
    for (const text of page) {
      const document = JSON.parse(text) as StoredDocument;
      tables.push(tableOf(document));
      for (const { type } of document.columns) types.add(type.replace(/(\[\])+$/, ''));
    }
    // Large catalogues are read in steps: others wait for this thread.
    await setImmediate();
  }
  return { tables, types: [...types].filter((type) => /^[\p{L}_][\p{L}\p{N}_$.]*$/u.test(type)) };
}

function tableOf({ schema, name, kind, columns, raw }: StoredDocument): PublishedTable {
  const real = new Map(raw?.columns);
  return {
    schema: raw?.schema ?? schema,
    name: raw?.table ?? name,
    kind,
    columns: columns.map((column) => real.get(column.name) ?? column.name),
  };
}
