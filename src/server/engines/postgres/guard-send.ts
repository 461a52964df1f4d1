import { parseSync } from 'libpg-query';
import { written } from './guard-deparse.ts';
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
  for (const place of resolution.places) {
    if (!place.pinned) continue;
    pin(place);
    const { schema, name: table, columns } = place.table;
    // Its columns are all in the text now.
    for (const column of columns) resolution.read({ name: column, of: [{ schema, table, column }] });
  }
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

/** The fields of a node that carry meaning. */
function meaning(tree: Tree): string[] {
  return Object.keys(tree).filter((key) => tree[key] !== undefined && !placeFields.has(key));
}

/** Whether two trees mean the same: equal but for the places in the text. */
function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((one, index) => equal(one, b[index]));
  }
  const [left, right] = [a as Tree, b as Tree];
  const keys = meaning(left);
  return keys.length === meaning(right).length && keys.every((key) => Object.hasOwn(right, key) && equal(left[key], right[key]));
}

/** The text of a tree, or null where the text does not parse to the very same tree. */
export function textOf(statement: Tree): string | null {
  let sql: string;
  let again: Tree[];
  try {
    sql = written(statement);
    again = (parseSync(sql).stmts ?? []) as Tree[];
  } catch (error) {
    // Too deep for the stack: the worker is not to be trusted with the next statement.
    if (error instanceof Error && /stack|memory/i.test(error.message)) throw new RangeError(error.message);
    return null;
  }
  const same = again.length === 1 && equal(statement, again[0]?.stmt);
  return same ? sql : null;
}
