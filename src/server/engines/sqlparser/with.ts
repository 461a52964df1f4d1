import { type Ident, identOf } from './idents.ts';
import type { Tree } from './kinds.ts';
import { variant } from './kinds.ts';
import type { Column, Resolution, Scope } from './scope.ts';
import { analyseQuery } from './select.ts';

/** A WITH query. */
interface Query {
  readonly name: string;
  readonly ident: Ident;
  readonly node: Tree;
  columns: readonly Column[] | null;
}

/** The WITH queries whose names can be seen, innermost first. Each sees those before it, and itself where the dialect says so. */
export class WithQueries {
  readonly #query: Query;
  readonly #outer: WithQueries | null;
  /** Set where the database does not see it, and takes its name for that of a table. */
  readonly #unseen: boolean;

  private constructor(query: Query, outer: WithQueries | null, unseen = false) {
    this.#query = query;
    this.#outer = outer;
    this.#unseen = unseen;
  }

  /** The same queries where the database does not see them. */
  hidden(): WithQueries {
    return new WithQueries(this.#query, hiddenOf(this.#outer), true);
  }

  static open(clause: Tree, resolution: Resolution, scope: Scope | null, outer: WithQueries | null): WithQueries | null {
    const { dialect } = resolution.structure;
    const self = dialect.selfVisible === 'always' || clause.recursive === true;
    let seen = outer;
    let within = dialect.innerWithSees ? outer : hiddenOf(outer);
    for (const node of (clause.cte_tables as Tree[] | undefined) ?? []) {
      const ident = identOf((node.alias as Tree).name, resolution.structure);
      const query: Query = { name: resolution.read(ident), ident, node, columns: null };
      if (seen?.nearest((one) => resolution.alike(one, query.name))) {
        // Letter case may not count there, and MariaDB sees queries before they are written.
        const message = `Which query ${query.name} means is not the same for every server.`;
        throw resolution.structure.words.refuse('relation.unknown', message, 'Another name for one of the WITH queries.', ident.span);
      }
      const inner: WithQueries = new WithQueries(query, within);
      analyse(query, self ? inner : within, self, resolution, scope);
      within = inner;
      seen = new WithQueries(query, seen);
    }
    return seen;
  }

  /** The WITH query of a name, with its own spelling; null where there is none of it and a table is meant. */
  find(ident: Ident, resolution: Resolution): { readonly columns: readonly Column[]; readonly name: string } | null {
    const name = resolution.read(ident);
    const found = this.nearest((one) => one === name) ?? this.nearest((one) => resolution.same(one, name));
    if (!found) return null;
    const query = found.#query;
    if (found.#unseen) {
      const message = `${resolution.structure.dialect.label} does not see ${query.name} from within another WITH, and would read a table of that name.`;
      throw resolution.structure.words.refuse('relation.unknown', message, 'All of them in one WITH.', ident.span);
    }
    if (query.name !== name && resolution.published.lookUp(resolution.searchPath, name)?.name === name) {
      const message = `${ident.value} may be the WITH query ${query.name} or the table ${name}.`;
      throw resolution.structure.words.refuse('relation.unknown', message, 'The name in its own letter case.', ident.span);
    }
    if (query.columns) return { columns: query.columns, name: query.name };
    const message = `${query.name} refers to itself before its first part.`;
    const allowed = 'The first part of a UNION ALL, then the one that refers to it.';
    throw resolution.structure.words.refuse('relation.unknown', message, allowed, ident.span);
  }

  /** The nearest of a name. */
  nearest(fits: (name: string) => boolean): WithQueries | null {
    if (fits(this.#query.name)) return this;
    return this.#outer === null ? null : this.#outer.nearest(fits);
  }
}

function analyse(query: Query, visible: WithQueries | null, self: boolean, resolution: Resolution, scope: Scope | null): void {
  const { words } = resolution.structure;
  const names = namesOf((query.node.alias as Tree).columns, resolution);
  const body = query.node.query as Tree;
  if (self && isEndless(body, query, resolution)) {
    const message = `The recursive query ${query.name} cannot end.`;
    throw words.refuse('recursion.unbounded', message, 'WHERE in the part that refers to itself.', query.ident.span);
  }
  const columns = analyseQuery(body, resolution, scope, visible, (first) => {
    if (self) query.columns = rename(first, names);
  });
  query.columns = rename(columns, names);
}

/** The names that an alias gives to columns. */
export function namesOf(columns: unknown, resolution: Resolution): string[] {
  return ((columns as Tree[] | undefined) ?? []).map((column) => resolution.read(identOf(column.name, resolution.structure)));
}

/** Columns under the names that an alias gives to the first of them. */
export function rename(columns: readonly Column[], names: readonly string[]): Column[] {
  return columns.map((column, index) => ({ ...column, name: names[index] ?? column.name }));
}

/** Whether the second part of a recursive query reads itself alone, without a condition. Others may be endless too; those end at the limits of the session. */
function isEndless(body: Tree, query: Query, resolution: Resolution): boolean {
  const [kind, operation] = variant(body.body);
  if (kind !== 'SetOperation' || (operation as Tree).set_quantifier !== 'All') return false;
  const [side, select] = variant((operation as Tree).right);
  if (side !== 'Select') return false;
  const { from, selection, having } = select as Tree;
  const [item, more] = (from as Tree[] | undefined) ?? [];
  const [relation, table] = variant(item?.relation);
  if (!item || more || relation !== 'Table' || (item.joins as unknown[]).length > 0 || selection || having) return false;
  const [part, second] = (table as Tree).name as Tree[];
  return !second && resolution.same(resolution.read(identOf(part?.Identifier, resolution.structure)), query.name);
}

const hiddenOf = (queries: WithQueries | null): WithQueries | null => queries?.hidden() ?? null;
