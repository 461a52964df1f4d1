import type { PublishedTable } from '../guard.ts';
import type { Dialect } from './dialect.ts';

/** The published tables of a catalogue, by the names that a dialect lets them have. */
export class PublishedTables {
  readonly #exact = new Map<string, PublishedTable>();
  readonly #loose = new Map<string, PublishedTable[]>();
  readonly #dialect: Dialect;

  constructor(tables: readonly PublishedTable[], dialect: Dialect) {
    this.#dialect = dialect;
    for (const table of tables) {
      if (dialect.system(table.schema, table.name)) continue;
      this.#exact.set(`${table.schema}\0${table.name}`, table);
      const loose = this.#key(table.schema, table.name);
      this.#loose.set(loose, [...(this.#loose.get(loose) ?? []), table]);
    }
  }

  #key(schema: string, name: string): string {
    return this.#dialect.ignoresCase ? `${schema}\0${name}`.toLowerCase() : `${schema}\0${name}`;
  }

  /** The table of a name: as it is spelled, else the only one that differs in letter case alone, where that may be the same. */
  find(schema: string, name: string): PublishedTable | undefined {
    const exact = this.#exact.get(`${schema}\0${name}`);
    if (exact) return exact;
    const [loose, another] = this.#loose.get(this.#key(schema, name)) ?? [];
    return another ? undefined : loose;
  }

  /** The table that a name without a schema means: of the first schema that has it, or of the only one where none is given. */
  lookUp(searchPath: readonly string[], name: string): PublishedTable | undefined {
    const schemas = searchPath.length > 0 ? searchPath : [...new Set([...this.#exact.values()].map((table) => table.schema))];
    const found = schemas.map((schema) => this.find(schema, name)).filter((table) => table !== undefined);
    return searchPath.length > 0 || found.length === 1 ? found[0] : undefined;
  }

  /** The schemas that have a table of a name, where no order of them is given. */
  schemasOf(searchPath: readonly string[], name: string): string[] {
    const all = [...this.#exact.values()].filter((table) => this.find(table.schema, name) === table);
    return searchPath.length > 0 ? [] : all.map((table) => table.schema);
  }

  names(searchPath: readonly string[]): string[] {
    return [...this.#exact.values()].map((table) => (searchPath.includes(table.schema) ? table.name : `${table.schema}.${table.name}`));
  }
}
