import type { Accepted } from '../guard.ts';
import { judgeReading } from './authorizer.ts';
import { fold } from './fold.ts';
import { tableFunctions } from './guard-names.ts';
import { readBy } from './hold-views.ts';

/** SQLite's question with all that it says: what is to be done, to what, in which of it, of which database, by which view. */
export type Question = (code: number, first: string | null, second: string | null, database: string | null, view: string | null) => number;

const read = 20;
const [ok, deny] = [0, 1];

/**
 * Holds the session to what was judged: the columns of the verdict and no others. The guard resolves names among published
 * columns alone; a column that came into the file since could otherwise take a name for itself, or come along with a star.
 * What the views of the verdict read is not in it: it is told as `readsOfViews` has it.
 */
export function holdReads({ tables, columns }: Pick<Accepted, 'tables' | 'columns'>, ofViews: ReadonlySet<string> = new Set()): Question {
  const named = new Set(tables.map(({ table }) => fold(table)));
  const allowed = new Set(columns.map(({ table, column }) => fold(`${table}\0${column}`)));
  return (code, first, second, _database, view) => {
    if (code !== read || first === null) return judgeReading(code, first, second);
    if (judgeReading(code, first, second) !== ok) return deny;
    // A published view reads what it was made to read. A WITH query is named here too.
    if (view !== null && ofViews.has(readBy(view, first, second ?? ''))) return ok;
    if (second === null || second === '') return ok;
    if (tableFunctions.has(fold(first)) && !named.has(fold(first))) return ok;
    return allowed.has(fold(`${first}\0${second}`)) ? ok : deny;
  };
}
