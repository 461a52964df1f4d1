import { parseSync } from 'libpg-query';
import { deparseSync } from 'pgsql-deparser';
import { opened, type Tree, text } from './guard-kinds.ts';
import type { Place, Resolution } from './guard-scope.ts';

const select = (targetList: Tree[], from: Tree): Tree => ({
  SelectStmt: { targetList, fromClause: [from], limitOption: 'LIMIT_OPTION_DEFAULT', op: 'SETOP_NONE' },
});

/** Replaces a table by a SELECT of its published columns: whole rows and NATURAL then see no others. */
function pin({ node, table, name, qualified }: Place): void {
  const { kind, fields } = opened(node) ?? { kind: '', fields: {} };
  const inner: Tree = { [kind]: { ...fields } };
  const range = (kind === 'RangeVar' ? inner.RangeVar : opened((inner[kind] as Tree).relation)?.fields) as Tree;
  const colnames = (range.alias as Tree | undefined)?.colnames;
  range.alias = { aliasname: name };
  const columns = table.columns.map((column) => ({ ResTarget: { val: { ColumnRef: { fields: [text(name), text(column)] } } } }));
  delete node[kind];
  node.RangeSubselect = { subquery: select(columns, inner), alias: { aliasname: name, ...(colnames ? { colnames } : {}) } };
  for (const reference of qualified) reference.fields = (reference.fields as Tree[]).slice(1);
}

/** Makes the changes of the tree that the analysis asked for. */
export function rewrite(resolution: Resolution): void {
  for (const edit of resolution.edits) edit();
  for (const place of resolution.places) if (place.pinned) pin(place);
}

const placeFields = new Set([
  'location',
  'stmt_len',
  'stmt_location',
  'rexpr_list_start',
  'rexpr_list_end',
  'list_start',
  'list_end',
  'version',
]);

/** The tree as a text that is the same whenever the meaning is: without places, in a fixed order. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value as Tree).filter(([key, part]) => part !== undefined && !placeFields.has(key));
  return entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, part]) => [key, canonical(part)]);
}

/** The text of a tree, or null where the text does not parse to the very same tree. */
export function textOf(statement: Tree): string | null {
  let sql: string;
  let again: Tree[];
  try {
    sql = deparseSync([statement] as Parameters<typeof deparseSync>[0], { pretty: false });
    again = (parseSync(sql).stmts ?? []) as Tree[];
  } catch (error) {
    if (error instanceof RangeError || error instanceof WebAssembly.RuntimeError) throw error;
    return null;
  }
  const same = again.length === 1 && JSON.stringify(canonical(again[0]?.stmt)) === JSON.stringify(canonical(statement));
  return same ? sql : null;
}
