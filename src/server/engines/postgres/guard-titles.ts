import { opened, type Tree, textsOf } from './guard-kinds.ts';

/** A name, and whether PostgreSQL prefers it to the one of a type that the value is cast to. */
interface Title {
  readonly name: string;
  readonly strong: boolean;
}

const strong = (name: string): Title => ({ name, strong: true });

const fixed: Readonly<Record<string, string>> = {
  A_ArrayExpr: 'array',
  CoalesceExpr: 'coalesce',
  RowExpr: 'row',
  GroupingFunc: 'grouping',
  XmlSerialize: 'xmlserialize',
  JsonObjectConstructor: 'json_object',
  JsonArrayConstructor: 'json_array',
  JsonObjectAgg: 'json_objectagg',
  JsonArrayAgg: 'json_arrayagg',
};

const xml: Readonly<Record<string, string>> = {
  IS_XMLCONCAT: 'xmlconcat',
  IS_XMLELEMENT: 'xmlelement',
  IS_XMLFOREST: 'xmlforest',
  IS_XMLPARSE: 'xmlparse',
  IS_XMLPI: 'xmlpi',
  IS_XMLROOT: 'xmlroot',
};

function subLinkTitle(fields: Tree): Title | null {
  if (fields.subLinkType === 'EXISTS_SUBLINK') return strong('exists');
  if (fields.subLinkType === 'ARRAY_SUBLINK') return strong('array');
  if (fields.subLinkType !== 'EXPR_SUBLINK') return null;
  let select = opened(fields.subselect)?.fields;
  while (select?.larg) select = select.larg as Tree;
  if (select?.valuesLists) return strong('column1');
  const target = opened((select?.targetList as Tree[] | undefined)?.[0] ?? {})?.fields;
  if (!target) return null;
  return strong(target.name === undefined ? titleOf(target.val) : String(target.name));
}

function titleIn(node: unknown): Title | null {
  const { kind, fields } = opened(node ?? {}) ?? { kind: '', fields: {} };
  if (kind === 'ColumnRef')
    return strong(
      textsOf(fields.fields)
        .filter((name) => name !== '')
        .at(-1) ?? '?column?',
    );
  if (kind === 'FuncCall') return strong(textsOf(fields.funcname).at(-1) ?? '');
  if (kind === 'A_Indirection') {
    const field = textsOf(fields.indirection).findLast((name) => name !== '');
    return field === undefined ? titleIn(fields.arg) : strong(field);
  }
  if (kind === 'CollateClause') return titleIn(fields.arg);
  if (kind === 'A_Expr') return fields.kind === 'AEXPR_NULLIF' ? strong('nullif') : null;
  if (kind === 'TypeCast') {
    const inner = titleIn(fields.arg);
    if (inner?.strong) return inner;
    return { name: textsOf((fields.typeName as Tree).names).at(-1) ?? '', strong: false };
  }
  if (kind === 'CaseExpr') {
    const inner = titleIn(fields.defresult);
    return inner?.strong ? inner : { name: 'case', strong: false };
  }
  if (kind === 'SubLink') return subLinkTitle(fields);
  if (kind === 'MinMaxExpr') return strong(fields.op === 'IS_GREATEST' ? 'greatest' : 'least');
  if (kind === 'SQLValueFunction') return strong(String(fields.op).replace('SVFOP_', '').replace(/_N$/, '').toLowerCase());
  if (kind === 'XmlExpr') return xml[String(fields.op)] === undefined ? null : strong(String(xml[String(fields.op)]));
  return fixed[kind] === undefined ? null : strong(fixed[kind]);
}

/** The name that PostgreSQL gives an expression of a select list that has none of its own. */
export function titleOf(node: unknown): string {
  return titleIn(node)?.name ?? '?column?';
}
