import { z } from 'zod';
import type { TableKind } from '../../../contract/catalog.ts';
import { Fault } from '../../platform/fault.ts';
import { quantity } from '../../platform/quantity.ts';
import type { Fact, FactBatch } from '../engine.ts';
import { reasonOf } from '../network/check-login.ts';
import {
  columnsSql,
  commentsSql,
  constraintsSql,
  countSql,
  dependenciesSql,
  enumsSql,
  indexesSql,
  partitionsSql,
  tablesSql,
} from './catalog.sql.ts';
import type { PostgresSession, Row } from './session.ts';
import { begin, inBatches, inReadOnly, rollBack } from './transaction.ts';

const kinds: Record<string, TableKind> = { r: 'table', p: 'partitioned_table', v: 'view', m: 'materialized_view', f: 'foreign_table' };
const onDelete: Record<string, string> = { a: 'no action', r: 'restrict', c: 'cascade', n: 'set null', d: 'set default' };
const names = z.array(z.string());

const text = (value: string | null | undefined): string => value ?? '';
const yes = (value: string | null | undefined): boolean => value === 't';
const list = (json: string | null | undefined): string[] => (json ? names.parse(JSON.parse(json)) : []);

function tableFact([oid, schema, name, kind, estimate, readable, partitionedBy]: Row): Fact {
  const estimatedRows = estimate === null || estimate === undefined ? null : Math.round(Number(estimate));
  return {
    fact: 'table',
    table: text(oid),
    schema: text(schema),
    name: text(name),
    kind: kinds[text(kind)] ?? 'table',
    estimatedRows,
    readable: yes(readable),
    partitionedBy: partitionedBy ?? null,
  };
}

const partitionFact = ([oid, name]: Row): Fact => ({ fact: 'partition', table: text(oid), name: text(name) });
const dependencyFact = ([oid, schema, name]: Row): Fact => ({
  fact: 'dependency',
  table: text(oid),
  schema: text(schema),
  name: text(name),
});

function columnFact(
  [oid, position, name, type, nullable, initial, identity, generated, readable, enumType]: Row,
  enums: ReadonlyMap<string, string[]>,
): Fact {
  const column = {
    name: text(name),
    position: Number(position),
    type: text(type),
    nullable: yes(nullable),
    default: initial ?? null,
    identity: yes(identity),
    generated: yes(generated),
    enumValues: enums.get(text(enumType)) ?? null,
    readable: yes(readable),
  };
  return { fact: 'column', table: text(oid), column };
}

function keyFact([oid, name, kind, columns, schema, table, referenced, deletion, validated]: Row): Fact {
  const key = { name: text(name), columns: list(columns) };
  if (kind !== 'f') return { fact: 'key', table: text(oid), key: { ...key, kind: kind === 'p' ? 'primary' : 'unique' } };
  const target = { schema: text(schema), table: text(table), referencedColumns: list(referenced) };
  return {
    fact: 'foreign_key',
    table: text(oid),
    key: { ...key, ...target, onDelete: onDelete[text(deletion)] ?? 'no action', validated: yes(validated) },
  };
}

function indexFact([oid, name, unique, valid, definition]: Row): Fact {
  return {
    fact: 'index',
    table: text(oid),
    index: { name: text(name), unique: yes(unique), valid: yes(valid), definition: text(definition) },
  };
}

const commentFact = ([oid, column, comment]: Row): Fact => ({
  fact: 'comment',
  table: text(oid),
  column: column ?? null,
  text: text(comment),
});

type Phase = FactBatch['phase'];
type Kind = readonly [phase: Phase, sql: string, fact: (row: Row) => Fact];

const tooMuch = () =>
  new Fault('database.failed', {
    stage: 'catalog',
    detail: 'The catalogue is larger than Portcullis reads.',
    tryThis: ['Use a login that sees fewer schemas.'],
    technical: 'over 256 MB in one kind, or 12 MB of enumerations',
  });

/** Bytes that all enumerations together may take, roughly; they are held until the columns are read. */
const mostEnums = 12_000_000;

async function readEnums(session: PostgresSession): Promise<Map<string, string[]>> {
  const enums = new Map<string, string[]>();
  let left = mostEnums;
  for await (const rows of inBatches(session, enumsSql, tooMuch))
    for (const [oid, json] of rows) {
      const labels = list(json);
      left -= labels.reduce((sum, label) => sum + 32 + 2 * label.length, 150);
      if (left < 0) throw tooMuch();
      enums.set(text(oid), labels);
    }
  return enums;
}

/** The catalogue in bulk: one query a kind in one snapshot of the database, ordered by table, some hundred rows at a time. */
export async function* readFacts(session: PostgresSession, signal: AbortSignal): AsyncGenerator<FactBatch> {
  const abort = () => session.end(reasonOf(signal));
  if (signal.aborted) throw reasonOf(signal);
  signal.addEventListener('abort', abort);
  try {
    await begin(session);
    const enums = await readEnums(session);
    const order: readonly Kind[] = [
      ['tables', tablesSql, tableFact],
      ['tables', partitionsSql, partitionFact],
      ['tables', dependenciesSql, dependencyFact],
      ['columns', columnsSql, (row) => columnFact(row, enums)],
      ['keys', constraintsSql, keyFact],
      ['keys', indexesSql, indexFact],
      ['comments', commentsSql, commentFact],
    ];
    for (const [phase, sql, fact] of order) {
      // So that a phase is seen to have begun, even where there is nothing in it.
      yield { phase, facts: [] };
      for await (const rows of inBatches(session, sql, tooMuch)) yield { phase, facts: rows.map(fact) };
    }
  } finally {
    signal.removeEventListener('abort', abort);
    await rollBack(session);
  }
}

/** That the catalogue can be read: how much there is in it. */
export async function countTables(session: PostgresSession): Promise<string> {
  const [row] = await inReadOnly(session, () => session.run(countSql));
  const [tables = 0, schemas = 0, readable = 0] = (row ?? []).map(Number);
  return `${quantity(tables, 'table')} in ${quantity(schemas, 'schema')}, ${readable.toLocaleString('en-US')} of them readable`;
}
