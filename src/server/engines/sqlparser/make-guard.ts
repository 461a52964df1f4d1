import { fingerprintOf } from '../fingerprint.ts';
import type { Accepted, Guard, GuardInput, PublishedCatalog } from '../guard.ts';
import { prefilter, tooLong } from '../prefilter.ts';
import { Refuse } from '../refusal.ts';
import { scanSql, type Token } from '../scan-sql.ts';
import type { Dialect } from './dialect.ts';
import { eyesOf } from './eyes.ts';
import { type Tree, variant } from './kinds.ts';
import { judgeEveryWord, judgeWords } from './lexical.ts';
import { Lines } from './lines.ts';
import { loadParser, parse } from './parse.ts';
import { placeholdersOf } from './placeholders.ts';
import { PublishedTables } from './published.ts';
import { Resolution } from './scope.ts';
import { analyseQuery } from './select.ts';
import { textToSend } from './send.ts';
import { judgeStructure, onlyReads, type Structure } from './structure.ts';
import { Words } from './words.ts';

type Judged = Omit<Accepted, 'fingerprint'>;

/** Refuses comments that the database would obey. */
function judgeComments(text: string, tokens: readonly Token[], dialect: Dialect): void {
  const words = new Words(text, []);
  for (const token of tokens) {
    const found = token.kind === 'comment' ? dialect.comment(text.slice(token.start, token.end)) : null;
    if (found) throw words.refuse(found.rule, found.message, found.allowed, token);
  }
}

/** The tokens that mean something: no comments, and no semicolons at the end. */
function meaning(text: string, tokens: readonly Token[]): Token[] {
  const kept = tokens.filter((token) => token.kind !== 'comment');
  while (kept.length > 0 && text[kept.at(-1)?.start ?? 0] === ';' && kept.at(-1)?.kind === 'mark') kept.pop();
  return kept;
}

function judge(text: string, tokens: readonly Token[], dialect: Dialect, published: PublishedTables, input: GuardInput): Judged {
  judgeComments(text, tokens, dialect);
  const words = new Words(text, meaning(text, tokens));
  judgeWords(words, dialect);
  const { parameters, edits } = placeholdersOf(words, dialect);
  const eyes = eyesOf(words, tokens, dialect);
  const lines = new Lines(eyes.text);
  const statements = parse(eyes.text, words, lines, dialect);
  const [statement, another] = statements;
  if (!statement) throw words.refuse('statement.empty', 'There is no statement.', onlyReads);
  if (another) throw words.refuse('statement.multiple', 'Only one statement at a time.', onlyReads);
  const structure: Structure = { words, lines, dialect, shown: eyes.shown, functions: new Set(), idents: new Map() };
  judgeStructure('Statement', statement, structure);
  judgeEveryWord(structure);
  const resolution = new Resolution(structure, published, input.searchPath);
  analyseQuery(variant(statement)[1] as Tree, resolution, null, null);
  const sql = textToSend(resolution, tokens, edits);
  return {
    ok: true,
    sql,
    tables: [...resolution.tables.values()].map(({ schema, name }) => ({ schema, table: name })),
    columns: [...resolution.columns.values()],
    functions: [...structure.functions].sort(),
    parameters,
  };
}

const listed = (values: readonly unknown[]): string => JSON.stringify(values.map((value) => JSON.stringify(value)).sort());

/** Whether two verdicts say the same of a statement. */
function agree(a: Judged, b: Judged): boolean {
  const same = a.sql === b.sql && a.parameters === b.parameters && listed(a.functions) === listed(b.functions);
  return same && listed(a.tables) === listed(b.tables) && listed(a.columns) === listed(b.columns);
}

function unfaithful(text: string): Refuse {
  const message = 'The statement cannot be written out with every table qualified without a change of meaning, so it is not sent.';
  return new Words(text, []).refuse('statement.unfaithful', message, 'The same question in other words.');
}

/** What is sent is judged once more: it has to be accepted as it is, and to read the very same. */
function judgeTwice(input: GuardInput, tokens: readonly Token[], dialect: Dialect, published: PublishedTables): Judged {
  const first = judge(input.sql, tokens, dialect, published, input);
  const again = scanSql(first.sql, dialect.lexis);
  if (prefilter(first.sql, again)) throw unfaithful(input.sql);
  let second: Judged;
  try {
    second = judge(first.sql, again, dialect, published, input);
  } catch (error) {
    if (error instanceof Refuse) throw unfaithful(input.sql);
    throw error;
  }
  if (!agree(first, second)) throw unfaithful(input.sql);
  return first;
}

/** Makes the guard of a dialect. */
export function makeGuard(dialect: Dialect): Guard {
  const catalogs = new WeakMap<PublishedCatalog, PublishedTables>();
  const tablesOf = (published: PublishedCatalog): PublishedTables => {
    const known = catalogs.get(published) ?? new PublishedTables(published.tables, dialect);
    catalogs.set(published, known);
    return known;
  };
  return {
    ready: loadParser,
    prepare(published) {
      tablesOf(published);
    },
    classify(input) {
      const long = tooLong(input.sql);
      const tokens = long ? [] : scanSql(input.sql, dialect.lexis);
      const fingerprint = fingerprintOf(input.sql, tokens);
      try {
        const bad = long ?? prefilter(input.sql, tokens);
        if (bad) throw bad;
        return { ...judgeTwice(input, tokens, dialect, tablesOf(input.published)), fingerprint };
      } catch (error) {
        if (error instanceof Refuse) return { ok: false, refusal: error.refusal, fingerprint };
        throw error;
      }
    },
    forget(published) {
      catalogs.delete(published);
    },
  };
}
