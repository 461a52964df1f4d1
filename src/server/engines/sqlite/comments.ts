/** What the comments in a CREATE statement say: SQLite has no others. Columns by their name in lower case. */
export interface Comments {
  readonly table: string | null;
  readonly columns: ReadonlyMap<string, string>;
}

const token =
  /--([^\n]*)|\/\*([\s\S]*?)(?:\*\/|$)|'(?:[^']|'')*'|"((?:[^"]|"")*)"|`((?:[^`]|``)*)`|\[([^\]]*)\]|([\p{L}_][\p{L}\p{N}_$]*)|\n|[(),]|[^\s]/gu;
const constraints = new Set(['constraint', 'primary', 'unique', 'check', 'foreign']);
const bodies = new Set(['select', 'with', 'values']);

const plain = (text: string): string => text.replace(/^[\s*-]+|[\s*-]+$/g, '').replace(/\s*\n[\s*]*/g, '\n');
const joined = (lines: readonly string[]): string | null => lines.filter((line) => line !== '').join('\n') || null;

/**
 * Reads the comments of a CREATE TABLE or CREATE VIEW: behind a column on its line, or on lines of their own before it; before the first column
 * on a line with something else, or before the brackets, they are about the table. What stands elsewhere is left out.
 */
export function readComments(sql: string): Comments {
  const about: string[] = [];
  const behind = new Map<string, string[]>();
  const ahead = new Map<string, string>();
  let depth = 0;
  let begun = false;
  let lineHasCode = false;
  let pending: string[] = [];
  /** The column that was defined last; null for a constraint, and before the first. */
  let column: string | null = null;
  let startsDefinition = false;
  for (const match of sql.matchAll(token)) {
    const [text, line, block, double, tick, bracket, word] = match;
    const comment = line ?? block;
    if (comment !== undefined) {
      const said = plain(comment);
      if (depth === 0 && !begun) about.push(said);
      else if (depth === 1 && !lineHasCode && startsDefinition) pending.push(said);
      else if (depth === 1 && lineHasCode && column !== null) behind.set(column, [...(behind.get(column) ?? []), said]);
      else if (depth === 1 && lineHasCode && !begun) about.push(said);
      if (block?.includes('\n')) lineHasCode = false;
      continue;
    }
    if (text === '\n') {
      lineHasCode = false;
      continue;
    }
    lineHasCode = true;
    if (depth === 0 && word !== undefined && bodies.has(word.toLowerCase())) break;
    if (text === '(') {
      depth++;
      if (depth === 1) startsDefinition = !begun;
    } else if (text === ')') {
      depth--;
      if (depth === 0) break;
    } else if (text === ',' && depth === 1) {
      startsDefinition = true;
    } else if (depth === 1 && startsDefinition) {
      startsDefinition = false;
      begun = true;
      const quoted = double?.replaceAll('""', '"') ?? tick?.replaceAll('``', '`') ?? bracket;
      const isConstraint = word !== undefined && constraints.has(word.toLowerCase());
      column = isConstraint ? null : ((quoted ?? word)?.toLowerCase() ?? null);
      const said = joined(pending);
      if (column !== null && said !== null) ahead.set(column, said);
      pending = [];
    }
  }
  const columns = new Map(ahead);
  for (const [name, lines] of behind) {
    const said = joined(lines);
    if (said !== null) columns.set(name, said);
  }
  return { table: joined(about), columns };
}
