import type { Fact } from '../engine.ts';
import { oracleGrammar } from './grammar.ts';
import type { Row } from './session.ts';
import { typeText } from './type-text.ts';

/** Longest default or expression that is told, in characters. */
const most = 2000;

export const text = (value: string | null | undefined): string => value ?? '';
const yes = (value: string | null | undefined): boolean => value === 'YES' || value === 'Y';

/** The id of a table within one reading. A zero character cannot be in a name. */
export const idOf = (schema: string | null | undefined, name: string | null | undefined): string => `${text(schema)}\0${text(name)}`;

/** A row of columnsSql. */
export function columnFact(row: Row, readable: boolean): Fact {
  const [schema, table, position, name, type, owner, bytes, characters, used, precision, scale, nullable, identity, generated, initial] =
    row;
  const column = {
    name: text(name),
    position: Number(position),
    type: typeText({
      name: text(type),
      owner: owner ?? null,
      bytes: bytes ?? null,
      characters: characters ?? null,
      countsCharacters: used === 'C',
      precision: precision ?? null,
      scale: scale ?? null,
    }),
    nullable: yes(nullable),
    // An identity's default is the sequence that Oracle made for it; of a virtual column it is the expression.
    default: initial === null || initial === undefined || yes(identity) ? null : initial.trim().slice(0, most),
    identity: yes(identity),
    generated: yes(generated),
    enumValues: null,
    readable,
  };
  return { fact: 'column', table: idOf(schema, table), column };
}

/** Neighbouring rows of one thing, however the batches are cut: rows come in the order of `key`. */
export class Neighbours {
  readonly #key: (row: Row) => string;
  #held: Row[] = [];
  constructor(key: (row: Row) => string) {
    this.#key = key;
  }

  /** Adds rows; answers with the groups that are whole by now. */
  add(rows: readonly Row[]): Row[][] {
    const groups: Row[][] = [];
    for (const row of rows) {
      const [first] = this.#held;
      if (first && this.#key(first) !== this.#key(row)) groups.push(this.#held.splice(0));
      this.#held.push(row);
    }
    return groups;
  }
  /** The last group. */
  end(): Row[][] {
    return this.#held.length > 0 ? [this.#held.splice(0)] : [];
  }
}

/** A key that foreign keys may refer to. */
export interface Target {
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly string[];
}

/** Rows of keysSql of one key, and what foreign keys will find of it. */
export function keyFact(group: readonly Row[]): { fact: Fact; id: string; target: Target } {
  const [owner, name, table, kind] = group[0] ?? [];
  const columns = group.map((row) => text(row[4]));
  return {
    fact: { fact: 'key', table: idOf(owner, table), key: { name: text(name), kind: kind === 'P' ? 'primary' : 'unique', columns } },
    id: idOf(owner, name),
    target: { schema: text(owner), table: text(table), columns },
  };
}

/** Rows of foreignKeysSql of one foreign key; null where the login does not see what it refers to. */
export function foreignKeyFact(group: readonly Row[], targets: ReadonlyMap<string, Target>): Fact | null {
  const [owner, name, table, otherOwner, otherName, deletion, validated] = group[0] ?? [];
  const target = targets.get(idOf(otherOwner, otherName));
  if (!target) return null;
  const key = {
    name: text(name),
    columns: group.map((row) => text(row[7])),
    schema: target.schema,
    table: target.table,
    referencedColumns: [...target.columns],
    onDelete: text(deletion).toLowerCase() || 'no action',
    validated: validated === 'VALIDATED',
  };
  return { fact: 'foreign_key', table: idOf(owner, table), key };
}

/** Rows of indexesSql of one index, written as the statement that would make it. */
export function indexFact(group: readonly Row[], expressions: ReadonlyMap<string, string>): Fact {
  const [schema, table, owner, name, unique, status, kind] = group[0] ?? [];
  const { quote } = oracleGrammar;
  const parts = group.map(([, , , , , , , column, direction, position]) => {
    const expression = expressions.get(`${idOf(owner, name)}\0${text(position)}`);
    return `${expression ?? quote(text(column))}${direction === 'DESC' ? ' DESC' : ''}`;
  });
  const isUnique = unique === 'UNIQUE';
  const sort = isUnique ? 'UNIQUE ' : /BITMAP/.test(text(kind)) ? 'BITMAP ' : '';
  const definition = `CREATE ${sort}INDEX ${quote(text(name))} ON ${quote(text(schema))}.${quote(text(table))} (${parts.join(', ')})`;
  return {
    fact: 'index',
    table: idOf(schema, table),
    // A partitioned index has its states in its partitions.
    index: { name: text(name), unique: isUnique, valid: status !== 'UNUSABLE', definition: definition.slice(0, most) },
  };
}

/** A row of one of the comments' queries. */
export const commentFact = ([schema, table, column, comment]: Row): Fact => ({
  fact: 'comment',
  table: idOf(schema, table),
  column: column ?? null,
  text: text(comment),
});
