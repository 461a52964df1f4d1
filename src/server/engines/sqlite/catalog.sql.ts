/** Longest default, index or statement that is fetched, in characters. */
const most = 8000;

/** Tables that are tables to people: nothing of SQLite's own, no virtual tables and what lies behind them. */
const tables = `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`;

/** Name, kind, columns, without rowid, strict, and the statement that made it. */
export const tablesSql = `SELECT l.name, l.type, l.wr, l.strict, substr(s.sql, 1, 65536)
FROM pragma_table_list l LEFT JOIN sqlite_schema s ON s.name = l.name AND s.type IN ('table', 'view')
WHERE l.schema = 'main' AND l.type IN ('table', 'view') AND l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY l.name`;

/** Table, position, name, declared type, not null, default, place in the primary key, hidden (2 and 3: generated). */
export const columnsSql = `SELECT t.name, x.cid, x.name, x.type, x."notnull", substr(x.dflt_value, 1, ${most}), x.pk, x.hidden
FROM (${tables}) t JOIN pragma_table_xinfo(t.name) x ORDER BY t.name, x.cid`;

/** The same of one view: a view that is broken fails alone. */
export const viewColumnsSql = `SELECT ?1, x.cid, x.name, x.type, x."notnull", NULL, 0, x.hidden FROM pragma_table_xinfo(?1) x ORDER BY x.cid`;

/** Table, number and place of a foreign key's column, the table it refers to, column, referred column (null: the primary key), on delete. */
export const foreignKeysSql = `SELECT t.name, f.id, f.seq, f."table", f."from", f."to", f.on_delete
FROM (${tables}) t JOIN pragma_foreign_key_list(t.name) f ORDER BY t.name, f.id DESC, f.seq`;

/** Table, index, unique, origin (c: made, u: of a constraint, pk), partial, statement, place, column (null: an expression). */
export const indexesSql = `SELECT t.name, i.name, i."unique", i.origin, i.partial, substr(s.sql, 1, ${most}), x.seqno, x.name
FROM (${tables}) t JOIN pragma_index_list(t.name) i JOIN pragma_index_xinfo(i.name) x
  LEFT JOIN sqlite_schema s ON s.type = 'index' AND s.name = i.name
WHERE x.key = 1 ORDER BY t.name, i.name, x.seqno`;

/** Whether ANALYZE has been run, and what it found: rows of a table by its indexes. */
export const analysedSql = `SELECT count(*) FROM sqlite_schema WHERE name = 'sqlite_stat1'`;
export const estimatesSql = `SELECT tbl, max(CAST(stat AS INTEGER)) FROM sqlite_stat1 GROUP BY tbl`;

/** How many tables and views there are. */
export const countSql = `SELECT count(*) FILTER (WHERE type = 'table'), count(*) FILTER (WHERE type = 'view')
FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`;
