const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Functions that a statement may call: those that compute from their arguments alone and cannot be asked for a value without bound. */
export const functions = words(`
  -> ->> abs acos acosh asin asinh atan atan2 atanh avg ceil ceiling char coalesce concat concat_ws cos cosh count cume_dist
  current_date current_time current_timestamp date datetime degrees dense_rank exp first_value floor format glob group_concat hex if
  ifnull iif instr json json_array json_array_insert json_array_length json_error_position json_extract json_group_array
  json_group_object json_insert json_object json_patch json_pretty json_quote json_remove json_replace json_set json_type json_valid
  jsonb jsonb_array jsonb_array_insert jsonb_extract jsonb_group_array jsonb_group_object jsonb_insert jsonb_object jsonb_patch
  jsonb_remove jsonb_replace jsonb_set julianday lag last_value lead length like likelihood likely ln log log10 log2 lower ltrim
  max median min mod nth_value ntile nullif octet_length percent_rank percentile percentile_cont percentile_disc pi pow power printf
  quote radians random rank replace round row_number rtrim sign sin sinh soundex sqrt strftime string_agg substr substring sum tan
  tanh time timediff total trim trunc typeof unhex unicode unistr unistr_quote unixepoch unlikely upper`);

/** Functions whose result is as wide as their first argument says. */
export const formatters = words('printf format');

/** Functions that stand in FROM and read nothing but their argument. */
export const tableFunctions = words('json_each json_tree jsonb_each jsonb_tree');

/** Names that a row’s number goes by where no column has them. */
export const rowNumbers = words('rowid oid _rowid_');

/** What SQLite keeps for itself, and what reads its files and settings. */
export function isSystemName(name: string): boolean {
  return /^(sqlite_|pragma_|fts[345]|rtree)|^(dbstat|bytecode|tables_used)$/i.test(name);
}
