import { opened, type Tree, textsOf } from './guard-kinds.ts';
import { outputs } from './guard-names.ts';
import type { Column, Place, Relation, Resolution, Scope } from './guard-scope.ts';
import { analyseExpression, analyseSelect } from './guard-select.ts';
import { titleOf } from './guard-titles.ts';
import { rename, type WithQueries } from './guard-with.ts';

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

const computed = (name: string): Column => ({ name, of: [] });
const guessed = (name: string): Column => ({ name, of: [], guessed: true });

function single(relation: Relation, merged = false): Brought {
  return { relations: [relation], columns: relation.columns, places: relation.places, merged };
}

function aliasOf(fields: Tree): { name: string | null; columns: string[] } {
  const alias = fields.alias as Tree | undefined;
  return { name: alias ? String(alias.aliasname) : null, columns: textsOf(alias?.colnames) };
}

function rangeVar(node: Tree, fields: Tree, { resolution, queries }: FromContext): Brought {
  const alias = aliasOf(fields);
  const name = alias.name ?? String(fields.relname);
  const query = fields.schemaname === undefined ? queries?.find(String(fields.relname), fields) : null;
  if (query) return single({ name, columns: rename(query, alias.columns), places: [] });
  const table = resolution.table(fields);
  // New names for the first columns would name those that the table really has: it is cut down to the published ones.
  const place: Place = { node, table, name, qualified: [], pinned: alias.columns.length > 0 };
  resolution.places.push(place);
  resolution.edits.push(() => {
    fields.schemaname = table.schema;
  });
  const { schema } = table;
  const columns = table.columns.map((column) => ({ name: column, of: [{ schema, table: table.name, column }] }));
  const relation = { name, columns: rename(columns, alias.columns), places: [place] };
  return single(alias.name === null ? { ...relation, schema } : relation);
}

function rangeFunction(fields: Tree, context: FromContext, visible: readonly Relation[]): Brought {
  const alias = aliasOf(fields);
  const calls = ((fields.functions as Tree[] | undefined) ?? []).map((list) => opened(list)?.fields.items as Tree[]);
  const scope: Scope = { relations: visible, outer: context.outer };
  const defined = ((fields.coldeflist as Tree[] | undefined) ?? []).map((node) => computed(String(opened(node)?.fields.colname)));
  const columns = calls.flatMap(([call = {}, list]) => {
    analyseExpression(call, context.resolution, scope, context.queries);
    const typed = ((opened(list ?? {})?.fields.items as Tree[] | undefined) ?? []).map((node) =>
      computed(String(opened(node)?.fields.colname)),
    );
    if (typed.length > 0) return typed;
    if (defined.length > 0) return defined;
    const title = titleOf(call);
    const { kind, fields: inner } = opened(call) ?? { kind: '', fields: {} };
    const named = kind === 'FuncCall' ? outputs.get(title) : undefined;
    if (named) return named.map(computed);
    const many = kind === 'FuncCall' && title === 'unnest' ? ((inner.args as unknown[] | undefined)?.length ?? 1) : 1;
    // It gives more columns, under other names, where its type is made of several: unnest of a tsvector, a cast to a type of somebody's own.
    if (many > 1) return Array.from({ length: many }, () => guessed(title));
    return [guessed(calls.length === 1 ? (alias.name ?? title) : title)];
  });
  // Where the column is not there, x.pg_typeof is a call.
  const reserved = columns.find((column) => column.guessed && column.name.startsWith('pg_'));
  if (reserved) throw context.resolution.unknown([reserved.name], fields, 'A name that does not begin with pg_.');
  const all = fields.ordinality ? [...columns, computed('ordinality')] : columns;
  const apart = calls.flatMap(unnestApart);
  if (apart.length > calls.length)
    context.resolution.edits.push(() => {
      fields.functions = apart.map((items) => ({ List: { items } }));
      fields.is_rowsfrom = true;
    });
  const name = alias.name ?? titleOf(calls[0]?.[0]);
  // The name that it was judged by is written into what is sent: PostgreSQL cannot give it another.
  if (alias.name === null)
    context.resolution.edits.push(() => {
      fields.alias = { aliasname: name };
    });
  return single({ name, columns: rename(all, alias.columns), places: [] });
}

/** unnest of several arrays is a row of calls: PostgreSQL itself makes it so, but not of a name with its schema. */
function unnestApart(items: Tree[]): Tree[][] {
  const [call = {}, ...rest] = items;
  const { kind, fields } = opened(call) ?? { kind: '', fields: {} };
  const args = (fields.args as Tree[] | undefined) ?? [];
  const plain = Object.keys(fields).every((field) => ['funcname', 'args', 'funcformat', 'location'].includes(field));
  if (kind !== 'FuncCall' || titleOf(call) !== 'unnest' || args.length < 2 || !plain) return [items];
  return args.map((arg) => [{ FuncCall: { ...fields, args: [arg] } }, ...rest]);
}

function pin(places: readonly Place[]): void {
  for (const place of places) place.pinned = true;
}

function shared(name: string, sides: readonly Brought[], fields: Tree, resolution: Resolution): Column {
  const found = sides.map((side) => side.columns.filter((column) => column.name === name));
  const missing = found.findIndex((columns) => columns.length === 0);
  if (missing >= 0) {
    const allowed = resolution.columnHint(name, sides[missing]?.relations ?? []);
    throw resolution.unknown([name], fields, allowed);
  }
  const columns = found.flat();
  for (const column of columns) resolution.read(column);
  if (columns.some((column) => column.guessed)) pin(sides.flatMap((side) => side.places));
  const of = columns.flatMap((column) => column.of);
  return columns.some((column) => column.guessed) ? { name, of, guessed: true } : { name, of };
}

function joinExpr(fields: Tree, context: FromContext, visible: readonly Relation[]): Brought {
  const { resolution } = context;
  const left = analyseFrom(fields.larg as Tree, context, visible);
  const right = analyseFrom(fields.rarg as Tree, context, [...visible, ...left.relations]);
  const near = firstNamed(fields.rarg as Tree);
  const places = [...left.places, ...right.places];
  const common = new Set(right.columns.map((column) => column.name));
  const using = fields.isNatural
    ? [...new Set(left.columns.map((column) => column.name))].filter((name) => common.has(name))
    : textsOf(fields.usingClause);
  // Which columns NATURAL joins by is decided by those the tables really have.
  if (fields.isNatural) pin(places);
  const merged = using.map((name) => shared(name, [left, right], near, resolution));
  const rest = [...left.columns, ...right.columns].filter((column) => !using.includes(column.name));
  const columns = [...merged, ...rest];
  const relations = [...left.relations, ...right.relations];
  const usingAlias = fields.join_using_alias as Tree | undefined;
  if (usingAlias) relations.push({ name: String(usingAlias.aliasname), columns: merged, places: [] });
  if (fields.quals) analyseExpression(fields.quals, resolution, { relations, outer: context.outer }, context.queries);
  const alias = aliasOf(fields);
  if (alias.name !== null) {
    // Under its new name, each column of a table could pass for one whose name is guessed.
    if (alias.columns.length > 0 || columns.some((column) => column.guessed)) pin(places);
    return single({ name: alias.name, columns: rename(columns, alias.columns), places });
  }
  return { relations, columns, places, merged: using.length > 0 || left.merged || right.merged };
}

/** A node of the item that says where in the text it is. */
function firstNamed(node: Tree): Tree {
  const { kind, fields } = opened(node) ?? { kind: '', fields: {} };
  return kind === 'JoinExpr' ? firstNamed(fields.larg as Tree) : { location: fields.location ?? -1 };
}

/** Analyses one item of FROM. `visible` are the items before it, which LATERAL and functions may refer to. */
export function analyseFrom(node: Tree, context: FromContext, visible: readonly Relation[]): Brought {
  const { kind, fields } = opened(node) ?? { kind: '', fields: {} };
  const { resolution, outer, queries } = context;
  if (kind === 'RangeVar') return rangeVar(node, fields, context);
  if (kind === 'RangeFunction') return rangeFunction(fields, context, visible);
  if (kind === 'JoinExpr') return joinExpr(fields, context, visible);
  if (kind === 'RangeSubselect') {
    const scope = fields.lateral ? { relations: visible, outer } : outer;
    const columns = analyseSelect(opened(fields.subquery)?.fields ?? {}, resolution, scope, queries);
    const alias = aliasOf(fields);
    return single({ name: alias.name, columns: rename(columns, alias.columns), places: [] }, alias.name === null);
  }
  if (kind === 'RangeTableSample') {
    const inner = opened(fields.relation)?.fields ?? {};
    for (const argument of [...((fields.args as Tree[] | undefined) ?? []), ...(fields.repeatable ? [fields.repeatable as Tree] : [])]) {
      // What stands before it in FROM is not seen here: a name is one of the queries around.
      analyseExpression(argument, resolution, { relations: [], outer }, queries);
    }
    return rangeVar(node, inner, context);
  }
  throw resolution.source.refuse('construct.unlisted', 'This cannot stand in FROM.', 'Tables, subqueries, joins and functions.', fields);
}
