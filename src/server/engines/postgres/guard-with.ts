import { opened, type Tree, textsOf } from './guard-kinds.ts';
import type { Column, Resolution, Scope } from './guard-scope.ts';
import { analyseSelect } from './guard-select.ts';

/** A WITH query: analysed at its place, or when a recursive list first names it. */
interface Query {
  readonly fields: Tree;
  columns: readonly Column[] | null;
  begun: boolean;
}

/** The WITH queries whose names can be seen, innermost first. */
export class WithQueries {
  readonly #queries = new Map<string, Query>();
  readonly #outer: WithQueries | null;
  readonly #resolution: Resolution;
  readonly #scope: Scope | null;

  constructor(resolution: Resolution, scope: Scope | null, outer: WithQueries | null) {
    this.#resolution = resolution;
    this.#scope = scope;
    this.#outer = outer;
  }

  /** Adds the queries of a WITH clause. Without RECURSIVE each sees only those before it, and never itself. */
  static open(clause: Tree, resolution: Resolution, scope: Scope | null, outer: WithQueries | null): WithQueries {
    const list = ((clause.ctes as Tree[] | undefined) ?? []).map((node) => opened(node)?.fields ?? {});
    const all = new WithQueries(resolution, scope, outer);
    if (clause.recursive) {
      for (const fields of list) all.#queries.set(String(fields.ctename), { fields, columns: null, begun: false });
      for (const query of all.#queries.values()) all.#analyse(query, all);
      return all;
    }
    let seen = outer;
    for (const fields of list) {
      const next = new WithQueries(resolution, scope, seen);
      const query: Query = { fields, columns: null, begun: false };
      next.#analyse(query, seen);
      next.#queries.set(String(fields.ctename), query);
      seen = next;
    }
    return seen ?? all;
  }

  /** The columns of the WITH query of a name; null where there is none of it and a table is meant. */
  find(name: string, near: Tree): readonly Column[] | null {
    const query = this.#queries.get(name);
    if (!query) return this.#outer?.find(name, near) ?? null;
    this.#analyse(query, this);
    if (query.columns) return query.columns;
    const message = `${name} refers to itself before its first part.`;
    throw this.#resolution.source.refuse('relation.unknown', message, 'The first part of a UNION, then the one that refers to it.', near);
  }

  #analyse(query: Query, visible: WithQueries | null): void {
    if (query.begun) return;
    query.begun = true;
    const { fields } = query;
    const body = opened(fields.ctequery)?.fields ?? {};
    const named = (columns: readonly Column[]) => rename(columns, textsOf(fields.aliascolnames));
    const recursive = visible === this;
    if (recursive && isEndless(body, String(fields.ctename))) {
      const message = `The recursive query ${String(fields.ctename)} cannot end.`;
      throw this.#resolution.source.refuse('recursion.unbounded', message, 'WHERE in the part that refers to itself.', fields);
    }
    const columns = analyseSelect(body, this.#resolution, this.#scope, visible, (first) => {
      if (recursive) query.columns = named(first);
    });
    const search = fields.search_clause as Tree | undefined;
    const cycle = fields.cycle_clause as Tree | undefined;
    const added = [search?.search_seq_column, cycle?.cycle_mark_column, cycle?.cycle_path_column].filter((name) => name !== undefined);
    query.columns = [...named(columns), ...added.map((name) => ({ name: String(name), of: [] }))];
  }
}

/** Columns under the names that an alias gives to the first of them. */
export function rename(columns: readonly Column[], names: readonly string[]): Column[] {
  return columns.map((column, index) => (names[index] === undefined ? column : { name: names[index], of: column.of }));
}

/** Whether the second part of a recursive query reads itself alone, without a condition. Others may be endless too; those end at the limits of the session. */
function isEndless(body: Tree, name: string): boolean {
  const second = body.rarg as Tree | undefined;
  const [item, more] = (second?.fromClause as Tree[] | undefined) ?? [];
  const range = item?.RangeVar as Tree | undefined;
  const alone = !more && range?.relname === name && range.schemaname === undefined;
  return alone && body.all === true && !second?.whereClause && !second?.larg && !second?.havingClause;
}
