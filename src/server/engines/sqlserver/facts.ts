import { Fault } from '../../platform/fault.ts';
import { quantity } from '../../platform/quantity.ts';
import type { Fact, FactBatch } from '../engine.ts';
import { reasonOf } from '../network/check-login.ts';
import type { Row } from './answer.ts';
import { columnsSql, commentsSql, countSql, dependenciesSql, foreignKeysSql, indexesSql, keysSql, tablesSql } from './catalog.sql.ts';
import { columnFact, commentFact, dependencyFact, foreignKeyFact, indexFact, keyFact, tableFact } from './fact-rows.ts';
import { ServerError } from './server-error.ts';
import type { SqlServerSession } from './session.ts';
import { inBatches } from './stream.ts';

type Phase = FactBatch['phase'];
/** What is read in a phase: its query, or those to try in turn, and what becomes of the rows that belong together (a row a column). */
interface Kind {
  readonly phase: Phase;
  readonly sql: readonly string[];
  readonly fact: (rows: readonly [Row, ...Row[]], readable: ReadonlySet<string>) => Fact;
  /** How many of the first columns tell what belongs together; 0: each row is its own. */
  readonly grouped: number;
}

const kinds: readonly Kind[] = [
  { phase: 'tables', sql: [tablesSql], fact: ([row]) => tableFact(row), grouped: 0 },
  { phase: 'tables', sql: dependenciesSql, fact: ([row]) => dependencyFact(row), grouped: 0 },
  { phase: 'columns', sql: [columnsSql], fact: ([row], readable) => columnFact(row, readable), grouped: 0 },
  { phase: 'keys', sql: [keysSql], fact: keyFact, grouped: 2 },
  { phase: 'keys', sql: [foreignKeysSql], fact: foreignKeyFact, grouped: 2 },
  { phase: 'keys', sql: [indexesSql], fact: indexFact, grouped: 2 },
  { phase: 'comments', sql: [commentsSql], fact: ([row]) => commentFact(row), grouped: 0 },
];

const tooMuch = () =>
  new Fault('database.failed', {
    stage: 'catalog',
    detail: 'The catalogue is larger than Portcullis reads.',
    tryThis: ['Use a login that sees fewer schemas.'],
    technical: 'over 256 MB in one kind',
  });

/** A view of the catalogue that the login may not read, or that the server does not have. */
const missing = new Set([208, 229, 230, 297, 300, 371]);
/** More columns than any key or index has. */
const mostGrouped = 2048;

/** The rows of the first query that the server answers; what may be left out is left out where it answers none. */
async function* rowsOf(session: SqlServerSession, sql: readonly string[]): AsyncGenerator<readonly Row[]> {
  for (const text of sql) {
    try {
      yield* inBatches(session, text, tooMuch);
      return;
    } catch (error) {
      const isMissing =
        sql.length > 1 && session.usable && error instanceof ServerError && error.numbers.some((number) => missing.has(number));
      if (!isMissing) throw error;
    }
  }
}

/** Puts rows together whose first columns are the same; the last ones wait for what may come behind them. */
async function* together(batches: AsyncIterable<readonly Row[]>, by: number): AsyncGenerator<readonly (readonly [Row, ...Row[]])[]> {
  let open: [Row, ...Row[]] | null = null;
  const same = (one: Row, other: Row) => by > 0 && one.slice(0, by).every((value, at) => value === other[at]);
  for await (const rows of batches) {
    const whole: [Row, ...Row[]][] = [];
    for (const row of rows) {
      if (open && same(open[0], row) && open.length < mostGrouped) open.push(row);
      else {
        if (open) whole.push(open);
        open = [row];
      }
    }
    if (by === 0 && open) {
      whole.push(open);
      open = null;
    }
    yield whole;
  }
  if (open) yield [open];
}

/**
 * The catalogue in bulk: one query a kind, some hundred rows at a time. SQL Server keeps no versions of its catalogue: what is told of a table
 * that was not there yet when the tables were read is left out.
 */
export async function* readFacts(session: SqlServerSession, signal: AbortSignal): AsyncGenerator<FactBatch> {
  const abort = () => session.end(reasonOf(signal));
  if (signal.aborted) throw reasonOf(signal);
  signal.addEventListener('abort', abort);
  const known = new Set<string>();
  const readable = new Set<string>();
  try {
    for (const { phase, sql, fact, grouped } of kinds) {
      // So that a phase is seen to have begun, even where there is nothing in it.
      yield { phase, facts: [] };
      for await (const groups of together(rowsOf(session, sql), grouped)) {
        const facts: Fact[] = [];
        for (const group of groups) {
          const one = fact(group, readable);
          if (one.fact === 'table') {
            known.add(one.table);
            if (one.readable) readable.add(one.table);
          }
          if (known.has(one.table)) facts.push(one);
        }
        yield { phase, facts };
      }
    }
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** That the catalogue can be read: how much there is in it. */
export async function countTables(session: SqlServerSession): Promise<string> {
  const [row = []] = await session.run(countSql);
  const [tables = 0, schemas = 0, readable = 0] = row.map(Number);
  return `${quantity(tables, 'table')} in ${quantity(schemas, 'schema')}, ${readable.toLocaleString('en-US')} of them readable`;
}
