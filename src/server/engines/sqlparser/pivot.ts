import { aliasOf, type Brought, computed, type FromContext, single } from './from.ts';
import { identOf } from './idents.ts';
import { partsOf, type Tree, variant } from './kinds.ts';
import type { Column, Resolution, Scope } from './scope.ts';
import { analyseExpression, namesOfExpression } from './select.ts';
import { rename } from './with.ts';

const listOf = (value: unknown): Tree[] => (value as Tree[] | undefined) ?? [];

/** The names of the columns that an expression is made of. */
function namesIn(node: unknown, resolution: Resolution, kind = 'Expr'): string[] {
  const names = kind === 'Expr' ? namesOfExpression(node, resolution) : null;
  if (names) return names.slice(-1).map((name) => resolution.read(name));
  return [...partsOf(kind, node)].flatMap((part) => ('node' in part ? namesIn(part.node, resolution, part.kind) : []));
}

/** What a value of the list is called as a column: by its new name, else as it is written. */
function titleOf({ expr, alias }: Tree, resolution: Resolution): string {
  if (alias) return resolution.read(identOf(alias, resolution.structure));
  const [kind, value] = variant(expr);
  if (kind === 'Identifier') return resolution.read(identOf(value, resolution.structure));
  const literal = variant(((value ?? {}) as Tree).value);
  return literal[0] === 'SingleQuotedString' ? `'${String(literal[1])}'` : String((literal[1] as unknown[] | undefined)?.[0] ?? '');
}

function without(columns: readonly Column[], names: readonly string[], resolution: Resolution): Column[] {
  return columns.filter((column) => !names.some((name) => resolution.same(name, column.name)));
}

/** The relation that PIVOT makes of another: a column for each value, and those that nothing is computed from. */
export function pivoted(node: Tree, inner: Brought, { resolution, outer, queries }: FromContext): Brought {
  const scope: Scope = { relations: inner.relations, outer };
  const results = listOf(node.aggregate_functions);
  const used = [...results.map((one) => one.expr), ...listOf(node.value_column)];
  for (const expression of used) analyseExpression('Expr', expression, resolution, scope, queries);
  const [, values] = variant(node.value_source);
  const suffixes = results.map(({ alias }) => (alias ? `_${resolution.read(identOf(alias, resolution.structure))}` : ''));
  const made = listOf(values).flatMap((value) => suffixes.map((suffix) => computed(`${titleOf(value, resolution)}${suffix}`)));
  for (const column of inner.columns) resolution.note(column);
  const names = used.flatMap((expression) => namesIn(expression, resolution));
  const alias = aliasOf(node, resolution);
  const columns = [...without(inner.columns, names, resolution).map(({ name }) => computed(name)), ...made];
  return single({ name: alias.name, columns: rename(columns, alias.columns), places: [] });
}

/** The relation that UNPIVOT makes of another: a row for each column of the list. */
export function unpivoted(node: Tree, inner: Brought, { resolution, outer }: FromContext): Brought {
  const scope: Scope = { relations: inner.relations, outer };
  const turned = listOf(node.columns).map(({ expr }) => {
    const [kind, value] = variant(expr);
    const idents = kind === 'Identifier' ? [value] : kind === 'CompoundIdentifier' ? (value as unknown[]) : [];
    if (idents.length === 0)
      throw resolution.structure.words.refuse('construct.unlisted', 'UNPIVOT takes columns.', 'UNPIVOT (v FOR n IN (a, b))');
    const names = idents.map((ident) => identOf(ident, resolution.structure));
    resolution.column(names, scope);
    return names.map((name) => resolution.read(name)).at(-1) ?? '';
  });
  for (const column of inner.columns) resolution.note(column);
  const value = namesIn(node.value, resolution);
  const name = resolution.read(identOf(node.name, resolution.structure));
  const alias = aliasOf(node, resolution);
  const columns = [...without(inner.columns, turned, resolution).map((column) => computed(column.name)), ...[...value, name].map(computed)];
  return single({ name: alias.name, columns: rename(columns, alias.columns), places: [] });
}
