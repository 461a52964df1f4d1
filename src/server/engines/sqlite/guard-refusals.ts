import { hint, type Refuse, refuse, type Span } from '../refusal.ts';
import type { Token } from '../scan-sql.ts';
import { fold } from './fold.ts';
import { functions } from './guard-names.ts';
import type { Compiled, Shadow } from './guard-shadow.ts';

export const onlyReads = 'One SELECT, VALUES or WITH … SELECT that reads published tables.';

/** A name without its quotes. */
export function bare(text: string, token: Token): string {
  const word = text.slice(token.start, token.end);
  return fold(token.kind === 'quoted' ? word.slice(1, -1).replaceAll('""', '"') : word);
}

/** Where a name stands in the text: SQLite often says which name, seldom where. */
function find(text: string, tokens: readonly Token[], name: string): Span | null {
  const wanted = fold(name);
  return (
    tokens.find(
      (token) =>
        (token.kind === 'word' || token.kind === 'quoted' || token.kind === 'string') && bare(text, token).replace(/^'|'$/g, '') === wanted,
    ) ?? null
  );
}

function spanAt(text: string, tokens: readonly Token[], byte: number): Span | null {
  if (byte < 0) return null;
  const start = Buffer.from(text).subarray(0, byte).toString().length;
  return tokens.find((token) => token.end > start) ?? { start, end: text.length };
}

/** The names of the columns of those published tables that the text names. */
function columnsNear(text: string, tokens: readonly Token[], shadow: Shadow): string[] {
  const named = tokens.flatMap((token) =>
    token.kind === 'word' || token.kind === 'quoted' ? (shadow.tables.get(bare(text, token)) ?? []) : [],
  );
  return named.flatMap((table) => table.columns);
}

const unlisted = (name: string): string => {
  const near = hint(name, [...functions], 'functions');
  return `Functions that compute from their arguments alone. ${near.startsWith('Did') ? near : 'Ask an Admin.'}`;
};

function denial(text: string, tokens: readonly Token[], { what, name }: NonNullable<Compiled['denied']>): Refuse {
  const span = find(text, tokens, name);
  if (what === 'function')
    return refuse(text, 'function.unlisted', `The function ${name} is not on the list of those that may be called.`, unlisted(name), span);
  if (what === 'system')
    return refuse(text, 'relation.system', `${name} belongs to the database itself and cannot be read.`, 'Published tables.', span);
  if (what === 'row number')
    return refuse(text, 'column.unknown', `The row number ${name} is not a published column.`, 'The key column of the table.', span);
  if (what === 'relation') return refuse(text, 'relation.unknown', `There is no published ${name}.`, 'Published tables and columns.', span);
  return refuse(text, 'statement.not_read', 'This is not a read.', onlyReads);
}

/** Why a statement that does not compile, or that the authorizer stopped, is refused. */
export function explainCompiled(text: string, tokens: readonly Token[], compiled: Compiled, shadow: Shadow): Refuse {
  if (compiled.denied) return denial(text, tokens, compiled.denied);
  const { message, at } = compiled.error ?? { message: '', at: -1 };
  const [, kind, name = ''] = /^no such (table|column|function): (.*?)(?: - should this be .*)?$/.exec(message) ?? [];
  const plainName = name.replace(/^main\./i, '').replace(/^"(.*)"$/, '$1');
  const span = spanAt(text, tokens, at) ?? find(text, tokens, plainName);
  if (kind === 'table') {
    const tables = [...shadow.tables.values()].map((table) => table.name);
    return refuse(text, 'relation.unknown', `There is no published table ${plainName}.`, hint(plainName, tables, 'published tables'), span);
  }
  if (kind === 'column') {
    const last = plainName.split('.').at(-1) ?? '';
    const quoted = message.includes('should this be') ? ' Text stands in single quotes.' : '';
    const allowed = `${hint(last, columnsNear(text, tokens, shadow), 'columns')}${quoted}`;
    return refuse(text, 'column.unknown', `There is no published column ${plainName} here.`, allowed, span);
  }
  if (kind === 'function')
    return refuse(text, 'function.unlisted', `The function ${name} is not on the list of those that may be called.`, unlisted(name), span);
  if (/syntax error|incomplete input|unrecognized token/.test(message)) {
    return refuse(text, 'statement.unparsed', `SQLite cannot read this: ${message}.`, onlyReads, span);
  }
  if (/too (many|much|big|deep|large)|maximum depth|stack overflow|out of memory/i.test(message)) {
    return refuse(text, 'statement.too_complex', `The statement is too large for SQLite: ${message}.`, 'A simpler statement.', span);
  }
  return refuse(text, 'statement.invalid', `SQLite would refuse this: ${message || 'it does not compile'}.`, onlyReads, span);
}
