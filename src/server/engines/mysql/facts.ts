import type { TableKind } from '../../../contract/catalog.ts';
import { quantity } from '../../platform/quantity.ts';
import type { Fact, FactBatch } from '../engine.ts';
import { reasonOf } from '../network/check-login.ts';
import type { Row } from './commands.ts';
import { enumValues } from './enum-values.ts';
import { type Gather, Gathered, indexFact, keyFact } from './keys.ts';
import { within } from './literal.ts';
import type { MysqlSession } from './session.ts';
import { begin, inReadOnly, rollBack } from './transaction.ts';

const text = (value: string | null | undefined): string => value ?? '';
/** Storage that keeps its rows on another server or in a file of another program. */
const foreign = /^(FEDERATED|CONNECT|SPIDER)$/i;

function kindOf(type: string, partitioned: boolean, storage: string): TableKind {
  if (/VIEW$/.test(type)) return 'view';
  if (foreign.test(storage)) return 'foreign_table';
  return partitioned ? 'partitioned_table' : 'table';
}

type Of = (row: Row) => Fact;

const tableFact =
  (schema: string, partitionedBy: ReadonlyMap<string, string>): Of =>
  ([name, type, estimate, partitioned, storage, readable]) => {
    const kind = kindOf(text(type), partitioned === '1', text(storage));
    const rows = estimate === null || kind === 'view' ? null : Number(estimate);
    const table = text(name);
    return {
      fact: 'table',
      table,
      schema,
      name: table,
      kind,
      estimatedRows: Number.isSafeInteger(rows) ? rows : null,
      readable: readable === '1',
      partitionedBy: partitionedBy.get(table) ?? null,
    };
  };

const dependencyFact: Of = ([view, schema, name]) => ({ fact: 'dependency', table: text(view), schema: text(schema), name: text(name) });

const columnFact: Of = ([table, position, name, type, nullable, initial, extra, generated, readable]) => ({
  fact: 'column',
  table: text(table),
  column: {
    name: text(name),
    position: Number(position),
    type: text(type),
    nullable: nullable === 'YES',
    default: /GENERATED/.test(text(extra).replace('DEFAULT_GENERATED', '')) ? text(generated) : (initial ?? null),
    identity: /auto_increment/i.test(text(extra)),
    generated: /(VIRTUAL|STORED|PERSISTENT|ALWAYS) ?(GENERATED)?/.test(text(extra).replace('DEFAULT_GENERATED', '')),
    enumValues: enumValues(text(type)),
    readable: readable === '1',
  },
});

const commentFact: Of = ([table, column, comment]) => ({
  fact: 'comment',
  table: text(table),
  column: column ?? null,
  text: text(comment),
});

/** Partitions, and by what their tables are partitioned; they come before the tables, which say it. */
async function readPartitions(session: MysqlSession, sql: string): Promise<{ facts: Fact[]; by: Map<string, string> }> {
  const facts: Fact[] = [];
  const by = new Map<string, string>();
  for await (const rows of session.batches(sql))
    for (const [table, name, method, expression] of rows) {
      facts.push({ fact: 'partition', table: text(table), name: text(name) });
      by.set(text(table), `${text(method)} (${text(expression)})`);
    }
  return { facts, by };
}

/** The catalogue in bulk: one query a kind, ordered by table, some hundred rows at a time. */
export async function* readFacts(session: MysqlSession, signal: AbortSignal): AsyncGenerator<FactBatch> {
  const abort = () => session.end(reasonOf(signal));
  if (signal.aborted) throw reasonOf(signal);
  signal.addEventListener('abort', abort);
  try {
    await begin(session);
    const { catalog } = session.flavour;
    const schema = session.place?.[0] ?? '';
    const here = (sql: string) => within(sql, schema);
    const each = async function* (phase: FactBatch['phase'], sql: string, of: Of): AsyncGenerator<FactBatch> {
      // So that a phase is seen to have begun, even where there is nothing in it.
      yield { phase, facts: [] };
      for await (const rows of session.batches(here(sql))) yield { phase, facts: rows.map(of) };
    };
    const gathered = async function* (sql: string, of: Gather): AsyncGenerator<FactBatch> {
      yield { phase: 'keys', facts: [] };
      const together = new Gathered(of);
      for await (const rows of session.batches(here(sql))) yield { phase: 'keys', facts: together.add(rows) };
      yield { phase: 'keys', facts: together.end() };
    };
    const partitions = await readPartitions(session, here(catalog.partitions));
    yield* each('tables', catalog.tables, tableFact(schema, partitions.by));
    yield { phase: 'tables', facts: partitions.facts };
    if (catalog.dependencies) yield* each('tables', catalog.dependencies, dependencyFact);
    yield* each('columns', catalog.columns, columnFact);
    yield* gathered(catalog.keys, keyFact(session.flavour.silentDelete));
    yield* gathered(catalog.indexes, indexFact(session.flavour.grammar.quote));
    yield* each('comments', catalog.comments, commentFact);
  } finally {
    signal.removeEventListener('abort', abort);
    await rollBack(session);
  }
}

/** That the catalogue can be read: how much there is in it. */
export async function countTables(session: MysqlSession): Promise<string> {
  const { tables, readable } = await counted(session);
  return `${quantity(tables, 'table')}, ${readable.toLocaleString('en-US')} of them readable`;
}

/** How many tables the login is shown, and how many of them it may read. */
export async function counted(session: MysqlSession): Promise<{ tables: number; readable: number }> {
  const [row] = await inReadOnly(session, () => session.run(within(session.flavour.catalog.count, session.place?.[0] ?? '')));
  const [tables = 0, readable = 0] = (row ?? []).map(Number);
  return { tables: Number.isSafeInteger(tables) ? tables : 0, readable: Number.isSafeInteger(readable) ? readable : 0 };
}
