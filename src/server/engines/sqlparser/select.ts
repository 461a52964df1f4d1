import type { AliasPlace } from './dialect.ts';
import { analyseJoins, type Brought } from './from.ts';
import { type Ident, identOf, isPlaceholder, nameOf, placeOf, textualName } from './idents.ts';
import { selectItem, writtenItems } from './items.ts';
import { partsOf, type Tree, variant } from './kinds.ts';
import type { Column, Relation, Resolution, Scope } from './scope.ts';
import { WithQueries } from './with.ts';

const listOf = (value: unknown): Tree[] => (value as Tree[] | undefined) ?? [];

/** The identifiers of an expression that is a name and nothing else. */
export function namesOfExpression(node: unknown, resolution: Resolution): Ident[] | null {
  const [kind, value] = variant(node);
  if (isPlaceholder(node, resolution.structure)) return null;
  if (kind === 'Identifier') return [identOf(value, resolution.structure)];
  return kind === 'CompoundIdentifier' ? (value as unknown[]).map((one) => identOf(one, resolution.structure)) : null;
}

/** Resolves every name of a part of the tree. */
export function analyseExpression(kind: string, node: unknown, resolution: Resolution, scope: Scope, queries: WithQueries | null): void {
  const { dialect } = resolution.structure;
  if (kind === 'Query') {
    analyseQuery(node as Tree, resolution, scope, queries);
    return;
  }
  if (kind === 'Expr') {
    if (isPlaceholder(node, resolution.structure)) return;
    const names = namesOfExpression(node, resolution);
    if (names) {
      resolution.column(names, scope);
      return;
    }
  }
  // The key of an object is an expression there: a name is a column.
  const key = kind === 'NamedArgument' ? (node as Tree).name : null;
  if (key !== null && textualName(key) === null) resolution.column([identOf(key, resolution.structure)], scope);
  if (kind === 'MatchAgainst')
    for (const name of listOf((node as Tree).columns)) resolution.column(nameOf(name, resolution.structure), scope);
  if (kind === 'Function') {
    const [part] = listOf((node as Tree).name);
    const name = String((part?.Identifier as Tree | undefined)?.value ?? '').toLowerCase();
    if (dialect.unitFunctions.has(name)) node = withoutUnit(node as Tree, resolution);
  }
  for (const part of partsOf(kind, node)) if ('node' in part) analyseExpression(part.kind, part.node, resolution, scope, queries);
}

/** A call without its first argument, which has to be a part of a date and is no column. */
function withoutUnit(node: Tree, resolution: Resolution): Tree {
  const { dialect, words } = resolution.structure;
  const [, list] = variant(node.args);
  const [first, ...rest] = listOf((list as Tree | undefined)?.args);
  const unit = namesOfExpression(((first?.Unnamed ?? {}) as Tree).Expr, resolution);
  if (unit?.length === 1 && unit[0] && !unit[0].quoted && dialect.units.has(unit[0].value.toLowerCase())) {
    return { ...node, args: { List: { ...(list as Tree), args: rest } } };
  }
  const name = nameOf(node.name, resolution.structure)[0];
  throw words.refuse(
    'construct.unlisted',
    `${name?.value} needs a part of a date first.`,
    [...dialect.units].slice(0, 12).join(', '),
    name?.span,
  );
}

/** The name of an item of ORDER BY or GROUP BY that consists of nothing else. */
function bareName(node: unknown, resolution: Resolution): string | null {
  const names = namesOfExpression(node, resolution);
  return names?.length === 1 && names[0] ? resolution.read(names[0]) : null;
}

/** What the names of a select list may be taken for in a clause after it. */
interface After {
  readonly place: AliasPlace;
  readonly names: readonly Column[];
  readonly scope: Scope;
}

/** Resolves a clause in which the names of the select list may be used as well as columns. */
function analyseAfter(kind: string, node: unknown, after: After, resolution: Resolution, queries: WithQueries | null): void {
  const { place, names, scope } = after;
  const allowed = resolution.structure.dialect.aliases.has(place);
  const listed = (name: string | null) => allowed && name !== null && resolution.named(names, name).length > 0;
  const input = (name: string) => scope.relations.some((relation) => resolution.named(relation.columns, name).length > 0);
  const name = kind === 'Expr' ? bareName(node, resolution) : null;
  if (place === 'order' && name !== null && listed(name)) {
    // In another letter case it may be a column, published or not.
    const sure = resolution.structure.dialect.columnsIgnoreCase || names.some((column) => column.name === name);
    if (!sure) resolution.pinInner(scope, scope.outer);
    return;
  }
  if (name !== null && listed(name) && !input(name)) {
    // The name of the list is meant: a column, published or not, might be taken instead.
    resolution.pinInner(scope, scope.outer);
    return;
  }
  const computedNames = names.filter((column) => column.name !== '' && !input(column.name));
  if (!allowed || computedNames.length === 0 || !mentions(kind, node, computedNames, resolution)) {
    analyseExpression(kind, node, resolution, scope, queries);
    return;
  }
  resolution.pinInner(scope, scope.outer);
  const own: Relation = { name: null, columns: computedNames, places: [] };
  analyseExpression(kind, node, resolution, { relations: [...scope.relations, own], outer: scope.outer }, queries);
}

/** Whether a name of the list stands somewhere in an expression. */
function mentions(kind: string, node: unknown, names: readonly Column[], resolution: Resolution): boolean {
  const name = kind === 'Expr' ? bareName(node, resolution) : null;
  if (name !== null) return resolution.named(names, name).length > 0;
  for (const part of partsOf(kind, node)) if ('node' in part && mentions(part.kind, part.node, names, resolution)) return true;
  return false;
}

/** Two things of one FROM may have one name on some servers, unless their schemas tell them apart: its star is then that of both. */
function judgeNames(relations: readonly Relation[], resolution: Resolution): void {
  for (const [index, one] of relations.entries()) {
    const twin = relations.slice(0, index).find((other) => one.name !== null && resolution.alike(one.name, other.name));
    const apart = twin?.schema !== undefined && one.schema !== undefined && !resolution.alike(twin.schema, one.schema);
    if (!twin || apart) continue;
    const message = `Two things in this FROM are called ${one.name}, or may be the same name on some servers.`;
    throw resolution.structure.words.refuse('name.unclear', message, 'A name of its own for each: FROM t AS a, t AS b.');
  }
}

function plainSelect(
  node: Tree,
  resolution: Resolution,
  outer: Scope | null,
  queries: WithQueries | null,
): { columns: Column[]; scope: Scope } {
  const from: Brought[] = [];
  for (const item of listOf(node.from)) {
    from.push(
      analyseJoins(
        item,
        { resolution, outer, queries },
        from.flatMap((one) => one.relations),
      ),
    );
  }
  const scope: Scope = { relations: from.flatMap((one) => one.relations), outer };
  judgeNames(scope.relations, resolution);
  const expression = (kind: string, part: unknown) => {
    if (part !== undefined && part !== null) analyseExpression(kind, part, resolution, scope, queries);
  };
  if (node.top) analyseExpression('Top', node.top, resolution, { relations: [], outer }, queries);
  for (const part of listOf(node.connect_by)) expression('ConnectBy', part);
  const written = writtenItems(node, resolution);
  const columns = listOf(node.projection).flatMap((item, index) =>
    selectItem(item, written?.[index] ?? null, from, resolution, scope, queries),
  );
  expression('Expr', node.selection);
  for (const window of listOf(node.named_window)) expression('NamedWindow', window);
  const [, group] = variant(node.group_by);
  for (const item of listOf((group as unknown[] | undefined)?.[0])) {
    analyseAfter('Expr', item, { place: 'group', names: columns, scope }, resolution, queries);
  }
  if (node.having) analyseAfter('Expr', node.having, { place: 'having', names: columns, scope }, resolution, queries);
  return { columns, scope };
}

function analyseSet(
  node: unknown,
  resolution: Resolution,
  outer: Scope | null,
  queries: WithQueries | null,
  first?: (columns: readonly Column[]) => void,
): { columns: readonly Column[]; scope: Scope } {
  const [kind, value] = variant(node);
  const scope: Scope = { relations: [], outer };
  if (kind === 'Select') return plainSelect(value as Tree, resolution, outer, queries);
  if (kind === 'Query') return { columns: analyseQuery(value as Tree, resolution, outer, queries), scope };
  if (kind === 'SetOperation') {
    const { left, right } = value as Tree;
    const { columns } = analyseSet(left, resolution, outer, queries, first);
    first?.(columns);
    analyseSet(right, resolution, outer, queries);
    return { columns, scope };
  }
  const rows = listOf((value as Tree | undefined)?.rows);
  for (const row of rows) analyseExpression('ValuesRow', row, resolution, scope, queries);
  const width = listOf(rows[0]?.content).length;
  // Only VALUES ROW (…) gives its columns these names.
  const explicit = (value as Tree | undefined)?.explicit_row === true;
  return { columns: Array.from({ length: width }, (_, index) => ({ name: explicit ? `column_${index}` : '', of: [] })), scope };
}

/** ORDER BY behind parentheses is done within them by some databases, where other names can be seen: it takes names of the list and numbers. */
function judgeOuterOrder(expression: unknown, columns: readonly Column[], resolution: Resolution): void {
  const name = bareName(expression, resolution);
  if (variant(expression)[0] === 'Value' || (name !== null && columns.some((column) => column.name === name))) return;
  const { words, lines } = resolution.structure;
  const message = 'ORDER BY behind a query in parentheses takes names of its columns.';
  throw words.refuse('construct.unlisted', message, 'ORDER BY within the parentheses.', placeOf(expression, lines));
}

/** Analyses a query and gives its columns. `first` is told those of the first part of a UNION, which a recursive query may refer to. */
export function analyseQuery(
  node: Tree,
  resolution: Resolution,
  outer: Scope | null,
  around: WithQueries | null,
  first?: (columns: readonly Column[]) => void,
): readonly Column[] {
  const queries = node.with ? WithQueries.open(node.with as Tree, resolution, outer, around) : around;
  const { columns, scope } = analyseSet(node.body, resolution, outer, queries, first);
  const [, order] = variant((node.order_by as Tree | undefined)?.kind);
  if (variant(node.body)[0] === 'Query') for (const item of listOf(order)) judgeOuterOrder(item.expr, columns, resolution);
  for (const item of listOf(order)) analyseAfter('Expr', item.expr, { place: 'order', names: columns, scope }, resolution, queries);
  const limits: Scope = { relations: [], outer };
  if (node.limit_clause) analyseExpression('LimitClause', node.limit_clause, resolution, limits, queries);
  if (node.fetch) analyseExpression('Fetch', node.fetch, resolution, limits, queries);
  return columns;
}
