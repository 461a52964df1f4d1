import type { TableKind } from '../../../contract/catalog.ts';
import { Fault } from '../../platform/fault.ts';
import { quantity } from '../../platform/quantity.ts';
import type { Fact, FactBatch } from '../engine.ts';
import { reasonOf } from '../network/check-login.ts';
import * as sql from './catalog.sql.ts';
import { columnFact, commentFact, foreignKeyFact, idOf, indexFact, keyFact, Neighbours, type Target, text } from './facts-rows.ts';
import { type Readable, readReadable } from './readable.ts';
import type { OracleSession, Row } from './session.ts';
import { beginSql, inBatches, inReadOnly, rollBack } from './transaction.ts';

const tooMuch = () =>
  new Fault('database.failed', {
    stage: 'catalog',
    detail: 'The catalogue is larger than Portcullis reads.',
    tryThis: ['Use a login that sees fewer schemas.'],
    technical: 'over 256 MB in one kind, or 48 MB held at once',
  });
/** Bytes of what is held until the tables, keys and indexes that it belongs to come, roughly. */
const mostHeld = 48_000_000;

type Phase = FactBatch['phase'];

/** Reads the catalogue of one session, kind by kind. */
class Reading {
  readonly #session: OracleSession;
  /** Tables by their id: what does not belong to one of them is left out. */
  readonly #tables = new Set<string>();
  #left = mostHeld;

  constructor(session: OracleSession) {
    this.#session = session;
  }

  #rows(query: string): AsyncGenerator<readonly Row[]> {
    return inBatches(this.#session, query, tooMuch);
  }
  #hold(...texts: readonly string[]): void {
    this.#left -= texts.reduce((sum, one) => sum + 2 * one.length + 60, 0);
    if (this.#left < 0) throw tooMuch();
  }

  /** A whole kind as a map, from what `key` makes of a row to what `value` makes of it and of what was there before. */
  async #map(
    query: string,
    key: (row: Row) => string,
    value: (row: Row, before: string | undefined) => string,
  ): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for await (const rows of this.#rows(query))
      for (const row of rows) {
        const made = value(row, found.get(key(row)));
        this.#hold(made, key(row));
        found.set(key(row), made);
      }
    return found;
  }

  async *#tablesOf(readable: Readable): AsyncGenerator<FactBatch> {
    const bySchema = (row: Row) => idOf(row[0], row[1]);
    const materialized = await this.#map(
      sql.materializedSql,
      (row) => idOf(row[0], row[2]),
      (row) => text(row[1]),
    );
    const external = await this.#map(sql.externalSql, bySchema, () => '');
    const manners = await this.#map(sql.partitionedSql, bySchema, (row) => text(row[2]));
    const keys = await this.#map(sql.partitionKeysSql, bySchema, (row, before) =>
      before === undefined ? text(row[2]) : `${before}, ${text(row[2])}`,
    );
    const fact = (schema: string, name: string, kind: TableKind, estimate: string | null | undefined, holder = name): Fact => {
      const table = idOf(schema, name);
      this.#tables.add(table);
      this.#hold(table);
      const manner = manners.get(idOf(schema, holder));
      return {
        fact: 'table',
        table,
        schema,
        name,
        kind,
        estimatedRows: estimate === null || estimate === undefined ? null : Number(estimate),
        readable: readable(schema, name),
        partitionedBy: manner === undefined ? null : `${manner} (${keys.get(idOf(schema, holder)) ?? ''})`,
      };
    };
    for await (const rows of this.#rows(sql.tablesSql))
      yield {
        phase: 'tables',
        facts: rows.map(([schema, name, estimate, partitioned]) => {
          const id = idOf(schema, name);
          const view = materialized.get(id);
          const kind = external.has(id) ? 'foreign_table' : partitioned === 'YES' ? 'partitioned_table' : 'table';
          return view === undefined
            ? fact(text(schema), text(name), kind, estimate)
            : fact(text(schema), view, 'materialized_view', estimate, text(name));
        }),
      };
    for await (const rows of this.#rows(sql.viewsSql))
      yield { phase: 'tables', facts: rows.map(([schema, name]) => fact(text(schema), text(name), 'view', null)) };
  }

  /** One kind of which every row is a fact. */
  async *#each(phase: Phase, query: string, fact: (row: Row) => Fact): AsyncGenerator<FactBatch> {
    for await (const rows of this.#rows(query))
      yield { phase, facts: rows.flatMap((row) => (this.#tables.has(idOf(row[0], row[1])) ? [fact(row)] : [])) };
  }

  /** One kind of which neighbouring rows are a fact. */
  async *#grouped(query: string, key: (row: Row) => string, fact: (group: Row[]) => Fact | null): AsyncGenerator<FactBatch> {
    const neighbours = new Neighbours(key);
    const factsOf = (groups: readonly Row[][]): Fact[] =>
      groups.flatMap((group) => {
        const made = fact(group);
        return made && this.#tables.has(made.table) ? [made] : [];
      });
    for await (const rows of this.#rows(query)) yield { phase: 'keys', facts: factsOf(neighbours.add(rows)) };
    yield { phase: 'keys', facts: factsOf(neighbours.end()) };
  }

  async *#keys(): AsyncGenerator<FactBatch> {
    const targets = new Map<string, Target>();
    const constraint = (row: Row) => idOf(row[0], row[1]);
    yield* this.#grouped(sql.keysSql, constraint, (group) => {
      const { fact, id, target } = keyFact(group);
      this.#hold(id, ...target.columns);
      targets.set(id, target);
      return fact;
    });
    yield* this.#grouped(sql.foreignKeysSql, constraint, (group) => foreignKeyFact(group, targets));
    const expressions = await this.#map(
      sql.expressionsSql,
      (row) => `${idOf(row[0], row[1])}\0${text(row[2])}`,
      (row) => text(row[3]).trim(),
    );
    yield* this.#grouped(
      sql.indexesSql,
      (row) => idOf(row[2], row[3]),
      (group) => indexFact(group, expressions),
    );
  }

  async *all(): AsyncGenerator<FactBatch> {
    // So that a phase is seen to have begun, even where there is nothing in it.
    const begun = (phase: Phase): FactBatch => ({ phase, facts: [] });
    const readable = await readReadable(this.#session, tooMuch);
    yield begun('tables');
    yield* this.#tablesOf(readable);
    yield* this.#each('tables', sql.partitionsSql, (row) => ({ fact: 'partition', table: idOf(row[0], row[1]), name: text(row[2]) }));
    yield* this.#each('tables', sql.dependenciesSql, (row) => ({
      fact: 'dependency',
      table: idOf(row[0], row[1]),
      schema: text(row[2]),
      name: text(row[3]),
    }));
    yield begun('columns');
    yield* this.#each('columns', sql.columnsSql, (row) => columnFact(row, readable(row[0], row[1])));
    yield begun('keys');
    yield* this.#keys();
    yield begun('comments');
    for (const query of [sql.tableCommentsSql, sql.materializedCommentsSql, sql.columnCommentsSql])
      yield* this.#each('comments', query, commentFact);
  }
}

/** The catalogue in bulk: one query a kind at one moment of the database, some hundred rows at a time. */
export async function* readFacts(session: OracleSession, signal: AbortSignal): AsyncGenerator<FactBatch> {
  const abort = () => session.end(reasonOf(signal));
  if (signal.aborted) throw reasonOf(signal);
  signal.addEventListener('abort', abort);
  try {
    await session.run(beginSql);
    yield* new Reading(session).all();
  } finally {
    signal.removeEventListener('abort', abort);
    await rollBack(session);
  }
}

/** That the catalogue can be read: how much there is in it. */
export async function countTables(session: OracleSession): Promise<string> {
  const [row] = await inReadOnly(session, () => session.run(sql.countSql));
  const [tables = 0, schemas = 0] = (row ?? []).map(Number);
  return `${quantity(tables, 'table')} in ${quantity(schemas, 'schema')}`;
}
