import { allowedFunctions } from './functions.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Functions whose result is as wide as their first argument says. */
export const formatters = words('printf format');

/** Functions that a statement may call: what the session allows too, but for those that stand in FROM. */
export const functions: ReadonlySet<string> = allowedFunctions;

/** Functions that stand in FROM and read nothing but their argument. */
export const tableFunctions = words('json_each json_tree jsonb_each jsonb_tree');

/** Names that a row’s number goes by where no column has them. */
export const rowNumbers = words('rowid oid _rowid_');

/** What SQLite keeps for itself, and what reads its files and settings. */
export function isSystemName(name: string): boolean {
  return /^(sqlite_|pragma_)|^(dbstat|bytecode|tables_used|fts3tokenize|fts4aux|fts5vocab|fts[345]|rtree|rtree_i32|geopoly)$/i.test(name);
}
