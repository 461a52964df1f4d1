import { setTimeout } from 'node:timers/promises';
import type { OpenedSession } from '../../src/server/connections/connections.ts';
import type { Engine, Fact, FactBatch } from '../../src/server/engines/engine.ts';
import { engines } from '../../src/server/engines/registry.ts';

/** A table on paper: enough to make the facts of one. */
export interface PaperTable {
  readonly schema?: string;
  readonly name: string;
  readonly columns?: readonly string[];
  readonly type?: string;
  readonly comment?: string;
  readonly rows?: number;
  /** Tables of the same schema that it refers to. */
  readonly refersTo?: readonly string[];
}

/** A database on paper, which tests change and break as they please. */
export interface PaperDatabase {
  tables: readonly PaperTable[];
  /** Thrown at the next openings, one each. */
  readonly failures: Error[];
  /** Milliseconds between batches. */
  pace: number;
  /** How often it was opened. */
  opened: number;
}

/** So many tables; a part of them can be left out or have another type. */
export const paperTables = (count: number, type = 'integer'): PaperTable[] =>
  Array.from({ length: count }, (_, i) => ({
    name: `table_${i}`,
    columns: ['id', 'name', 'amount', 'created_at', 'note', 'owner_id', 'active', 'kind'],
    type,
    comment: `Table number ${i} of those that only exist on paper.`,
    refersTo: i > 0 ? [`table_${i - 1}`] : [],
    rows: 100,
  }));

const BATCH = 1000;

async function* batchesOf({ tables, pace }: PaperDatabase): AsyncGenerator<FactBatch> {
  const phases: readonly [FactBatch['phase'], (table: PaperTable, id: string) => Fact[]][] = [
    ['tables', tableFact],
    ['columns', columnFacts],
    ['keys', keyFacts],
    ['comments', ({ comment }, table) => (comment === undefined ? [] : [{ fact: 'comment', table, column: null, text: comment }])],
  ];
  for (const [phase, factsOf] of phases) {
    let facts: Fact[] = [];
    for (const [i, table] of tables.entries()) {
      facts.push(...factsOf(table, String(i)));
      if (facts.length < BATCH) continue;
      yield { phase, facts };
      facts = [];
      if (pace > 0) await setTimeout(pace);
    }
    if (pace > 0) await setTimeout(pace);
    yield { phase, facts };
  }
}

const tableFact = ({ schema = 'public', name, rows }: PaperTable, table: string): Fact[] => [
  { fact: 'table', table, schema, name, kind: 'table', estimatedRows: rows ?? null, readable: true, partitionedBy: null },
];

const columnFacts = ({ columns = ['id'], type = 'integer' }: PaperTable, table: string): Fact[] =>
  columns.map((name, i) => {
    const rest = { nullable: i > 0, default: null, identity: false, generated: false, enumValues: null, readable: true };
    return { fact: 'column', table, column: { name, position: i + 1, type, ...rest } };
  });

function keyFacts({ schema = 'public', columns = ['id'], refersTo = [] }: PaperTable, table: string): Fact[] {
  const primary: Fact = { fact: 'key', table, key: { name: 'primary', kind: 'primary', columns: columns.slice(0, 1) } };
  const foreign = refersTo.map((to, i): Fact => {
    const key = { name: `to_${i}`, columns: columns.slice(0, 1), schema, table: to, referencedColumns: columns.slice(0, 1) };
    return { fact: 'foreign_key', table, key: { ...key, onDelete: 'no action', validated: true } };
  });
  return [primary, ...foreign];
}

/** Opens a database on paper: a real engine of which the catalogue alone is another. */
export async function openPaper(paper: PaperDatabase): Promise<OpenedSession> {
  paper.opened++;
  const failure = paper.failures.shift();
  if (failure) throw failure;
  const [real] = engines;
  if (!real) throw new Error('there is no engine');
  const engine: Engine = Object.assign(Object.create(real) as Engine, { facts: () => batchesOf(paper) });
  return { engine, session: { usable: true, certificate: null, close: async () => {} }, version: 1, close: async () => {} };
}
