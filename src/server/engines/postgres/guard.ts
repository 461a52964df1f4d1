import { hasSqlDetails, loadModule, parseSync } from 'libpg-query';
import { fingerprintOf } from '../fingerprint.ts';
import type { Guard, GuardInput, GuardResult, PublishedCatalog } from '../guard.ts';
import { prefilter, tooLong } from '../prefilter.ts';
import { Refuse } from '../refusal.ts';
import { type Lexis, scanSql } from '../scan-sql.ts';
import { opened, type Tree } from './guard-kinds.ts';
import { PublishedTables, Resolution } from './guard-scope.ts';
import { analyseSelect } from './guard-select.ts';
import { rewrite, textOf } from './guard-send.ts';
import { judgeStructure, onlyReads, type Structure } from './guard-structure.ts';
import { StatementText } from './guard-text.ts';

const lexis: Lexis = { identifierQuotes: { '"': '"' }, escapes: true, parameter: /\$\d+/y };

const opening = new WeakMap<PublishedCatalog, PublishedTables>();

function tablesOf(published: PublishedCatalog): PublishedTables {
  let tables = opening.get(published);
  if (!tables) {
    tables = new PublishedTables(published.tables, published.types ?? []);
    opening.set(published, tables);
  }
  return tables;
}

/** The one statement of a text. */
function parse(source: StatementText): Tree {
  let statements: Tree[];
  try {
    statements = source.text === '' ? [] : ((parseSync(source.text).stmts ?? []) as Tree[]);
  } catch (error) {
    if (!hasSqlDetails(error)) throw error;
    const at = error.sqlDetails?.cursorPosition ?? 0;
    if (/memory exhausted|stack depth/.test(error.message)) {
      throw source.refuseAtCharacter(
        'statement.too_complex',
        'The statement is nested too deeply.',
        'A simpler statement: less nesting.',
        at,
      );
    }
    throw source.refuseAtCharacter('statement.unparsed', `PostgreSQL cannot read this: ${error.message}.`, onlyReads, at);
  }
  const [first, second] = statements;
  if (!first) throw source.refuse('statement.empty', 'There is no statement.', onlyReads, null);
  if (second) {
    throw source.refuse('statement.multiple', 'Only one statement at a time.', onlyReads, { location: second.stmt_location });
  }
  return first.stmt as Tree;
}

function judge(source: StatementText, input: GuardInput): Omit<Extract<GuardResult, { ok: true }>, 'fingerprint'> {
  const published = tablesOf(input.published);
  const statement = parse(source);
  const { kind, fields } = opened(statement) ?? { kind: '', fields: {} };
  if (kind !== 'SelectStmt' && !/Stmt$/.test(kind)) throw source.refuse('statement.not_read', 'This is not a read.', onlyReads, null);
  const { searchPath } = input;
  const structure: Structure = { source, types: published.types, searchPath, functions: new Set(), parameters: 0 };
  judgeStructure(kind, fields, structure);
  const resolution = new Resolution(source, published, searchPath);
  analyseSelect(fields, resolution, null, null);
  rewrite(resolution);
  const sql = textOf(statement);
  if (sql === null) {
    const message = 'The statement cannot be written out again without a change of meaning, so it is not sent.';
    throw source.refuse('statement.unfaithful', message, 'The same question in other words; GROUP BY DISTINCT is not possible.', null);
  }
  return {
    ok: true,
    sql,
    tables: [...resolution.tables.values()].map(({ schema, name }) => ({ schema, table: name })),
    columns: [...resolution.columns.values()],
    functions: [...structure.functions].sort(),
    parameters: structure.parameters,
  };
}

/** Judges statements by PostgreSQL's own grammar. */
export const postgresGuard: Guard = {
  ready: loadModule,
  prepare(published) {
    tablesOf(published);
  },
  classify(input) {
    const long = tooLong(input.sql);
    const tokens = long ? [] : scanSql(input.sql, lexis);
    const fingerprint = fingerprintOf(input.sql, tokens);
    try {
      const bad = long ?? prefilter(input.sql, tokens);
      if (bad) throw bad;
      return {
        ...judge(
          new StatementText(
            input.sql,
            tokens.filter((token) => token.kind !== 'comment'),
          ),
          input,
        ),
        fingerprint,
      };
    } catch (error) {
      if (error instanceof Refuse) return { ok: false, refusal: error.refusal, fingerprint };
      throw error;
    }
  },
  forget(published) {
    opening.delete(published);
  },
};
