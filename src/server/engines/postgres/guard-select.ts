import { analyseFrom, type Brought } from './guard-from.ts';
import { opened, type Part, partsOf, type Tree, text, textsOf } from './guard-kinds.ts';
import type { Column, Relation, Resolution, Scope } from './guard-scope.ts';
import { titleOf } from './guard-titles.ts';
import { WithQueries } from './guard-with.ts';

const listOf = (value: unknown): Tree[] => (value as Tree[] | undefined) ?? [];

/** Resolves every name of an expression. */
export function analyseExpression(node: unknown, resolution: Resolution, scope: Scope, queries: WithQueries | null): void {
  const { kind, fields } = opened(node ?? {}) ?? { kind: '', fields: {} };
  if (kind !== '') analysePart({ kind, fields, node }, resolution, scope, queries);
}

function analysePart({ kind, fields, node }: Part, resolution: Resolution, scope: Scope, queries: WithQueries | null): void {
  if (kind === 'ColumnRef') resolution.column(fields, scope);
  else if (kind === 'SelectStmt') analyseSelect(fields, resolution, scope, queries);
  else for (const part of partsOf(kind, fields)) analysePart(part, resolution, scope, queries);
  if (kind === 'FuncCall' && textsOf(fields.funcname).at(-1) === 'pg_typeof') resolution.edits.push(() => readAsText(node as Tree));
}

/** Makes a call the text of its result: a number or text that shares a list with a regtype is looked up as the name of a type, and every table has one. */
function readAsText(node: Tree): void {
  const { FuncCall } = node;
  delete node.FuncCall;
  node.TypeCast = { arg: { FuncCall }, typeName: { names: [text('text')], typemod: -1 } };
}

const isStar = (node: Tree): boolean => Object.hasOwn(listOf((node.ColumnRef as Tree | undefined)?.fields).at(-1) ?? {}, 'A_Star');

/** The name that an item of ORDER BY or GROUP BY consists of, where it does. */
function bareName(node: Tree): string | null {
  const ref = node.ColumnRef as Tree | undefined;
  const names = textsOf(ref?.fields);
  return names.length === 1 && names[0] !== '' ? (names[0] ?? null) : null;
}

/** The stars of a select list, replaced by names of published columns: what a star means is then in the text that is sent. */
function expanded(relations: readonly Relation[]): Tree[] {
  return relations.flatMap((relation) => {
    const column = (last: Tree): Tree => ({ ResTarget: { val: { ColumnRef: { fields: [text(relation.name ?? ''), last] } } } });
    return relation.places.length === 0 ? [column({ A_Star: {} })] : relation.columns.map((one) => column(text(one.name)));
  });
}

/** One item of a select list: the columns that it gives, and what it is replaced by in the text that is sent. */
function target(fields: Tree, node: Tree, from: readonly Brought[], resolution: Resolution, scope: Scope, queries: WithQueries | null) {
  const ref = (fields.val as Tree | undefined)?.ColumnRef as Tree | undefined;
  const star = isStar(fields.val as Tree);
  if (star && fields.name !== undefined) {
    // PostgreSQL would not give it: the columns keep their names.
    throw resolution.source.refuse(
      'construct.unlisted',
      'A star has no name of its own.',
      'table.*, or the columns by name.',
      ref ?? fields,
    );
  }
  if (!ref || !star) {
    analyseExpression(fields.val, resolution, scope, queries);
    const name = fields.name === undefined ? titleOf(fields.val) : String(fields.name);
    // The name that it was judged by is written into what is sent: PostgreSQL cannot give it another.
    if (!ref)
      resolution.edits.push(() => {
        fields.name = name;
      });
    return { columns: [{ name, of: [] }], nodes: [node] };
  }
  const qualifier = textsOf(ref.fields).slice(0, -1);
  const relations = qualifier.length > 0 ? resolution.qualified(qualifier, ref, scope) : from.flatMap((item) => item.relations);
  const columns = qualifier.length > 0 ? relations.flatMap((relation) => relation.columns) : from.flatMap((item) => item.columns);
  for (const column of columns) resolution.read(column);
  const simple = relations.every(
    (one) => one.name !== null && (one.places.length === 0 || (one.places.length === 1 && one.columns.length > 0)),
  );
  // A relation of an outer query is not in FROM; its star is left to the replaced table.
  const here = relations.every((one) => scope.relations.includes(one));
  const merged = qualifier.length === 0 && from.some((item) => item.merged);
  const nodes = simple && here && !merged && relations.length > 0 ? expanded(relations) : null;
  if (nodes === null) for (const place of relations.flatMap((one) => one.places)) place.pinned = true;
  return { columns: columns.map((column) => ({ ...column, of: [] })), nodes: nodes ?? [node] };
}

function groupItem(node: Tree, names: ReadonlySet<string>, resolution: Resolution, scope: Scope, queries: WithQueries | null): void {
  const set = node.GroupingSet as Tree | undefined;
  const row = node.RowExpr as Tree | undefined;
  if (set) for (const inner of listOf(set.content)) groupItem(inner, names, resolution, scope, queries);
  // (a, b) without ROW is no value here: each of them is an item.
  else if (row?.row_format === 'COERCE_IMPLICIT_CAST')
    for (const inner of listOf(row.args)) groupItem(inner, names, resolution, scope, queries);
  else {
    const name = bareName(node);
    const input = scope.relations.some((relation) => relation.columns.some((column) => column.name === name));
    if (name === null || input || !names.has(name)) analyseExpression(node, resolution, scope, queries);
    // The name of the list is meant: PostgreSQL would rather take a column, published or not.
    else resolution.pinInner(scope, null);
  }
}

function sorted(items: Tree[], columns: readonly Column[], resolution: Resolution, scope: Scope, queries: WithQueries | null): void {
  for (const item of items) {
    const node = Object.hasOwn(item, 'SortBy') ? ((item.SortBy as Tree).node as Tree) : item;
    const name = bareName(node);
    const named = columns.filter((column) => column.name === name);
    if (named.length === 0) analyseExpression(node, resolution, scope, queries);
    // PostgreSQL may know no column of the list by this name: then it would take one of a table, published or not.
    else if (named.some((column) => column.guessed)) resolution.pinInner(scope, null);
  }
}

function plainSelect(
  fields: Tree,
  resolution: Resolution,
  outer: Scope | null,
  queries: WithQueries | null,
): { columns: Column[]; scope: Scope } {
  const from: Brought[] = [];
  for (const item of listOf(fields.fromClause)) {
    from.push(
      analyseFrom(
        item,
        { resolution, outer, queries },
        from.flatMap((one) => one.relations),
      ),
    );
  }
  const scope: Scope = { relations: from.flatMap((one) => one.relations), outer };
  const targets = listOf(fields.targetList).map((node) => target(node.ResTarget as Tree, node, from, resolution, scope, queries));
  if (targets.length > 0) {
    resolution.edits.push(() => {
      fields.targetList = targets.flatMap((one) => one.nodes);
    });
  }
  const columns = targets.flatMap((one) => one.columns);
  const names = new Set(columns.map((column) => column.name));
  for (const clause of ['whereClause', 'havingClause'] as const) analyseExpression(fields[clause], resolution, scope, queries);
  for (const node of listOf(fields.windowClause)) analyseExpression(node, resolution, scope, queries);
  for (const node of listOf(fields.groupClause)) groupItem(node, names, resolution, scope, queries);
  sorted(listOf(fields.distinctClause), columns, resolution, scope, queries);
  return { columns, scope };
}

/** Analyses a query and gives its columns. `first` is told those of the first part of a UNION, which a recursive query may refer to. */
export function analyseSelect(
  fields: Tree,
  resolution: Resolution,
  outer: Scope | null,
  around: WithQueries | null,
  first?: (columns: readonly Column[]) => void,
): readonly Column[] {
  const queries = fields.withClause ? WithQueries.open(fields.withClause as Tree, resolution, outer, around) : around;
  let columns: readonly Column[];
  let scope: Scope = { relations: [], outer };
  if (fields.larg) {
    columns = analyseSelect(fields.larg as Tree, resolution, outer, queries);
    first?.(columns);
    analyseSelect(fields.rarg as Tree, resolution, outer, queries);
  } else if (fields.valuesLists) {
    for (const list of listOf(fields.valuesLists)) analyseExpression(list, resolution, scope, queries);
    const items = listOf((listOf(fields.valuesLists)[0]?.List as Tree | undefined)?.items);
    // A star in the list stands for as many as its table has, which may be none.
    const sure = items.every((item) => !isStar(item));
    columns = items.map((_, index) => ({ name: `column${index + 1}`, of: [], ...(sure ? {} : { guessed: true as const }) }));
  } else {
    ({ columns, scope } = plainSelect(fields, resolution, outer, queries));
  }
  sorted(listOf(fields.sortClause), columns, resolution, scope, queries);
  const limits: Scope = { relations: [], outer };
  for (const limit of [fields.limitCount, fields.limitOffset]) analyseExpression(limit, resolution, limits, queries);
  return columns;
}
