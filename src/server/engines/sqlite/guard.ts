import { fingerprintOf } from '../fingerprint.ts';
import type { Accepted, Guard, GuardInput, PublishedCatalog, PublishedTable } from '../guard.ts';
import { prefilter, tooLong } from '../prefilter.ts';
import { Refuse, refuse } from '../refusal.ts';
import { type Lexis, scanSql, type Token } from '../scan-sql.ts';
import { fold } from './fold.ts';
import { bare, explainCompiled, onlyReads } from './guard-refusals.ts';
import { type Compiled, loadSqlite, Shadow } from './guard-shadow.ts';
import { judgeFormats, judgeRecursion, judgeWords } from './guard-words.ts';

const lexis: Lexis = {
  identifierQuotes: { '"': '"', '`': '`', '[': ']' },
  escapes: false,
  parameter: /\?\d*|[:@#$][\w$\u0080-\u{10ffff}]+/uy,
};
const MAX_PARAMETERS = 1000;

const shadows = new Map<PublishedCatalog, Shadow>();

function shadowOf(published: PublishedCatalog): Shadow {
  let shadow = shadows.get(published);
  if (!shadow) {
    shadow = new Shadow(published);
    shadows.set(published, shadow);
  }
  return shadow;
}

/** The text without comments and final semicolons. */
function withoutComments(text: string, tokens: readonly Token[]): string {
  let sent = '';
  let at = 0;
  for (const token of tokens) {
    const drop = token.kind === 'comment' || (token.kind === 'mark' && text[token.start] === ';');
    if (!drop) continue;
    sent += `${text.slice(at, token.start)} `;
    at = token.end;
  }
  return (sent + text.slice(at)).trim();
}

const same = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean => a.size === b.size && [...a].every((one) => b.has(one));

function judge(input: GuardInput, all: readonly Token[]): Omit<Accepted, 'fingerprint'> {
  const text = input.sql;
  const tokens = all.filter((token) => token.kind !== 'comment');
  judgeWords(text, tokens);
  judgeFormats(text, tokens);
  judgeRecursion(text, tokens);
  const shadow = shadowOf(input.published);
  const compile = (sql: string): Compiled => {
    const compiled = shadow.compile(sql);
    if (compiled.error || compiled.denied) throw explainCompiled(text, tokens, compiled, shadow);
    if (!compiled.plain) throw refuse(text, 'statement.not_read', 'This is not a read.', onlyReads);
    return compiled;
  };
  const sql = withoutComments(text, all);
  const compiled = compile(text.replace(/[\s;]+$/, ''));
  const sent = compile(sql);
  if (!same(sent.reads, compiled.reads) || !same(sent.functions, compiled.functions) || sent.parameters !== compiled.parameters) {
    throw refuse(
      text,
      'statement.unfaithful',
      'The statement means something else without its comments.',
      'The statement without comments.',
    );
  }
  if (sent.parameters > MAX_PARAMETERS)
    throw refuse(text, 'parameter.unnumbered', 'There are more than 1000 placeholders.', '?1 to ?1000.');
  const { whole, columns } = joined(text, tokens, sql, shadow);
  const reads = [...new Set([...sent.reads, ...columns])].map((read) => read.split('\0') as [string, string]);
  refuseNamesakes(text, tokens, sent.queries, new Set(reads.map(([table]) => fold(table))));
  return {
    ok: true,
    sql,
    tables: [...new Set(reads.map(([table]) => table))].map((table) => ({ schema: 'main', table })),
    columns: reads.filter(([, column]) => column !== '').map(([table, column]) => ({ schema: 'main', table, column })),
    whole,
    functions: [...sent.functions].sort(),
    parameters: sent.parameters,
  };
}

/** A WITH query called as a table that is read beside it could not be told from it in the session: SQLite asks about both by the name alone. */
function refuseNamesakes(text: string, tokens: readonly Token[], queries: ReadonlySet<string>, tables: ReadonlySet<string>): void {
  const name = [...queries].find((query) => tables.has(query));
  if (name === undefined) return;
  const span = tokens.find((token) => bare(text, token) === name) ?? null;
  throw refuse(text, 'relation.unknown', `The WITH query ${name} has the name of a table that is read.`, 'Another name for it.', span);
}

/**
 * The tables of a statement that joins by USING or NATURAL, and what it reads of them: the columns that the former names, and for the latter
 * those that two tables share. SQLite asks its authorizer about neither.
 */
function joined(text: string, tokens: readonly Token[], sql: string, shadow: Shadow): { whole: PublishedTable[]; columns: string[] } {
  const words = new Set(tokens.flatMap((token) => (token.kind === 'word' || token.kind === 'quoted' ? bare(text, token) : [])));
  if (!words.has('using') && !words.has('natural')) return { whole: [], columns: [] };
  const tables = shadow.opened(sql);
  const shared = (column: string): boolean =>
    words.has('natural') && tables.filter((table) => table.columns.some((one) => fold(one) === column)).length > 1;
  const columns = tables.flatMap((table) => {
    const named = table.columns.filter((column) => words.has(fold(column)) || shared(fold(column)));
    return ['', ...named].map((column) => `${table.name}\0${column}`);
  });
  return { whole: tables, columns };
}

/** Judges statements by SQLite itself, in an empty database that has the published tables alone. */
export const sqliteGuard: Guard = {
  ready: loadSqlite,
  prepare(published) {
    shadowOf(published);
  },
  classify(input) {
    const long = tooLong(input.sql);
    const tokens = long ? [] : scanSql(input.sql, lexis);
    const fingerprint = fingerprintOf(input.sql, tokens);
    try {
      const bad = long ?? prefilter(input.sql, tokens);
      if (bad) throw bad;
      return { ...judge(input, tokens), fingerprint };
    } catch (error) {
      if (error instanceof Refuse) return { ok: false, refusal: error.refusal, fingerprint };
      throw error;
    }
  },
  forget(published) {
    shadows.get(published)?.close();
    shadows.delete(published);
  },
};
