import type { Judged } from '../engine.ts';
import { fold, mentionsOf } from './fold.ts';
import type { Question } from './hold-reads.ts';

/** What of an open file is needed here. */
interface OpenFile {
  setAuthorizer(authorizer: Question | null): void;
  prepare(sql: string): { all(): readonly object[] };
}

const read = 20;

/** A read as SQLite asks about it: by which view or WITH query, of which table and column. */
export const readBy = (view: string, table: string, column: string): string => fold(`${view}\0${table}\0${column}`);

/**
 * What the views among the tables of a verdict were made to read, also by way of other views and of their WITH queries. SQLite names the innermost
 * of them by its name alone, and a WITH query of the statement could have the same: what the statement itself may name is left out.
 */
export function readsOfViews(database: OpenFile, { tables }: Pick<Judged, 'tables'>, sql: string): ReadonlySet<string> {
  const reads = new Set<string>();
  const named = new Map(tables.map(({ table }) => [fold(table), table]));
  if (named.size === 0) return reads;
  database.setAuthorizer(null);
  const all = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'view'").all();
  const views = all.flatMap((row) => Object.values(row)).map((name) => fold(String(name)));
  const mentions = mentionsOf(sql);
  for (const view of views.filter((name) => named.has(name))) {
    database.setAuthorizer((code, table, column, _database, by) => {
      if (code === read && by !== null && (named.has(fold(by)) || !mentions(by))) reads.add(readBy(by, table ?? '', column ?? ''));
      return 0;
    });
    try {
      // Only prepared: it is not run.
      database.prepare(`SELECT * FROM main."${view.replaceAll('"', '""')}"`);
    } catch {
      // A view that does not compile reads nothing.
    }
  }
  database.setAuthorizer(null);
  return reads;
}
