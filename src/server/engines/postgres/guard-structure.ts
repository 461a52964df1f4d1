import { judgements } from './guard-judgements.ts';
import { kinds, partsOf, type Tree } from './guard-kinds.ts';
import type { StatementText } from './guard-text.ts';

export const onlyReads = 'One SELECT, VALUES, TABLE or WITH … SELECT that reads published tables.';

/** What is known while the structure is walked, and what it says about the statement. */
export interface Structure {
  readonly source: StatementText;
  /** Names of types beyond those of PostgreSQL that casts may use. */
  readonly types: ReadonlySet<string>;
  /** Where types without a schema are looked up. */
  readonly searchPath: readonly string[];
  readonly functions: Set<string>;
  /** The highest placeholder. */
  parameters: number;
}

/** What to write in place of a part of the grammar that is not in the closed list. */
const instead: Readonly<Record<string, string>> = {
  JsonFuncExpr: "x ->> 'key', jsonb_path_query_first(x, '$.key') and its kin.",
  JsonTable: 'jsonb_array_elements, jsonb_to_recordset.',
  RangeTableFunc: 'xpath(…) and unnest.',
};

/** Words for a kind of node in a message: `DropRoleStmt` → “DROP ROLE”. */
function wordsOf(kind: string): string {
  const words = kind.replace(/Stmt$/, '').replace(/(?<=[a-z])(?=[A-Z])/g, ' ');
  return words.toUpperCase().replace('VARIABLE SET', 'SET').replace('TRANSACTION', 'Transaction control');
}

function judgeNode(kind: string, fields: Tree, here: Tree, { source }: Structure): void {
  const known = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (!known) {
    if (/Stmt$/.test(kind)) throw source.refuse('statement.not_read', `${wordsOf(kind)} is not a read.`, onlyReads, here);
    throw source.refuse(
      'construct.unlisted',
      `${wordsOf(kind)} is not among what a statement may be made of.`,
      instead[kind] ?? onlyReads,
      here,
    );
  }
  if (fields.intoClause) throw source.refuse('statement.not_read', 'SELECT INTO makes a table.', 'The same SELECT without INTO.', here);
  if (fields.lockingClause) throw source.refuse('rows.locked', 'FOR UPDATE and its kin lock rows.', 'The same SELECT without FOR ….', here);
  if (fields.catalogname)
    throw source.refuse('relation.unknown', 'Another database cannot be read.', 'schema.table, or table alone.', here);
  for (const field of Object.keys(fields)) {
    if (field === 'location' || known.values.includes(field) || known.nodes.includes(field) || Object.hasOwn(known.parts, field)) continue;
    const message = `${field} of ${wordsOf(kind)} is not among what a statement may be made of.`;
    throw source.refuse('construct.unlisted', message, onlyReads, here);
  }
}

/**
 * Walks the whole tree and refuses what is not in the closed lists: kinds of nodes and their fields, functions, operators,
 * types. Names of functions are qualified on the way, so that what is sent can only mean those of pg_catalog.
 */
export function judgeStructure(kind: string, fields: Tree, structure: Structure, near: Tree = fields): void {
  const here = typeof fields.location === 'number' && fields.location >= 0 ? fields : near;
  judgeNode(kind, fields, here, structure);
  judgements[kind]?.(fields, here, structure);
  for (const part of partsOf(kind, fields)) judgeStructure(part.kind, part.fields, structure, here);
}
