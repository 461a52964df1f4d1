import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { TableDocument } from '../src/contract/catalog.ts';
import { type Passage, passageOf } from '../src/server/retrieval/passage.ts';

const Table = z.object({
  db: z.string(),
  name: z.string(),
  columns: z.array(z.object({ name: z.string(), type: z.string().optional(), comment: z.string().optional() })),
  fks: z.array(z.tuple([z.string(), z.string(), z.string().nullish()]).rest(z.unknown())).optional(),
});
const Question = z.object({ db: z.string(), question: z.string(), tables: z.array(z.string()), tdb: z.array(z.string()).optional() });
type Question = z.infer<typeof Question>;

/** A benchmark: databases as connections would hold them, and questions whose tables are known. */
export interface Benchmark {
  readonly databases: ReadonlyMap<string, readonly TableDocument[]>;
  readonly questions: readonly Question[];
}

/** Reads `<folder>/<name>.tables.json` and `<folder>/<name>.<part>.json`. */
export function readBenchmark(folder: string, name: string, part: string): Benchmark {
  const read = (file: string): unknown => JSON.parse(readFileSync(`${folder}/${name}.${file}.json`, 'utf8'));
  const tables = z.array(Table).parse(read('tables'));
  const databases = new Map<string, TableDocument[]>();
  const cased = new Map(tables.map((table) => [`${table.db}|${table.name.toLowerCase()}`, table.name]));
  for (const table of tables) {
    const known = databases.get(table.db) ?? [];
    databases.set(table.db, [...known, documentOf(table, (other) => cased.get(`${table.db}|${other.toLowerCase()}`) ?? other)]);
  }
  return { databases, questions: z.array(Question).parse(read(part)) };
}

function documentOf(table: z.infer<typeof Table>, nameOf: (table: string) => string): TableDocument {
  return {
    schema: 'public',
    name: table.name,
    kind: 'table',
    comment: null,
    readable: true,
    partitions: [],
    partitionedBy: null,
    dependsOn: [],
    keys: [],
    indexes: [],
    columns: table.columns.map((column, i) => ({
      name: column.name,
      position: i + 1,
      type: column.type ?? 'text',
      nullable: true,
      default: null,
      identity: false,
      generated: false,
      comment: column.comment ?? null,
      enumValues: null,
      readable: true,
    })),
    foreignKeys: (table.fks ?? []).map(([column, other, referenced], i) => ({
      name: `fk${i + 1}`,
      columns: [column],
      schema: 'public',
      table: nameOf(other),
      referencedColumns: referenced ? [referenced] : [],
      onDelete: 'NO ACTION',
      validated: true,
    })),
  };
}

/** The tables a question is answered from, as `database|table`. */
export const goldOf = ({ db, tables, tdb }: Question): string[] => [...new Set(tables.map((table, i) => `${tdb?.[i] ?? db}|${table}`))];

/** The passages of each database. */
export const passagesOf = ({ databases }: Benchmark): Map<string, Passage[]> =>
  new Map([...databases].map(([name, documents]) => [name, documents.map(passageOf)]));
