import type { Fact } from '../engine.ts';
import type { Row } from './commands.ts';

/** Makes a fact of all rows of one key or index. */
export type Gather = (rows: readonly Row[]) => Fact | null;

const text = (value: string | null | undefined): string => value ?? '';

/** Rows of one table and name belong together; they come one behind the other, if perhaps in two batches. */
export class Gathered {
  readonly #of: Gather;
  #rows: Row[] = [];
  constructor(of: Gather) {
    this.#of = of;
  }

  #flush(): Fact[] {
    const fact = this.#rows.length > 0 ? this.#of(this.#rows) : null;
    this.#rows = [];
    return fact ? [fact] : [];
  }

  /** Takes rows; answers with the facts that are whole by now. */
  add(rows: readonly Row[]): Fact[] {
    const facts: Fact[] = [];
    for (const row of rows) {
      const [last] = this.#rows;
      if (last && (last[0] !== row[0] || last[1] !== row[1])) facts.push(...this.#flush());
      this.#rows.push(row);
    }
    return facts;
  }
  /** The fact of the last rows. */
  end(): Fact[] {
    return this.#flush();
  }
}

/** A key, of rows of the query `keys`. `silent`: what is told of a rule that the server keeps to itself. */
export const keyFact =
  (silent: string): Gather =>
  (rows) => {
    const [[table, name, , schema, target, , rule] = []] = rows;
    const columns = rows.map((row) => text(row[2]));
    if (target === null || target === undefined) {
      const kind = name === 'PRIMARY' ? 'primary' : 'unique';
      return { fact: 'key', table: text(table), key: { name: text(name), kind, columns } };
    }
    const referencedColumns = rows.map((row) => text(row[5]));
    const onDelete = rule ? rule.toLowerCase() : silent;
    return {
      fact: 'foreign_key',
      table: text(table),
      key: { name: text(name), columns, schema: text(schema), table: target, referencedColumns, onDelete, validated: true },
    };
  };

/** An index, of rows of the query `indexes`, written as the statement that would make it. */
export const indexFact =
  (quote: (name: string) => string): Gather =>
  (rows) => {
    const [[table, name, unique, kind, , , , , valid] = []] = rows;
    const parts = rows.map(([, , , , column, expression, prefix, direction]) => {
      const part = column === null || column === undefined ? `(${text(expression)})` : quote(column);
      return `${part}${prefix ? `(${prefix})` : ''}${direction === 'D' ? ' DESC' : ''}`;
    });
    const what = kind === 'FULLTEXT' || kind === 'SPATIAL' ? `${kind} ` : unique === '1' ? 'UNIQUE ' : '';
    const using = what === 'FULLTEXT ' || what === 'SPATIAL ' || !kind ? '' : ` USING ${kind}`;
    const definition = `CREATE ${what}INDEX ${quote(text(name))} ON ${quote(text(table))} (${parts.join(', ')})${using}`;
    return { fact: 'index', table: text(table), index: { name: text(name), unique: unique === '1', valid: valid === '1', definition } };
  };
