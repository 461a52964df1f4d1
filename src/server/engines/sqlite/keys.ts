import type { Cell, Fact } from '../engine.ts';
import { sqliteGrammar } from './grammar.ts';
import { text, truly } from './values.ts';

type Row = readonly Cell[];

const quoted = (names: readonly string[]): string => names.map(sqliteGrammar.quote).join(', ');

/** Rows of one key each: those that follow each other and share `columns` of their values. */
function grouped(rows: readonly Row[], columns: number): Row[][] {
  const groups: Row[][] = [];
  for (const row of rows) {
    const last = groups.at(-1);
    const same = last?.[0] && row.slice(0, columns).every((value, index) => value === last[0]?.[index]);
    if (last && same) last.push(row);
    else groups.push([row]);
  }
  return groups;
}

/** Primary keys, unique ones, foreign keys and indexes. `keyed`: the columns of each table that are in its primary key. */
export function readKeys(keyed: ReadonlyMap<string, readonly Row[]>, foreignKeys: readonly Row[], indexes: readonly Row[]): Fact[] {
  const primary = new Map(
    [...keyed].map(([table, rows]) => [table, rows.toSorted((a, b) => Number(a[6]) - Number(b[6])).map((row) => text(row[2]))]),
  );
  // Names of tables are compared without regard to case.
  const spelled = new Map([...primary.keys()].map((name) => [name.toLowerCase(), name]));
  const ofIndexes = grouped(indexes, 2);
  return [
    // SQLite does not tell how a constraint was called.
    ...[...primary].map(([table, columns]): Fact => ({ fact: 'key', table, key: { name: 'primary key', kind: 'primary', columns } })),
    ...ofIndexes.flatMap(uniqueFact),
    ...grouped(foreignKeys, 2).flatMap((rows) => foreignFact(rows, primary, spelled)),
    ...ofIndexes.flatMap(indexFact),
  ];
}

function uniqueFact(rows: readonly Row[]): Fact[] {
  const [[table, name, , origin] = []] = rows;
  return origin === 'u'
    ? [{ fact: 'key', table: text(table), key: { name: text(name), kind: 'unique', columns: rows.map((row) => text(row[7])) } }]
    : [];
}

function indexFact(rows: readonly Row[]): Fact[] {
  const [[table, name, unique, origin, , sql] = []] = rows;
  if (origin === 'pk') return [];
  const composed = `UNIQUE (${quoted(rows.map((row) => text(row[7])))})`;
  const index = {
    name: text(name),
    unique: truly(unique),
    valid: true,
    definition: sql === null || sql === undefined ? composed : text(sql),
  };
  return [{ fact: 'index', table: text(table), index }];
}

function foreignFact(rows: readonly Row[], primary: ReadonlyMap<string, readonly string[]>, spelled: ReadonlyMap<string, string>): Fact[] {
  const [[table, , , target, , , deletion] = []] = rows;
  const parent = spelled.get(text(target).toLowerCase()) ?? text(target);
  const columns = rows.map((row) => text(row[4]));
  const said = rows.map((row) => row[5]);
  // The key of a parent is implied where its columns are not said.
  const referencedColumns = said.every((name) => name !== null) ? said.map(text) : (primary.get(parent) ?? []);
  // What refers to nothing that there is cannot be followed.
  if (referencedColumns.length !== columns.length) return [];
  const name = `${text(table)} (${columns.join(', ')})`;
  // Declared, and checked only by writers that ask for it: SQLite does not promise that every row has its parent.
  const key = { name, columns, schema: 'main', table: parent, referencedColumns: [...referencedColumns] };
  return [{ fact: 'foreign_key', table: text(table), key: { ...key, onDelete: text(deletion).toLowerCase(), validated: false } }];
}
