import { allowedFunctions } from './functions.ts';

/** What SQLite asks about while it prepares a statement, by the numbers of its interface. */
const action = { pragma: 19, read: 20, select: 21, transaction: 22, function: 31, recursive: 33 } as const;
const ok = 0;
const deny = 1;

/** SQLite's question: what is to be done, to what, in which of it. */
export type Authorizer = (code: number, first: string | null, second: string | null) => number;

/** Tables that no schema has: what SQLite tells of itself and of the file's pages. */
const notOfPeople = /^(sqlite_|pragma_|dbstat$|fts3tokenize$|fts4aux$|fts5vocab$)/i;

/** For statements of other people: reading of tables that are not SQLite's own, and functions that only compute. All else is refused. */
export const judgeReading: Authorizer = (code, first, second) => {
  switch (code) {
    case action.select:
    case action.recursive:
      return ok;
    case action.read:
      return first !== null && !notOfPeople.test(first) ? ok : deny;
    case action.function:
      return second !== null && allowedFunctions.has(second.toLowerCase()) ? ok : deny;
    default:
      return deny;
  }
};

const catalogPragmas = new Set(['table_list', 'table_xinfo', 'foreign_key_list', 'index_list', 'index_xinfo']);

/** For statements of ours about the catalogue: the same, and what describes tables. */
export const judgeCatalog: Authorizer = (code, first, second) => {
  if (code === action.read) return ok;
  // With an argument in brackets, such a pragma only tells.
  if (code === action.pragma) return first !== null && catalogPragmas.has(first.toLowerCase()) ? ok : deny;
  return judgeReading(code, first, second);
};

/** Refuses all and keeps the names of the tables that would be read. */
export function noteTables(tables: Set<string>): Authorizer {
  return (code, first) => {
    if (code === action.read && first !== null) tables.add(first);
    return code === action.read || code === action.select || code === action.recursive || code === action.function ? ok : deny;
  };
}
