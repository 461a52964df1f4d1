import type { Judged } from '../engine.ts';
import { fold, mentionsOf } from './fold.ts';
import type { OpenFile } from './hold.ts';

/**
 * Runs `work` while the tables that a statement joins by whichever columns are called alike have no columns but those it was judged by: SQLite
 * does not ask its authorizer about those of NATURAL and USING. Of USING, those count that the text names. All in one view of the file: nobody
 * adds a column in between.
 */
export function holdJoins(database: OpenFile, { whole = [] }: Pick<Judged, 'whole'>, sql: string, work: () => void): void {
  if (whole.length === 0) {
    work();
    return;
  }
  database.setAuthorizer(null);
  database.exec('BEGIN');
  try {
    // The first look begins the view, and has SQLite read the schema again if it is another by now.
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    const columnsOf = database.prepare('SELECT name FROM pragma_table_xinfo(?)');
    const mentions = mentionsOf(sql);
    const natural = mentions('natural');
    for (const { name, columns } of whole) {
      const known = new Set(columns.map(fold));
      const others = columnsOf
        .all(name)
        .flatMap((row) => Object.values(row))
        .filter((column) => !known.has(fold(String(column))) && (natural || mentions(String(column))));
      if (others.length > 0) throw Object.assign(new Error('a table has columns that are not published'), { errcode: 23 });
    }
    work();
  } finally {
    database.setAuthorizer(null);
    if (database.isTransaction) database.exec('ROLLBACK');
  }
}
