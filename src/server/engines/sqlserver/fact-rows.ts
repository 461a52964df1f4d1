import type { TableKind } from '../../../contract/catalog.ts';
import type { Cell, Fact } from '../engine.ts';
import type { Row } from './answer.ts';
import { sqlServerGrammar } from './grammar.ts';
import { typeText } from './type-text.ts';

type Rows = readonly [Row, ...Row[]];

const kinds: readonly TableKind[] = ['table', 'partitioned_table', 'view', 'materialized_view', 'foreign_table'];

const text = (value: Cell | undefined): string => (value === null || value === undefined ? '' : String(value));
const perhaps = (value: Cell | undefined): string | null => (value === null || value === undefined ? null : String(value));
const yes = (value: Cell | undefined): boolean => value === true || value === 1;
const { quote } = sqlServerGrammar;

/** A row of tablesSql. */
export function tableFact([id, schema, name, kind, rows, readable, side, column]: Row): Fact {
  return {
    fact: 'table',
    table: text(id),
    schema: text(schema),
    name: text(name),
    kind: kinds.find((one) => one === kind) ?? 'table',
    estimatedRows: rows === null || rows === undefined ? null : Number(rows),
    readable: yes(readable),
    partitionedBy: perhaps(column) === null ? null : `RANGE ${text(side)} (${quote(text(column))})`,
  };
}

/** A row of dependenciesSql. */
export const dependencyFact = ([id, schema, name]: Row): Fact => ({
  fact: 'dependency',
  table: text(id),
  schema: text(schema),
  name: text(name),
});

/** A row of columnsSql. Where no right is given to a single column, it is read as its table is. */
export function columnFact(row: Row, readableTables: ReadonlySet<string>): Fact {
  const [id, position, name, typeSchema, type, base, length, precision, scale, nullable, identity, computed, initial, readable] = row;
  const [bytes, digits, places] = [length, precision, scale].map(Number);
  return {
    fact: 'column',
    table: text(id),
    column: {
      name: text(name),
      position: Number(position),
      type: typeText({
        schema: perhaps(typeSchema),
        name: text(type),
        base: perhaps(base),
        bytes: bytes ?? 0,
        precision: digits ?? 0,
        scale: places ?? 0,
      }),
      nullable: yes(nullable),
      default: perhaps(initial),
      identity: yes(identity),
      generated: yes(computed),
      enumValues: null,
      readable: readable === null || readable === undefined ? readableTables.has(text(id)) : yes(readable),
    },
  };
}

/** Rows of keysSql of one key. */
export function keyFact(rows: Rows): Fact {
  const [id, name, type] = rows[0];
  const kind = text(type) === 'PK' ? 'primary' : 'unique';
  return { fact: 'key', table: text(id), key: { name: text(name), kind, columns: rows.map((row) => text(row[3])) } };
}

/** Rows of foreignKeysSql of one key. */
export function foreignKeyFact(rows: Rows): Fact {
  const [id, name, , schema, table, , deletion, unchecked] = rows[0];
  return {
    fact: 'foreign_key',
    table: text(id),
    key: {
      name: text(name),
      columns: rows.map((row) => text(row[2])),
      schema: text(schema),
      table: text(table),
      referencedColumns: rows.map((row) => text(row[5])),
      onDelete: text(deletion).replaceAll('_', ' ').toLowerCase() || 'no action',
      validated: !yes(unchecked),
    },
  };
}

/** Rows of indexesSql of one index, and how it would be written. */
export function indexFact(rows: Rows): Fact {
  const [id, name, schema, table, unique, disabled, kind, condition] = rows[0];
  const columns = rows.filter((row) => perhaps(row[8]) !== null);
  const keys = columns.filter((row) => !yes(row[10])).map((row) => quote(text(row[8])) + (yes(row[9]) ? ' DESC' : ''));
  const included = columns.filter((row) => yes(row[10])).map((row) => quote(text(row[8])));
  const parts = [
    `CREATE ${yes(unique) ? 'UNIQUE ' : ''}${text(kind)} INDEX ${quote(text(name))} ON ${quote(text(schema))}.${quote(text(table))}`,
    ...(keys.length > 0 ? [`(${keys.join(', ')})`] : []),
    ...(included.length > 0 ? [/COLUMNSTORE/.test(text(kind)) ? `(${included.join(', ')})` : `INCLUDE (${included.join(', ')})`] : []),
    ...(perhaps(condition) === null ? [] : [`WHERE ${text(condition)}`]),
  ];
  return {
    fact: 'index',
    table: text(id),
    index: { name: text(name), unique: yes(unique), valid: !yes(disabled), definition: parts.join(' ') },
  };
}

/** A row of commentsSql. */
export const commentFact = ([id, column, comment]: Row): Fact => ({
  fact: 'comment',
  table: text(id),
  column: perhaps(column),
  text: text(comment),
});
