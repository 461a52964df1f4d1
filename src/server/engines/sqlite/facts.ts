import { quantity } from '../../platform/quantity.ts';
import type { Cell, Fact, FactBatch } from '../engine.ts';
import { analysedSql, columnsSql, countSql, estimatesSql, foreignKeysSql, indexesSql, tablesSql, viewColumnsSql } from './catalog.sql.ts';
import { readComments } from './comments.ts';
import { sqliteGrammar } from './grammar.ts';
import { readKeys } from './keys.ts';
import { reasonOf } from './open.ts';
import { askCatalog, perhaps, tablesRead } from './own.ts';
import type { SqliteSession } from './session.ts';
import { text, truly } from './values.ts';

type Row = readonly Cell[];
/** What is known of a table before its columns are read. */
interface Table {
  readonly name: string;
  readonly view: boolean;
  readonly withoutRowid: boolean;
  readonly sql: string;
}

const batchOf = 1000;
/** SQLite has one schema in a file. */
export const schema = 'main';

const tableOf = ([name, kind, withoutRowid, , sql]: Row): Table => ({
  name: text(name),
  view: kind === 'view',
  withoutRowid: truly(withoutRowid),
  sql: text(sql),
});

function columnFact(row: Row, table: Table, keyColumns: number): Fact {
  const [, position, name, type, filled, initial, key, hidden] = row;
  const rowid = truly(key) && keyColumns === 1 && text(type).toUpperCase() === 'INTEGER' && !table.withoutRowid;
  const column = {
    name: text(name),
    position: Number(position) + 1,
    type: text(type) || 'ANY',
    // Only the key of a table without rowid is always there: in the others SQLite takes NULL into a key, but for the rowid itself.
    nullable: !truly(filled) && !rowid && !(truly(key) && table.withoutRowid),
    default: initial === null ? null : text(initial),
    identity: rowid,
    generated: hidden === 2 || hidden === 3,
    enumValues: null,
    readable: true,
  };
  return { fact: 'column', table: table.name, column };
}

function commentFacts({ name, sql }: Table): Fact[] {
  const { table, columns } = readComments(sql);
  const own: Fact[] = table === null ? [] : [{ fact: 'comment', table: name, column: null, text: table }];
  return [...own, ...[...columns].map(([column, said]): Fact => ({ fact: 'comment', table: name, column, text: said }))];
}

/** The estimates of the last ANALYZE; nothing is counted. */
async function readEstimates(session: SqliteSession): Promise<Map<string, number>> {
  const [[analysed] = []] = await askCatalog(session, analysedSql);
  const rows = truly(analysed) ? ((await perhaps(session, estimatesSql)) ?? []) : [];
  return new Map(rows.map(([name, count]) => [text(name), Number(count)]));
}

async function readColumns(session: SqliteSession, tables: readonly Table[], broken: ReadonlySet<string>): Promise<Row[]> {
  const rows: Row[] = [...(await askCatalog(session, columnsSql))];
  for (const { name, view } of tables)
    if (view && !broken.has(name)) rows.push(...((await perhaps(session, viewColumnsSql, [name])) ?? []));
  // Hidden columns of virtual tables are arguments, not columns.
  return rows.filter((row) => row[7] !== 1);
}

function* inBatches(phase: FactBatch['phase'], facts: readonly Fact[]): Generator<FactBatch> {
  yield { phase, facts: [] };
  for (let at = 0; at < facts.length; at += batchOf) yield { phase, facts: facts.slice(at, at + batchOf) };
}

/** The catalogue in bulk: one query a kind, and one for each view, which may be broken. */
export async function* readFacts(session: SqliteSession, signal: AbortSignal): AsyncGenerator<FactBatch> {
  const abort = () => session.kill(reasonOf(signal));
  if (signal.aborted) throw reasonOf(signal);
  signal.addEventListener('abort', abort);
  try {
    const tables = (await askCatalog(session, tablesSql)).map(tableOf);
    const views = tables.filter(({ view }) => view);
    const read = await tablesRead(
      session,
      views.map(({ name }) => `SELECT * FROM ${sqliteGrammar.quote(schema)}.${sqliteGrammar.quote(name)}`),
    );
    const dependencies = new Map(views.map(({ name }, index) => [name, read[index] ?? null]));
    const broken = new Set(views.flatMap(({ name }) => (dependencies.get(name) === null ? [name] : [])));
    const estimates = await readEstimates(session);
    yield* inBatches('tables', [
      ...tables.map(({ name, view }): Fact => {
        const estimatedRows = estimates.get(name) ?? null;
        const about = { schema, name, estimatedRows, readable: !broken.has(name), partitionedBy: null };
        return { fact: 'table', table: name, kind: view ? 'view' : 'table', ...about };
      }),
      ...views.flatMap(({ name }) =>
        (dependencies.get(name) ?? [])
          .filter((other) => other !== name && tables.some((table) => table.name === other))
          .map((other): Fact => ({ fact: 'dependency', table: name, schema, name: other })),
      ),
    ]);
    const known = new Map(tables.map((table) => [table.name, table]));
    const columns = await readColumns(session, tables, broken);
    const keyed = new Map<string, Row[]>();
    for (const row of columns) if (truly(row[6])) keyed.set(text(row[0]), [...(keyed.get(text(row[0])) ?? []), row]);
    yield* inBatches(
      'columns',
      columns.flatMap((row) => {
        const table = known.get(text(row[0]));
        return table ? [columnFact(row, table, keyed.get(table.name)?.length ?? 0)] : [];
      }),
    );
    yield* inBatches('keys', readKeys(keyed, await askCatalog(session, foreignKeysSql), await askCatalog(session, indexesSql)));
    const names = new Map(columns.map((row) => [`${text(row[0])}\0${text(row[2]).toLowerCase()}`, text(row[2])]));
    const comments = tables.flatMap(commentFacts).flatMap((fact): Fact[] => {
      if (fact.fact !== 'comment' || fact.column === null) return [fact];
      const column = names.get(`${fact.table}\0${fact.column}`);
      return column === undefined ? [] : [{ ...fact, column }];
    });
    yield* inBatches('comments', comments);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** Whether the file holds tables of all these names. */
export async function holdsTables(session: SqliteSession, names: readonly string[]): Promise<boolean> {
  const found = new Set((await askCatalog(session, tablesSql)).map(([name]) => String(name)));
  return names.every((name) => found.has(name));
}

/** That the catalogue can be read: how much there is in it. */
export async function countTables(session: SqliteSession): Promise<string> {
  const [[tables, views] = []] = await askCatalog(session, countSql);
  return `${quantity(Number(tables ?? 0), 'table')} and ${quantity(Number(views ?? 0), 'view')}, all of them readable`;
}
