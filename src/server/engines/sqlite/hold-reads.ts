import type { Accepted } from '../guard.ts';
import { judgeReading } from './authorizer.ts';
import { tableFunctions } from './guard-names.ts';

/** SQLite's question with all that it says: what is to be done, to what, in which of it, of which database, by which view. */
type Question = (code: number, first: string | null, second: string | null, database: string | null, view: string | null) => number;

const read = 20;
const [ok, deny] = [0, 1];

/**
 * Holds the session to what was judged: the columns of the verdict and no others. The guard resolves names among published
 * columns alone; a column that came into the file since could otherwise take a name for itself, or come along with a star.
 */
export function holdReads({ tables, columns }: Pick<Accepted, 'tables' | 'columns'>): Question {
  const named = new Set(tables.map(({ table }) => table.toLowerCase()));
  const allowed = new Set(columns.map(({ table, column }) => `${table}\0${column}`.toLowerCase()));
  return (code, first, second, _database, view) => {
    if (code !== read || first === null) return judgeReading(code, first, second);
    if (judgeReading(code, first, second) !== ok) return deny;
    // A published view reads what it was made to read. A WITH query is named here too: of one no column is read, or it names itself.
    if (view !== null && named.has(view.toLowerCase())) return ok;
    if (second === null || second === '') return ok;
    if (tableFunctions.has(first.toLowerCase()) && !named.has(first.toLowerCase())) return ok;
    return allowed.has(`${first}\0${second}`.toLowerCase()) ? ok : deny;
  };
}
