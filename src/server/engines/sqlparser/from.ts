import type { PublishedTable } from '../guard.ts';
import { hint } from '../refusal.ts';
import { jsonTable, tableFunction } from './from-calls.ts';
import { type Ident, identOf, nameOf, placeOf } from './idents.ts';
import { type Tree, variant } from './kinds.ts';
import { pivoted, unpivoted } from './pivot.ts';
import type { Column, Place, Relation, Resolution, Scope } from './scope.ts';
import { analyseExpression, analyseQuery } from './select.ts';
import { namesOf, rename, type WithQueries } from './with.ts';

/** What an item of FROM brings: the relations that can be named, and the columns that * stands for. */
export interface Brought {
  readonly relations: readonly Relation[];
  readonly columns: readonly Column[];
  readonly places: readonly Place[];
  /** Whether * names columns that no single relation has: those that USING and NATURAL merge. */
  readonly merged: boolean;
}

/** What the analysis of FROM needs to know. */
export interface FromContext {
  readonly resolution: Resolution;
  readonly outer: Scope | null;
  readonly queries: WithQueries | null;
}

export const computed = (name: string): Column => ({ name, of: [] });

export function single(relation: Relation): Brought {
  return { relations: [relation], columns: relation.columns, places: relation.places, merged: false };
}

/** The new name of an item, and those of its columns. */
export function aliasOf(node: Tree, resolution: Resolution): { name: string | null; columns: string[] } {
  const alias = node.alias as Tree | undefined;
  if (!alias) return { name: null, columns: [] };
  return { name: resolution.read(identOf(alias.name, resolution.structure)), columns: namesOf(alias.columns, resolution) };
}

function publishedTable(parts: readonly Ident[], resolution: Resolution): PublishedTable {
  const { words, dialect } = resolution.structure;
  const [schema, name] = parts.length === 2 ? parts : [undefined, parts[0]];
  const shown = parts.map((part) => part.value).join('.');
  const span = { start: parts[0]?.span.start ?? 0, end: parts.at(-1)?.span.end ?? 0 };
  const [schemaName, tableName] = [schema ? resolution.read(schema) : null, name ? resolution.read(name) : ''];
  const found =
    parts.length > 2 || !name
      ? undefined
      : schemaName === null
        ? resolution.published.lookUp(resolution.searchPath, tableName)
        : resolution.published.find(schemaName, tableName);
  if (found) return found;
  if (parts.length < 3 && dialect.system(schemaName, tableName)) {
    const message = `${shown} belongs to the database itself and cannot be read.`;
    throw words.refuse('relation.system', message, 'Published tables. Their schema is on the connection’s page.', span);
  }
  const schemas = schemaName === null ? resolution.published.schemasOf(resolution.searchPath, tableName) : [];
  if (schemas.length > 1) {
    const allowed = schemas.map((one) => `${one}.${tableName}`).join(', ');
    throw words.refuse('relation.unknown', `There is more than one published table ${shown}.`, `One of ${allowed}.`, span);
  }
  const message = parts.length > 2 ? `${shown}: another database or server cannot be read.` : `There is no published table ${shown}.`;
  const names = resolution.published.names(resolution.searchPath);
  throw words.refuse('relation.unknown', message, hint(schemaName === null ? tableName : shown, names, 'published tables'), span);
}

/** Writes whose table it is, and cuts it down to its published columns where that is asked for by then. */
function sendTable(parts: readonly Ident[], place: Place, renamed: boolean, pivot: boolean, resolution: Resolution): void {
  const { dialect } = resolution.structure;
  const { table } = place;
  const span = { start: parts[0]?.span.start ?? 0, end: parts.at(-1)?.span.end ?? 0 };
  const written = resolution.read(parts.at(-1) as Ident);
  resolution.edits.push(() => {
    const qualified = `${dialect.quote(table.schema)}.${dialect.quote(table.name)}`;
    const alias = renamed || (pivot && !dialect.namedPivots) ? '' : `${dialect.as}${dialect.quote(written)}`;
    if (!place.pinned) return [{ ...span, text: written === table.name || renamed ? qualified : `${qualified}${alias}` }];
    for (const column of table.columns) resolution.note({ name: column, of: [{ schema: table.schema, table: table.name, column }] });
    const columns = table.columns.map((column) => dialect.quote(column)).join(', ');
    return [{ ...span, text: `(SELECT ${columns} FROM ${qualified})${alias}` }, ...place.qualified.map((one) => ({ ...one, text: '' }))];
  });
}

function tableOf(node: Tree, context: FromContext, visible: readonly Relation[], pivot: boolean): Brought {
  const { resolution, queries, outer } = context;
  const { structure } = resolution;
  const parts = nameOf(node.name, structure);
  const [first, second] = parts;
  const alias = aliasOf(node, resolution);
  if (!first) throw structure.words.refuse('relation.unknown', 'A table without a name.', 'A published table.');
  if (node.args) return tableFunction(node, first, alias, context, visible);
  if (alias.columns.length > 0) {
    // Behind the name of a table such a list is one of hints in T-SQL, and nothing elsewhere.
    const message = 'New names for columns cannot stand behind the name of a table.';
    throw structure.words.refuse('construct.unlisted', message, '(SELECT a AS b FROM t) AS q', first.span);
  }
  if (node.partitions && !structure.dialect.partitions && (node.partitions as unknown[]).length > 0) {
    const message = 'A part of a table may hold earlier versions of rows, which are not published.';
    throw structure.words.refuse('construct.unlisted', message, 'The table as a whole.', first.span);
  }
  const query = second ? null : (queries?.find(first, resolution) ?? null);
  const written = resolution.read(parts.at(-1) as Ident);
  if (query) {
    if (query.name !== written) resolution.edits.push(() => [{ ...first.span, text: structure.dialect.quote(query.name) }]);
    return single({ name: alias.name ?? written, columns: query.columns, places: [] });
  }
  const { dual } = structure.dialect;
  if (dual && !second && !first.quoted && first.value.toLowerCase() === 'dual') {
    if (dual.sent !== null) resolution.edits.push(() => [{ ...first.span, text: dual.sent ?? '' }]);
    return single({ name: alias.name ?? written, columns: dual.columns.map(computed), places: [] });
  }
  if (dual?.sent && parts.map((part) => structure.dialect.quote(resolution.read(part))).join('.') === dual.sent) {
    return single({ name: alias.name ?? written, columns: dual.columns.map(computed), places: [] });
  }
  for (const sample of [node.sample]) analyseExpressionOf(sample, context, outer);
  const table = publishedTable(parts, resolution);
  resolution.tables.set(`${table.schema}\0${table.name}`, table);
  const crowded =
    [node.with_hints, node.partitions, node.index_hints].some((list) => Array.isArray(list) && list.length > 0) || node.sample;
  const place: Place = { table, name: alias.name ?? written, qualified: [], pinned: pivot };
  resolution.places.push(place);
  sendTable(parts, place, alias.name !== null, pivot, resolution);
  if (crowded) {
    resolution.edits.push(() => {
      if (!place.pinned) return [];
      const message = `Hints, partitions and samples of ${table.name} cannot stay where all columns of it are taken.`;
      throw structure.words.refuse('construct.unlisted', message, 'The columns by name, or no hint.', first.span);
    });
  }
  const { schema } = table;
  const columns = table.columns.map((column) => ({ name: column, of: [{ schema, table: table.name, column }] }));
  const relation = { name: place.name, columns, places: [place] };
  return single(alias.name === null ? { ...relation, schema } : relation);
}

function analyseExpressionOf(sample: unknown, { resolution, queries }: FromContext, outer: Scope | null): void {
  if (sample) analyseExpression('TableSample', sample, resolution, { relations: [], outer }, queries);
}

/** Analyses one item of FROM. `visible` are the items before it, which LATERAL, APPLY and functions may refer to. */
export function analyseFrom(node: unknown, context: FromContext, visible: readonly Relation[], applied = false, pivot = false): Brought {
  const { resolution, outer, queries } = context;
  const [kind, value] = variant(node);
  const item = value as Tree;
  if (kind === 'Table') return tableOf(item, context, visible, pivot);
  if (kind === 'Derived') {
    const scope: Scope | null = item.lateral === true || applied ? { relations: visible, outer, unsure: true } : outer;
    const columns = analyseQuery(item.subquery as Tree, resolution, scope, queries);
    const alias = aliasOf(item, resolution);
    return single({ name: alias.name, columns: rename(columns, alias.columns), places: [] });
  }
  if (kind === 'NestedJoin') return analyseJoins(item.table_with_joins as Tree, context, visible, applied);
  if (kind === 'JsonTable' || kind === 'OpenJsonTable') return jsonTable(kind, item, context, visible);
  if (kind === 'Pivot') return pivoted(item, analyseFrom(item.table, context, visible, applied, true), context);
  if (kind === 'Unpivot') return unpivoted(item, analyseFrom(item.table, context, visible, applied, true), context);
  throw resolution.structure.words.refuse('construct.unlisted', 'This cannot stand in FROM.', 'Tables, subqueries and joins.');
}

function shared(name: string, sides: readonly Brought[], ident: Ident | null, resolution: Resolution): Column {
  const found = sides.map((side) => resolution.named(side.columns, name));
  const missing = found.findIndex((columns) => columns.length === 0);
  if (missing >= 0 && ident) throw resolution.unknown([ident], resolution.columnHint(name, sides[missing]?.relations ?? []));
  const columns = found.flat();
  for (const column of columns) resolution.note(column);
  return { name, of: columns.flatMap((column) => column.of) };
}

function joined(left: Brought, join: Tree, context: FromContext, visible: readonly Relation[], applied: boolean): Brought {
  const { resolution, outer, queries } = context;
  const [operator, constraint] = variant(join.join_operator);
  const { dialect, words, lines } = resolution.structure;
  if (dialect.namedPivots && /^(Pivot|Unpivot)$/.test(variant(join.relation)[0])) {
    // All that is joined so far would be turned there, and not the last table alone.
    const message = 'What PIVOT or UNPIVOT is applied to behind a join cannot be told.';
    throw words.refuse('construct.unlisted', message, 'JOIN (SELECT … FROM t PIVOT (…) AS p) AS q', placeOf(join.relation, lines));
  }
  const right = analyseFrom(
    join.relation,
    context,
    [...visible, ...left.relations],
    applied || operator === 'CrossApply' || operator === 'OuterApply',
  );
  const [kind, value] = variant(constraint);
  const relations = [...left.relations, ...right.relations];
  const places = [...left.places, ...right.places];
  const merged: Column[] = [];
  if (kind === 'Natural') {
    // Which columns NATURAL joins by is decided by those the tables really have.
    for (const place of places) place.pinned = true;
    const common = left.columns.filter((column) => resolution.named(right.columns, column.name).length > 0);
    merged.push(...[...new Set(common.map((column) => column.name))].map((name) => shared(name, [left, right], null, resolution)));
  } else if (kind === 'Using') {
    for (const part of value as unknown[]) {
      const [ident, more] = nameOf(part, resolution.structure);
      if (!ident || more) throw resolution.structure.words.refuse('column.unknown', 'USING takes columns of both sides.', 'USING (id)');
      merged.push(shared(resolution.read(ident), [left, right], ident, resolution));
    }
  } else if (kind === 'On') analyseExpression('Expr', value, resolution, { relations, outer }, queries);
  const rest = [...left.columns, ...right.columns].filter((column) => !merged.some((one) => resolution.same(one.name, column.name)));
  return { relations, columns: [...merged, ...rest], places, merged: merged.length > 0 || left.merged || right.merged };
}

/** Analyses a table with what is joined to it. */
export function analyseJoins(node: Tree, context: FromContext, visible: readonly Relation[], applied = false): Brought {
  let brought = analyseFrom(node.relation, context, visible, applied);
  for (const join of (node.joins as Tree[] | undefined) ?? []) brought = joined(brought, join, context, visible, applied);
  return brought;
}
