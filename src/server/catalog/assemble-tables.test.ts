import { describe, expect, it } from 'vitest';
import { growthDuring } from '../../../tests/support/memory.ts';
import type { TableDocument } from '../../contract/catalog.ts';
import type { Fact } from '../engines/engine.ts';
import { Assembly } from './assemble-tables.ts';

const TABLES = 10_000;
const COLUMNS = 30;
/** Megabytes that reading may take, whatever a server sends. */
const MOST_MEGABYTES = 64;

const tableFact = (table: string, about: { schema?: string; name?: string } = {}): Fact => ({
  ...{ fact: 'table', table, schema: 'public', name: `t${table}`, kind: 'table', estimatedRows: 1, readable: true, partitionedBy: null },
  ...about,
});
const columnFact = (table: string, name: string, position = 1): Fact => ({
  fact: 'column',
  table,
  column: {
    ...{ name, position, type: 'character varying(40)', nullable: true, default: null },
    ...{ identity: false, generated: false, enumValues: null, readable: true },
  },
});

/** As engines tell it: kind by kind, each in the order of the tables. */
function* largeSchema(): Generator<Fact> {
  const tables = Array.from({ length: TABLES }, (_, n) => `${n}`);
  for (const table of tables) yield tableFact(table);
  for (const table of tables)
    for (let position = 1; position <= COLUMNS; position++) yield columnFact(table, `column_${position}`, position);
  for (const table of tables) yield { fact: 'key', table, key: { name: `t${table}_pkey`, kind: 'primary', columns: ['column_1'] } };
  for (const table of tables)
    for (let n = 1; n <= COLUMNS; n++)
      yield {
        fact: 'comment',
        table,
        column: `column_${n}`,
        text: `What column ${n} of table ${table} is about, in a few words of somebody`,
      };
}

async function documentsOf(assembly: Assembly, places?: ReadonlySet<string>): Promise<TableDocument[]> {
  const documents: TableDocument[] = [];
  for await (const { text } of assembly.tables(places)) documents.push(JSON.parse(text));
  return documents;
}

describe('an assembly', () => {
  it('has ten thousand tables of thirty columns with comments, and little of them in memory', async () => {
    const assembly = new Assembly();
    let tables = 0;
    let last: TableDocument | undefined;
    const { held } = await growthDuring(async () => {
      for (const fact of largeSchema()) assembly.add(fact);
      for await (const { text } of assembly.tables()) {
        tables++;
        last = JSON.parse(text);
      }
    });
    expect(assembly.counts).toMatchObject({ tables: TABLES, columns: TABLES * COLUMNS, keys: TABLES, comments: TABLES * COLUMNS });
    expect(tables).toBe(TABLES);
    expect(last).toMatchObject({ name: 't9999', keys: [{ columns: ['column_1'] }] });
    expect(last?.columns.map(({ name }) => name)).toEqual(Array.from({ length: COLUMNS }, (_, n) => `column_${n + 1}`));
    expect(last?.columns.at(-1)?.comment).toBe('What column 30 of table 9999 is about, in a few words of somebody');
    expect(held).toBeLessThan(MOST_MEGABYTES);
    assembly.close();
  }, 120_000);

  it('gives the tables of some places alone, by how they are shown, and all again', async () => {
    const assembly = new Assembly();
    for (const table of ['1', '2', '3']) assembly.add(tableFact(table, table === '2' ? { name: 'evil\u202Ename' } : {}));
    for (const table of ['3', '1', '2', '1']) assembly.add(columnFact(table, table === '3' ? 'a\u0000b' : 'a'));
    const place = (name: string) => JSON.stringify(['public', name]);
    expect(await documentsOf(assembly, new Set([place('evil\uFFFDname')]))).toMatchObject([{ name: 'evil\uFFFDname' }]);
    expect(await documentsOf(assembly, new Set([place('evil\u202Ename')]))).toEqual([]);
    const all = await documentsOf(assembly);
    expect(all.map(({ name, columns }) => [name, columns.map((column) => column.name)])).toEqual([
      ['t1', ['a', 'a']],
      ['evil\uFFFDname', ['a']],
      ['t3', ['a\uFFFDb']],
    ]);
    assembly.close();
  });

  it('takes a table that is told of twice as it was told last, apart from the others', async () => {
    const assembly = new Assembly();
    assembly.add(tableFact('1', { name: 'first' }));
    assembly.add(tableFact('1', { name: 'second' }));
    assembly.add(tableFact('2', { name: 'other' }));
    assembly.add(columnFact('1', 'a'));
    assembly.add(columnFact('2', 'b'));
    const all = await documentsOf(assembly);
    expect(all.map(({ name, columns }) => [name, columns.map((column) => column.name)])).toEqual([
      ['second', ['a']],
      ['other', ['b']],
    ]);
    assembly.close();
  });
});
