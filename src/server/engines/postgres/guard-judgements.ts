import { hint } from '../refusal.ts';
import { type Tree, text, textsOf } from './guard-kinds.ts';
import { castTypes, functions, operators, outputs, valueFunctions } from './guard-names.ts';
import type { Structure } from './guard-structure.ts';

type Judgement = (fields: Tree, here: Tree, structure: Structure) => void;

const MAX_PARAMETERS = 1000;

/** The name in pg_catalog that a possibly qualified name can only mean; null where it names another schema. */
function builtIn(names: readonly string[]): string | null {
  if (names.length === 1) return names[0] ?? null;
  return names.length === 2 && names[0] === 'pg_catalog' ? (names[1] ?? null) : null;
}

const judgeFunction: Judgement = (fields, here, { source, functions: used }) => {
  const names = textsOf(fields.funcname);
  const name = builtIn(names);
  if (name === null || !functions.has(name)) {
    const shown = names.join('.');
    const message = `The function ${shown} is not on the list of those that may be called.`;
    const near = hint(names.at(-1) ?? '', [...functions], 'functions');
    throw source.refuse(
      'function.unlisted',
      message,
      `Functions that compute from their arguments alone. ${near.startsWith('Did') ? near : 'Ask an Admin.'}`,
      here,
    );
  }
  used.add(name);
  fields.funcname = [text('pg_catalog'), text(name)];
};

function judgeOperator(list: unknown, here: Tree, { source }: Structure): void {
  const names = textsOf(list);
  const name = builtIn(names);
  if (name !== null && operators.has(name)) return;
  const message = `The operator ${names.join('.')} is not on the list of those that may be used.`;
  throw source.refuse('operator.unlisted', message, 'The operators of PostgreSQL itself.', here);
}

const judgeType: Judgement = (fields, here, { source, types, searchPath }) => {
  const names = textsOf(fields.names);
  const name = builtIn(names);
  if ((name !== null && castTypes.has(name)) || types.has(names.join('.'))) return;
  // In the session, types are looked up in pg_catalog alone.
  const schema = names.length === 1 ? searchPath.find((one) => types.has(`${one}.${names[0]}`)) : undefined;
  if (schema !== undefined) {
    fields.names = [text(schema), text(names[0] ?? '')];
    return;
  }
  const message = `The type ${names.join('.')} is not on the list of those that a value may be cast to.`;
  throw source.refuse('type.unlisted', message, 'The data types of PostgreSQL itself and those of published columns.', here);
};

const judgeQuery =
  (field: string): Judgement =>
  (fields, here, { source }) => {
    const node = fields[field] as Tree | undefined;
    if (!node || Object.hasOwn(node, 'SelectStmt')) return;
    const message = 'A part of a statement may only read: data-changing WITH is refused.';
    throw source.refuse('statement.not_read', message, 'SELECT inside WITH and inside parentheses.', here);
  };

/** Whether (f(x)).name is a column of a function that returns rows of several, such as json_each. */
function isOutput(arg: Tree, [name, ...more]: readonly string[]): boolean {
  const called = builtIn(textsOf((arg.FuncCall as Tree | undefined)?.funcname));
  const columns = called === null ? undefined : outputs.get(called);
  return columns !== undefined && columns.length > 1 && more.length === 0 && name !== undefined && columns.includes(name);
}

/** What each kind of node has to fulfil beyond being in the list. */
export const judgements: Readonly<Record<string, Judgement>> = {
  FuncCall: judgeFunction,
  TypeName: judgeType,
  CommonTableExpr: judgeQuery('ctequery'),
  SubLink: (fields, here, structure) => {
    judgeQuery('subselect')(fields, here, structure);
    if (fields.operName) judgeOperator(fields.operName, here, structure);
  },
  RangeSubselect: judgeQuery('subquery'),
  A_Expr: (fields, here, structure) => judgeOperator(fields.name, here, structure),
  SortBy: (fields, here, structure) => {
    if (fields.useOp) judgeOperator(fields.useOp, here, structure);
  },
  SQLValueFunction: (fields, here, { source, functions: used }) => {
    const name = valueFunctions[String(fields.op)];
    if (name === undefined) {
      const word = String(fields.op).replace('SVFOP_', '').toLowerCase();
      throw source.refuse('function.unlisted', `${word} tells who is signed in.`, 'CURRENT_DATE, CURRENT_TIMESTAMP and their kin.', here);
    }
    used.add(name);
  },
  ParamRef: (fields, here, structure) => {
    const number = Number(fields.number ?? 0);
    if (number < 1 || number > MAX_PARAMETERS) {
      throw structure.source.refuse('parameter.unnumbered', 'Placeholders are $1 to $1000.', '$1, $2 and so on.', here);
    }
    structure.parameters = Math.max(structure.parameters, number);
  },
  A_Indirection: (fields, here, { source }) => {
    const parts = (fields.indirection as Tree[] | undefined) ?? [];
    if (parts.every((part) => Object.hasOwn(part, 'A_Indices')) || isOutput(fields.arg as Tree, textsOf(parts))) return;
    // (x).f is a column of x or a call of f(x): which one is not in the text.
    const message = '(…).name can call a function, so it is not allowed.';
    throw source.refuse('field.unresolved', message, 'table.column, or a function call written as f(x).', here);
  },
  RangeTableSample: (fields, here, { source }) => {
    const method = textsOf(fields.method).at(-1) ?? '';
    if (textsOf(fields.method).length === 1 && (method === 'bernoulli' || method === 'system')) return;
    throw source.refuse('function.unlisted', `The sampling method ${method} is not on the list.`, 'BERNOULLI and SYSTEM.', here);
  },
  CollateClause: (fields, here, { source }) => {
    if (builtIn(textsOf(fields.collname)) !== null) return;
    throw source.refuse('type.unlisted', 'Only collations of PostgreSQL itself may be named.', 'COLLATE "C" and its kin.', here);
  },
  SetToDefault: (_, here, { source }) => {
    throw source.refuse('construct.unlisted', 'DEFAULT belongs to INSERT and UPDATE.', 'A value.', here);
  },
};
