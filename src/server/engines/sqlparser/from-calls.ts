import { aliasOf, type Brought, computed, type FromContext, single } from './from.ts';
import { type Ident, identOf, nameOf } from './idents.ts';
import { type Tree, variant } from './kinds.ts';
import type { Column, Relation, Resolution } from './scope.ts';
import { analyseExpression } from './select.ts';
import { rename } from './with.ts';

/** A function that stands in FROM and computes from its arguments alone. */
export function tableFunction(
  node: Tree,
  name: Ident,
  alias: { name: string | null; columns: string[] },
  { resolution, outer, queries }: FromContext,
  visible: readonly Relation[],
): Brought {
  const { words, dialect, functions } = resolution.structure;
  const word = name.value.toLowerCase();
  const columns = Object.hasOwn(dialect.tableFunctions, word) ? dialect.tableFunctions[word] : undefined;
  if (!columns || name.quoted || (node.name as unknown[]).length > 1) {
    const message = `The function ${nameOf(node.name, resolution.structure)
      .map((part) => part.value)
      .join('.')} is not on the list of those that may stand in FROM.`;
    const allowed = `Published tables${Object.keys(dialect.tableFunctions).length > 0 ? `, ${Object.keys(dialect.tableFunctions).join(', ')}` : ''}.`;
    throw words.refuse('function.unlisted', message, allowed, name.span);
  }
  functions.add(word);
  analyseExpression('TableArguments', node.args, resolution, { relations: visible, outer, unsure: true }, queries);
  const given = columns.filter((column) => !column.endsWith('?') || asked(node.args as Tree)).map((column) => column.replace('?', ''));
  // Without a new name it may have none at all.
  return single({ name: alias.name, columns: rename(given.map(computed), alias.columns), places: [] });
}

/** Whether the last argument of a call, which asks for the columns that are not always there, is written as 1. */
function asked({ args }: Tree): boolean {
  const last = ((args as Tree[] | undefined) ?? []).at(2)?.Unnamed as Tree | undefined;
  const [, literal] = variant(last?.Expr);
  const [kind, value] = variant((literal as Tree | undefined)?.value);
  return kind === 'Number' && (value as unknown[])[0] === '1';
}

function jsonColumns(columns: unknown, resolution: Resolution): Column[] {
  return ((columns as unknown[] | undefined) ?? []).flatMap((column) => {
    const [kind, node] = variant(column);
    if (kind === 'Nested') return jsonColumns((node as Tree).columns, resolution);
    const ident = kind === 'ForOrdinality' ? node : kind === 'Named' ? (node as Tree).name : (column as Tree).name;
    return [computed(resolution.read(identOf(ident, resolution.structure)))];
  });
}

/** JSON_TABLE and OPENJSON: rows of a value. */
export function jsonTable(kind: string, node: Tree, { resolution, outer, queries }: FromContext, visible: readonly Relation[]): Brought {
  const name = kind === 'JsonTable' ? 'json_table' : 'openjson';
  const { dialect, functions, words } = resolution.structure;
  if (!dialect.before.has(name)) throw words.refuse('function.unlisted', `${dialect.label} has no ${name}.`, 'Published tables.');
  functions.add(name);
  analyseExpression('Expr', node.json_expr, resolution, { relations: visible, outer, unsure: true }, queries);
  const alias = aliasOf(node, resolution);
  const defined = jsonColumns(node.columns, resolution);
  const columns = defined.length > 0 ? defined : ['key', 'value', 'type'].map(computed);
  return single({ name: alias.name, columns: rename(columns, alias.columns), places: [] });
}
