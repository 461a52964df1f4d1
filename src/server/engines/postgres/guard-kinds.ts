/** A node of the parse tree, or a part of one: `{ Kind: { field: … } }` or the fields alone. */
export type Tree = { [field: string]: unknown };

/** What the parts of a node may be. `values` are constants of the grammar, `nodes` are nodes or lists of them, `parts` are of a fixed kind. */
interface Shape {
  readonly values: readonly string[];
  readonly nodes: readonly string[];
  readonly parts: Readonly<Record<string, string>>;
}

function shape(values = '', nodes = '', parts: Record<string, string> = {}): Shape {
  const words = (text: string) => text.split(' ').filter((word) => word !== '');
  return { values: words(values), nodes: words(nodes), parts };
}

/**
 * Every kind of node that a statement may be made of, and every field of each. The list is closed: a kind or a field
 * that is not here refuses the statement, so that what a newer grammar brings can never slip in.
 */
export const kinds: Readonly<Record<string, Shape>> = {
  SelectStmt: shape(
    'limitOption op all groupDistinct',
    'distinctClause targetList fromClause whereClause groupClause havingClause windowClause valuesLists sortClause limitOffset limitCount',
    { withClause: 'WithClause', larg: 'SelectStmt', rarg: 'SelectStmt' },
  ),
  WithClause: shape('recursive', 'ctes'),
  CommonTableExpr: shape('ctename ctematerialized', 'aliascolnames ctequery', {
    search_clause: 'CTESearchClause',
    cycle_clause: 'CTECycleClause',
  }),
  CTESearchClause: shape('search_breadth_first search_seq_column', 'search_col_list'),
  CTECycleClause: shape('cycle_mark_column cycle_path_column', 'cycle_col_list cycle_mark_value cycle_mark_default'),
  ResTarget: shape('name', 'val'),
  // From
  RangeVar: shape('schemaname relname inh relpersistence', '', { alias: 'Alias' }),
  RangeSubselect: shape('lateral', 'subquery', { alias: 'Alias' }),
  RangeFunction: shape('lateral ordinality is_rowsfrom', 'functions coldeflist', { alias: 'Alias' }),
  RangeTableSample: shape('', 'relation method args repeatable'),
  JoinExpr: shape('jointype isNatural', 'larg rarg usingClause quals', { alias: 'Alias', join_using_alias: 'Alias' }),
  Alias: shape('aliasname', 'colnames'),
  ColumnDef: shape('colname is_local', '', { typeName: 'TypeName', collClause: 'CollateClause' }),
  // Expressions
  ColumnRef: shape('', 'fields'),
  ParamRef: shape('number'),
  A_Const: shape('ival fval boolval sval bsval isnull'),
  A_Expr: shape('kind rexpr_list_start rexpr_list_end', 'name lexpr rexpr'),
  A_Star: shape(),
  A_ArrayExpr: shape('list_start list_end', 'elements'),
  A_Indirection: shape('', 'arg indirection'),
  A_Indices: shape('is_slice', 'lidx uidx'),
  BoolExpr: shape('boolop', 'args'),
  BooleanTest: shape('booltesttype', 'arg'),
  NullTest: shape('nulltesttype', 'arg'),
  CaseExpr: shape('', 'arg args defresult'),
  CaseWhen: shape('', 'expr result'),
  CoalesceExpr: shape('', 'args'),
  MinMaxExpr: shape('op', 'args'),
  CollateClause: shape('', 'arg collname'),
  FuncCall: shape('agg_within_group agg_star agg_distinct func_variadic funcformat', 'funcname args agg_order agg_filter', {
    over: 'WindowDef',
  }),
  NamedArgExpr: shape('name argnumber', 'arg'),
  GroupingFunc: shape('', 'args'),
  GroupingSet: shape('kind', 'content'),
  RowExpr: shape('row_format', 'args'),
  SortBy: shape('sortby_dir sortby_nulls', 'node useOp'),
  SubLink: shape('subLinkType', 'testexpr operName subselect'),
  SQLValueFunction: shape('op typmod'),
  TypeCast: shape('', 'arg', { typeName: 'TypeName' }),
  TypeName: shape('typemod', 'names typmods arrayBounds'),
  WindowDef: shape('name refname frameOptions', 'partitionClause orderClause startOffset endOffset'),
  XmlExpr: shape('op name indent xmloption', 'named_args arg_names args'),
  XmlSerialize: shape('xmloption indent', 'expr', { typeName: 'TypeName' }),
  JsonIsPredicate: shape('item_type unique_keys', 'expr', { format: 'JsonFormat' }),
  JsonFormat: shape('format_type encoding'),
  JsonReturning: shape('', '', { format: 'JsonFormat' }),
  JsonOutput: shape('', '', { typeName: 'TypeName', returning: 'JsonReturning' }),
  JsonValueExpr: shape('', 'raw_expr', { format: 'JsonFormat' }),
  JsonKeyValue: shape('', 'key', { value: 'JsonValueExpr' }),
  JsonObjectConstructor: shape('absent_on_null unique', 'exprs', { output: 'JsonOutput' }),
  JsonArrayConstructor: shape('absent_on_null', 'exprs', { output: 'JsonOutput' }),
  JsonAggConstructor: shape('', 'agg_filter agg_order', { output: 'JsonOutput', over: 'WindowDef' }),
  JsonObjectAgg: shape('absent_on_null unique', '', { constructor: 'JsonAggConstructor', arg: 'JsonKeyValue' }),
  JsonArrayAgg: shape('absent_on_null', '', { constructor: 'JsonAggConstructor', arg: 'JsonValueExpr' }),
  // Leaves and lists
  List: shape('', 'items'),
  String: shape('sval'),
  Integer: shape('ival'),
  Float: shape('fval'),
  Boolean: shape('boolval'),
  BitString: shape('bsval'),
};

/** The kind and the fields of a node; null for the empty node that the grammar uses as a placeholder. */
export function opened(node: unknown): { readonly kind: string; readonly fields: Tree } | null {
  for (const [kind, fields] of Object.entries(node as Tree)) return { kind, fields: fields as Tree };
  return null;
}

/** A part of a node: its kind, its fields, and the node that holds them. */
export interface Part {
  readonly kind: string;
  readonly fields: Tree;
  readonly node: unknown;
}

/** The parts of a node's fields that are nodes themselves, in the order of the text as far as the grammar keeps it. */
export function* partsOf(kind: string, fields: Tree): Generator<Part> {
  const known = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (!known) return;
  for (const name of known.nodes) {
    const value = fields[name];
    for (const node of Array.isArray(value) ? (value as unknown[]) : value === undefined ? [] : [value]) {
      const inner = opened(node);
      if (inner) yield { ...inner, node };
    }
  }
  for (const [name, part] of Object.entries(known.parts)) {
    if (Object.hasOwn(fields, name) && fields[name] !== undefined) yield { kind: part, fields: fields[name] as Tree, node: fields[name] };
  }
}

/** The texts of a list of String nodes, such as a qualified name. */
export function textsOf(list: unknown): string[] {
  return ((list as Tree[] | undefined) ?? []).map((item) => ((item.String as Tree | undefined)?.sval as string | undefined) ?? '');
}

/** A String node. */
export function text(sval: string): Tree {
  return { String: { sval } };
}
