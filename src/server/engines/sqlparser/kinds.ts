/** A node of the parser’s tree: the fields of a struct, or one variant of a choice. */
export type Tree = Readonly<Record<string, unknown>>;

/**
 * What statements may be made of: for each kind its fields, and of what kind those are. `leaf` is not looked into (the words
 * of it are judged one by one), `-` has to be empty. `[]` is a list, parentheses hold the parts of a tuple.
 */
const structs: Readonly<Record<string, string>> = {
  Query:
    'with:With body:SetExpr order_by:OrderBy limit_clause:LimitClause fetch:Fetch for_clause:ForClause locks:- settings:- format_clause:- pipe_operators:-',
  With: 'with_token:leaf recursive:leaf cte_tables:Cte[]',
  Cte: 'alias:TableAlias query:Query from:- materialized:- closing_paren_token:leaf',
  SetOperation: 'left:SetExpr op:leaf set_quantifier:Quantifier right:SetExpr',
  Values: 'explicit_row:leaf value_keyword:leaf rows:ValuesRow[]',
  ValuesRow: 'opening_token:leaf content:Expr[] closing_token:leaf',
  Select:
    'select_token:leaf optimizer_hints:- distinct:Distinct select_modifiers:Modifiers top:Top top_before_distinct:leaf projection:SelectItem[] exclude:- into:- from:TableWithJoins[] lateral_views:- prewhere:- selection:Expr connect_by:ConnectBy[] group_by:GroupBy cluster_by:- distribute_by:- sort_by:- having:Expr named_window:NamedWindow[] qualify:- window_before_qualify:leaf value_table_mode:- flavor:Flavor',
  Modifiers:
    'high_priority:- straight_join:leaf sql_small_result:leaf sql_big_result:leaf sql_buffer_result:leaf sql_no_cache:leaf sql_calc_found_rows:-',
  Top: 'with_ties:leaf percent:leaf quantity:TopQuantity',
  Aliased: 'expr:Expr alias:Ident',
  StarOptions: 'wildcard_token:leaf opt_ilike:- opt_exclude:- opt_except:- opt_replace:- opt_rename:- opt_alias:-',
  TableWithJoins: 'relation:TableFactor joins:Join[]',
  Join: 'relation:TableFactor global:- join_operator:JoinOperator',
  Table:
    'name:Name alias:TableAlias args:TableArguments with_hints:leaf version:- with_ordinality:- partitions:Ident[] json_path:- sample:TableSample index_hints:IndexHint[]',
  TableArguments: 'args:Argument[] settings:-',
  Derived: 'lateral:leaf subquery:Query alias:TableAlias sample:-',
  NestedJoin: 'table_with_joins:TableWithJoins alias:-',
  JsonTable: 'json_expr:Expr json_path:Literal columns:JsonColumn[] alias:TableAlias',
  JsonColumnNamed: 'name:Ident type:leaf path:Literal exists:leaf on_empty:OnError on_error:OnError',
  JsonColumnNested: 'path:Literal columns:JsonColumn[]',
  OpenJson: 'json_expr:Expr json_path:Literal columns:OpenJsonColumn[] alias:TableAlias',
  OpenJsonColumn: 'name:Ident type:leaf path:leaf as_json:leaf',
  Pivot: 'table:TableFactor aggregate_functions:Aliased[] value_column:Expr[] value_source:PivotSource default_on_null:- alias:TableAlias',
  Unpivot: 'table:TableFactor value:Expr name:Ident columns:Aliased[] null_inclusion:leaf alias:TableAlias',
  TableAlias: 'explicit:leaf name:Ident columns:AliasColumn[] at:-',
  AliasColumn: 'name:Ident data_type:-',
  IndexHint: 'hint_type:leaf index_type:leaf for_clause:leaf index_names:Ident[]',
  Sample: 'modifier:leaf name:leaf quantity:SampleQuantity seed:- bucket:- offset:-',
  SampleQuantity: 'parenthesized:leaf value:Expr unit:leaf',
  ConnectByClause: 'connect_token:leaf nocycle:leaf relationships:Expr[]',
  StartWith: 'start_token:leaf condition:Expr',
  OrderBy: 'kind:OrderByKind interpolate:-',
  OrderByExpr: 'expr:Expr options:leaf with_fill:-',
  LimitOffset: 'limit:Expr offset:Offset limit_by:-',
  CommaLimit: 'offset:Expr limit:Expr',
  Offset: 'value:Expr rows:leaf',
  Fetch: 'with_ties:leaf percent:leaf quantity:Expr',
  ForJson: 'for_json:leaf root:leaf include_null_values:leaf without_array_wrapper:leaf',
  ForXml: 'for_xml:leaf elements:leaf binary_base64:leaf root:leaf type:leaf',
  WindowSpec: 'window_name:Ident partition_by:Expr[] order_by:OrderByExpr[] window_frame:WindowFrame',
  WindowFrame: 'units:leaf start_bound:Bound end_bound:Bound',
  InList: 'expr:Expr list:Expr[] negated:leaf',
  InSubquery: 'expr:Expr subquery:Query negated:leaf',
  Between: 'expr:Expr negated:leaf low:Expr high:Expr',
  BinaryOp: 'left:Expr op:Operator right:Expr',
  UnaryOp: 'op:UnaryOperator expr:Expr',
  Like: 'negated:leaf any:- expr:Expr pattern:Expr escape_char:Literal',
  RLike: 'negated:leaf expr:Expr pattern:Expr regexp:leaf',
  Any: 'left:Expr compare_op:Operator right:Expr is_some:leaf',
  Convert: 'is_try:leaf expr:Expr data_type:leaf charset:Name target_before_value:leaf styles:Expr[]',
  Cast: 'kind:CastKind expr:Expr data_type:leaf array:- format:-',
  AtTimeZone: 'timestamp:Expr time_zone:Expr',
  Extract: 'field:leaf syntax:leaf expr:Expr',
  Rounded: 'expr:Expr field:RoundedTo',
  Position: 'expr:Expr in:Expr',
  Substring: 'expr:Expr substring_from:Expr substring_for:Expr special:leaf shorthand:leaf',
  Trim: 'trim_where:leaf trim_what:Expr expr:Expr trim_characters:Expr[]',
  Overlay: 'expr:Expr overlay_what:Expr overlay_from:Expr overlay_for:Expr',
  Collate: 'expr:Expr collation:Name',
  Prefixed: 'prefix:leaf value:Expr',
  TypedString: 'data_type:leaf value:Literal uses_odbc_syntax:-',
  Function:
    'name:Name uses_odbc_syntax:- parameters:- args:Arguments filter:- null_treatment:leaf over:WindowType within_group:OrderByExpr[]',
  ArgumentList: 'duplicate_treatment:leaf args:Argument[] clauses:ArgumentClause[]',
  NamedArgument: 'name:Ident arg:ArgumentValue operator:leaf',
  Truncated: 'filler:Expr with_count:leaf',
  Case: 'case_token:leaf end_token:leaf operand:Expr conditions:When[] else_result:Expr',
  When: 'condition:Expr result:Expr',
  Exists: 'subquery:Query negated:leaf',
  Interval: 'value:Expr leading_field:leaf leading_precision:leaf last_field:leaf fractional_seconds_precision:leaf',
  MatchAgainst: 'columns:Name[] match_value:Literal opt_search_modifier:leaf',
  MemberOf: 'value:Expr array:Expr',
  Literal: 'value:Value span:leaf',
  Ident: 'value:leaf quote_style:leaf span:leaf',
};

/** Choices: each variant with the kind of what it holds; those without one hold nothing. */
const choices: Readonly<Record<string, string>> = {
  Statement: 'Query:Query',
  SetExpr: 'Select:Select Query:Query SetOperation:SetOperation Values:Values',
  Quantifier: 'All Distinct None',
  Flavor: 'Standard',
  Distinct: 'All Distinct',
  TopQuantity: 'Expr:Expr Constant:leaf',
  SelectItem: 'UnnamedExpr:Expr ExprWithAlias:Aliased QualifiedWildcard:(StarOf,StarOptions) Wildcard:StarOptions',
  StarOf: 'ObjectName:Name',
  TableFactor: 'Table:Table Derived:Derived NestedJoin:NestedJoin JsonTable:JsonTable OpenJsonTable:OpenJson Pivot:Pivot Unpivot:Unpivot',
  TableSample: 'AfterTableAlias:Sample BeforeTableAlias:Sample',
  JsonColumn: 'Named:JsonColumnNamed ForOrdinality:Ident Nested:JsonColumnNested',
  OnError: 'Null Error Default:Literal',
  PivotSource: 'List:Aliased[]',
  JoinOperator:
    'Join:Constraint Inner:Constraint Left:Constraint LeftOuter:Constraint Right:Constraint RightOuter:Constraint FullOuter:Constraint CrossJoin:Constraint StraightJoin:Constraint CrossApply OuterApply',
  Constraint: 'On:Expr Using:Name[] Natural None',
  ConnectBy: 'ConnectBy:ConnectByClause StartWith:StartWith',
  GroupBy: 'Expressions:(Expr[],-)',
  NamedWindow: '*:(Ident,WindowDefinition)',
  WindowDefinition: 'NamedWindow:Ident WindowSpec:WindowSpec',
  WindowType: 'NamedWindow:Ident WindowSpec:WindowSpec',
  Bound: 'CurrentRow Preceding:Expr Following:Expr',
  OrderByKind: 'Expressions:OrderByExpr[]',
  LimitClause: 'LimitOffset:LimitOffset OffsetCommaLimit:CommaLimit',
  ForClause: 'Json:ForJson Xml:ForXml',
  Name: '*:NamePart[]',
  NamePart: 'Identifier:Ident',
  Arguments: 'None Subquery:Query List:ArgumentList',
  Argument: 'Unnamed:ArgumentValue Named:NamedArgument',
  ArgumentValue: 'Expr:Expr Wildcard',
  ArgumentClause:
    'IgnoreOrRespectNulls:leaf OrderBy:OrderByExpr[] Limit:Expr OnOverflow:Overflow Separator:Literal JsonNullClause:leaf JsonReturningClause:leaf',
  Overflow: 'Error Truncate:Truncated',
  RoundedTo: 'DateTimeField:NoField Scale:Literal',
  NoField: 'NoDateTime',
  CastKind: 'Cast TryCast',
  UnaryOperator: 'Plus Minus Not BitwiseNot PGBitwiseNot',
  Operator:
    'Plus Minus Multiply Divide Modulo StringConcat Gt Lt GtEq LtEq Spaceship Eq NotEq And Or Xor BitwiseOr BitwiseAnd BitwiseXor PGBitwiseShiftLeft PGBitwiseShiftRight MyIntegerDivide Regexp Arrow LongArrow Overlaps',
  Value:
    'Number:leaf SingleQuotedString:leaf DoubleQuotedString:leaf NationalStringLiteral:leaf HexStringLiteral:leaf SingleQuotedByteStringLiteral:leaf QuoteDelimitedStringLiteral:leaf NationalQuoteDelimitedStringLiteral:leaf Boolean:leaf Null Placeholder:leaf',
  Expr: 'Identifier:Ident CompoundIdentifier:Ident[] IsFalse:Expr IsNotFalse:Expr IsTrue:Expr IsNotTrue:Expr IsNull:Expr IsNotNull:Expr IsUnknown:Expr IsNotUnknown:Expr IsDistinctFrom:(Expr,Expr) IsNotDistinctFrom:(Expr,Expr) InList:InList InSubquery:InSubquery Between:Between BinaryOp:BinaryOp UnaryOp:UnaryOp Like:Like RLike:RLike AnyOp:Any AllOp:Any Convert:Convert Cast:Cast AtTimeZone:AtTimeZone Extract:Extract Ceil:Rounded Floor:Rounded Position:Position Substring:Substring Trim:Trim Overlay:Overlay Collate:Collate Nested:Expr Value:Literal Prefixed:Prefixed TypedString:TypedString Function:Function Case:Case Exists:Exists Subquery:Query GroupingSets:Expr[] Cube:Expr[] Rollup:Expr[] Tuple:Expr[] Interval:Interval MatchAgainst:MatchAgainst OuterJoin:Expr Prior:Expr MemberOf:MemberOf',
};

function entries(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split(' ').map((entry) => {
      const at = entry.indexOf(':');
      return at < 0 ? [entry, ''] : [entry.slice(0, at), entry.slice(at + 1)];
    }),
  );
}

const fieldsOf = new Map(Object.entries(structs).map(([kind, text]) => [kind, entries(text)]));
const variantsOf = new Map(Object.entries(choices).map(([kind, text]) => [kind, entries(text)]));

/** A node with its kind. */
export interface Part {
  readonly kind: string;
  readonly node: unknown;
}

/** A part of a tree that is not in the lists: the kind it was found in, and the field or variant. */
export interface Stranger {
  readonly kind: string;
  readonly name: string;
  readonly value: unknown;
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === false || value === 'None' || (Array.isArray(value) && value.every(isEmpty));
}

function* expand(type: string, value: unknown, from: string, name: string): Generator<Part | Stranger> {
  if (type === 'leaf' || value === undefined || value === null) return;
  if (type === '' || type === '-') {
    if (!isEmpty(value)) yield { kind: from, name, value };
  } else if (type.startsWith('(')) {
    const types = type.slice(1, -1).split(',');
    if (!Array.isArray(value) || value.length !== types.length) yield { kind: from, name, value };
    else for (const [index, one] of types.entries()) yield* expand(one, value[index], from, name);
  } else if (type.endsWith('[]')) {
    const inner = type.slice(0, -2);
    // A list of lists is one list; what is a list by its own nature is one part.
    if (!Array.isArray(value)) yield { kind: from, name, value };
    else for (const one of value) yield* expand(Array.isArray(one) && !isList(inner) ? type : inner, one, from, name);
  } else if (Array.isArray(value) && !isList(type)) yield { kind: from, name, value };
  else yield { kind: type, node: value };
}

const isList = (kind: string): boolean => variantsOf.get(kind)?.has('*') === true;

/** The variant of a choice that a node is, and what it holds. */
export function variant(node: unknown): readonly [string, unknown] {
  if (typeof node === 'string') return [node, undefined];
  for (const [name, value] of Object.entries((node ?? {}) as Tree)) return [name, value];
  return ['', undefined];
}

/** The parts of a node, in the order of the lists; with a stranger among them where a part is not in the lists. */
export function* partsOf(kind: string, node: unknown): Generator<Part | Stranger> {
  const variants = variantsOf.get(kind);
  if (variants) {
    const all = variants.get('*');
    if (all !== undefined) {
      yield* expand(all, node, kind, kind);
      return;
    }
    const [name, value] = variant(node);
    const type = variants.get(name);
    if (type === undefined) yield { kind, name, value };
    else yield* expand(type, value, kind, name);
    return;
  }
  const fields = fieldsOf.get(kind);
  if (!fields || node === null || typeof node !== 'object' || Array.isArray(node)) {
    yield { kind, name: kind, value: node };
    return;
  }
  for (const [name, value] of Object.entries(node as Tree)) {
    const type = fields.get(name);
    if (type === undefined) {
      if (!isEmpty(value)) yield { kind, name, value };
    } else yield* expand(type, value, kind, name);
  }
}
