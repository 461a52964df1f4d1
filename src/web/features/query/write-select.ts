import type { TableDetail } from '../../../contract/catalog.ts';

// Words that no dialect takes as a name without quotes. One too many costs two quotes, one too few a statement that does not run.
const reserved = new Set(
  `all alter analyse analyze and any array as asc asymmetric authorization autoincrement before begin between binary both by case cast check
  collate collation column commit concurrently conflict constraint create cross current current_catalog current_date current_role
  current_schema current_time current_timestamp current_user default deferrable delete desc distinct do drop else end escape except exclude
  exists explain false fetch filter first following for foreign freeze from full glob grant group groups having if ignore ilike in index
  indexed initially inner insert instead intersect into is isnull join key last lateral leading left like limit localtime localtimestamp
  match materialized natural no not nothing notnull null nulls of offset on only or order others outer over overlaps partition placing plan
  pragma preceding primary query raise range references regexp reindex release rename replace restrict returning right rollback row rows
  savepoint select session_user set similar some symmetric table tablesample temp temporary then ties to trailing transaction trigger true
  unbounded union unique update user using vacuum values variadic verbose view virtual when where window with within without`.split(/\s+/),
);

/** A name as it stands in a statement: in quotes where it would mean something else without. */
export function quoteName(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !reserved.has(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

const WIDTH = 92;

/** Names with commas between, in lines that can be read. */
function inLines(names: readonly string[]): string {
  const lines: string[] = [];
  for (const name of names) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + name.length + 2 <= WIDTH) lines[lines.length - 1] = `${last}, ${name}`;
    else lines.push(name);
  }
  return lines.join(',\n       ');
}

/** A statement that reads the readable columns of a table; the limit on rows is the server's. */
export function writeSelect({ schema, name, columns }: Pick<TableDetail, 'schema' | 'name' | 'columns'>): string {
  const readable = columns.filter((column) => column.readable).map((column) => quoteName(column.name));
  return `SELECT ${readable.length > 0 ? inLines(readable) : '*'}\nFROM ${quoteName(schema)}.${quoteName(name)}\n`;
}
