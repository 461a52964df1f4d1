import { describe, expect, it } from 'vitest';
import { withStandIn } from '../../../../tests/support/open-sqlserver.ts';
import { failed, oneRow, type Plain, table } from '../../../../tests/support/tds-messages.ts';
import type { Asked } from '../../../../tests/support/tds-stand-in.ts';
import type { Fact, FactBatch } from '../engine.ts';
import { sqlserver } from './sqlserver.ts';
import { typeText } from './type-text.ts';

/*
 * The rows are written from what Microsoft documents of the views of the catalogue, for there is no SQL Server here: what is held is what
 * becomes of them, not that the queries give them.
 */
const names = (count: number): string[] => Array.from({ length: count }, (_, at) => `c${at}`);
const rowsOf = (...rows: readonly (readonly Plain[])[]) => table(names(rows[0]?.length ?? 1), rows);

const tables = rowsOf(
  [100, 'dbo', 'crew', 'table', 2n, 1, null, null],
  [200, 'dbo', 'ship', 'partitioned_table', 9_007_199_254n, 1, 'RIGHT', 'built]'],
  [300, 'dbo', 'sailing', 'view', null, 0, null, null],
);
const columns = rowsOf(
  [100, 1, 'id', null, 'int', 'int', 4, 10, 0, false, true, false, null, null],
  [100, 2, 'name', null, 'nvarchar', 'nvarchar', 200, 0, 0, false, false, false, null, null],
  [100, 3, 'tons', 'dbo', 'tonnage', 'decimal', 5, 9, 2, true, false, false, null, null],
  [100, 4, 'born', null, 'date', 'date', 3, 10, 0, true, false, false, "('1970-01-01')", 0],
  [100, 5, 'heavy', null, 'int', 'int', 4, 10, 0, true, false, true, '(case when [tons]>(1000) then (1) else (0) end)', null],
  [300, 1, 'place', null, 'hierarchyid', null, 892, 0, 0, true, false, false, null, null],
  [999, 1, 'made meanwhile', null, 'int', 'int', 4, 10, 0, true, false, false, null, null],
);
const keys = rowsOf(
  [100, 'crew_key', 'PK', 'id'],
  [200, 'ship_key', 'PK', 'imo'],
  [200, 'ship_key', 'PK', 'flag'],
  [200, 'ship_name', 'UQ', 'name'],
);
const foreignKeys = rowsOf(
  [100, 'crew_boss', 'boss', 'dbo', 'crew', 'id', 'NO_ACTION', 1],
  [100, 'crew_ship', 'imo', 'dbo', 'ship', 'imo', 'SET_NULL', 0],
  [100, 'crew_ship', 'flag', 'dbo', 'ship', 'flag', 'SET_NULL', 0],
);
const indexes = rowsOf(
  [100, 'by_name', 'dbo', 'crew', true, false, 'NONCLUSTERED', '([born] IS NOT NULL)', 'name', true, false],
  [100, 'by_name', 'dbo', 'crew', true, false, 'NONCLUSTERED', '([born] IS NOT NULL)', 'flag', false, true],
  [200, 'columns', 'dbo', 'ship', false, true, 'NONCLUSTERED COLUMNSTORE', null, 'imo', false, true],
);
const comments = rowsOf([100, null, 'Who sails'], [100, 'name', 'As in the passport']);
const dependencies = rowsOf([300, 'dbo', 'crew'], [300, 'dbo', 'ship']);

const has = (asked: Asked, words: string): boolean => asked.text.includes(words);
const catalogue = (asked: Asked) => {
  if (has(asked, 'sql_expression_dependencies')) return dependencies;
  if (has(asked, 'sys.foreign_keys')) return foreignKeys;
  if (has(asked, 'sys.key_constraints')) return keys;
  if (has(asked, 'sys.partition_schemes')) return tables;
  if (has(asked, 'sys.computed_columns')) return columns;
  if (has(asked, 'is_included_column')) return indexes;
  return has(asked, "N'MS_Description'") ? comments : undefined;
};

async function read(answer: (asked: Asked) => ReturnType<typeof catalogue>): Promise<FactBatch[]> {
  return withStandIn({ answer }, async (session) => {
    const batches: FactBatch[] = [];
    for await (const batch of sqlserver.facts(session, new AbortController().signal)) batches.push(batch);
    expect(session.usable).toBe(true);
    return batches;
  });
}
const factsOf = (batches: readonly FactBatch[], kind: Fact['fact']): Fact[] =>
  batches.flatMap(({ facts }) => facts.filter(({ fact }) => fact === kind));

describe('the catalogue', () => {
  it('becomes facts, kind by kind', async () => {
    const batches = await read(catalogue);
    expect([...new Set(batches.map(({ phase }) => phase))]).toEqual(['tables', 'columns', 'keys', 'comments']);
    expect(factsOf(batches, 'table')).toEqual([
      { fact: 'table', table: '100', schema: 'dbo', name: 'crew', kind: 'table', estimatedRows: 2, readable: true, partitionedBy: null },
      {
        ...{ fact: 'table', table: '200', schema: 'dbo', name: 'ship', kind: 'partitioned_table' },
        ...{ estimatedRows: 9_007_199_254, readable: true, partitionedBy: 'RANGE RIGHT ([built]]])' },
      },
      {
        fact: 'table',
        table: '300',
        schema: 'dbo',
        name: 'sailing',
        kind: 'view',
        estimatedRows: null,
        readable: false,
        partitionedBy: null,
      },
    ]);
    expect(factsOf(batches, 'dependency')).toEqual([
      { fact: 'dependency', table: '300', schema: 'dbo', name: 'crew' },
      { fact: 'dependency', table: '300', schema: 'dbo', name: 'ship' },
    ]);
    const plain = { nullable: true, default: null, identity: false, generated: false, enumValues: null, readable: true };
    expect(factsOf(batches, 'column').map((fact) => (fact.fact === 'column' ? [fact.table, fact.column] : []))).toEqual([
      ['100', { ...plain, name: 'id', position: 1, type: 'int', nullable: false, identity: true }],
      ['100', { ...plain, name: 'name', position: 2, type: 'nvarchar(100)', nullable: false }],
      ['100', { ...plain, name: 'tons', position: 3, type: 'dbo.tonnage (decimal(9,2))' }],
      ['100', { ...plain, name: 'born', position: 4, type: 'date', default: "('1970-01-01')", readable: false }],
      ['100', { ...plain, name: 'heavy', position: 5, type: 'int', generated: true, default: expect.stringContaining('[tons]>(1000)') }],
      ['300', { ...plain, name: 'place', position: 1, type: 'hierarchyid', readable: false }],
    ]);
    expect(factsOf(batches, 'key')).toEqual([
      { fact: 'key', table: '100', key: { name: 'crew_key', kind: 'primary', columns: ['id'] } },
      { fact: 'key', table: '200', key: { name: 'ship_key', kind: 'primary', columns: ['imo', 'flag'] } },
      { fact: 'key', table: '200', key: { name: 'ship_name', kind: 'unique', columns: ['name'] } },
    ]);
    const ship = { schema: 'dbo', table: 'ship', referencedColumns: ['imo', 'flag'], onDelete: 'set null', validated: true };
    const boss = { schema: 'dbo', table: 'crew', referencedColumns: ['id'], onDelete: 'no action', validated: false };
    expect(factsOf(batches, 'foreign_key')).toEqual([
      { fact: 'foreign_key', table: '100', key: { name: 'crew_boss', columns: ['boss'], ...boss } },
      { fact: 'foreign_key', table: '100', key: { name: 'crew_ship', columns: ['imo', 'flag'], ...ship } },
    ]);
    const byName = 'CREATE UNIQUE NONCLUSTERED INDEX [by_name] ON [dbo].[crew] ([name] DESC) INCLUDE ([flag]) WHERE ([born] IS NOT NULL)';
    const store = 'CREATE NONCLUSTERED COLUMNSTORE INDEX [columns] ON [dbo].[ship] ([imo])';
    expect(factsOf(batches, 'index')).toEqual([
      { fact: 'index', table: '100', index: { name: 'by_name', unique: true, valid: true, definition: byName } },
      { fact: 'index', table: '200', index: { name: 'columns', unique: false, valid: false, definition: store } },
    ]);
    expect(factsOf(batches, 'comment')).toEqual([
      { fact: 'comment', table: '100', column: null, text: 'Who sails' },
      { fact: 'comment', table: '100', column: 'name', text: 'As in the passport' },
    ]);
  });

  it('is read without what views read, or from where it was tracked before, when the login may not see that', async () => {
    const denied = failed(229, "The SELECT permission was denied on the object 'sql_expression_dependencies'", 14);
    const before = await read((asked) =>
      has(asked, 'sql_expression_dependencies') ? denied : has(asked, 'sys.sql_dependencies') ? dependencies : catalogue(asked),
    );
    expect(factsOf(before, 'dependency')).toHaveLength(2);
    const none = await read((asked) => (has(asked, '_dependencies') ? denied : catalogue(asked)));
    expect(factsOf(none, 'dependency')).toEqual([]);
    expect(factsOf(none, 'column')).toHaveLength(6);
  });

  it('of 10,000 tables comes by one query a kind, in batches, with keys that no batch tears', async () => {
    const many = Array.from({ length: 10_000 }, (_, at) => at + 1);
    const big = (asked: Asked) => {
      if (has(asked, 'sys.partition_schemes')) return rowsOf(...many.map((id) => [id, 'dbo', `t${id}`, 'table', 1n, 1, null, null]));
      if (has(asked, 'sys.computed_columns'))
        return rowsOf(...many.map((id) => [id, 1, 'id', null, 'int', 'int', 4, 10, 0, false, true, false, null, null]));
      if (has(asked, 'sys.key_constraints'))
        return rowsOf(...many.flatMap((id) => ['a', 'b', 'c'].map((column) => [id, `k${id}`, 'PK', column])));
      return undefined;
    };
    await withStandIn({ answer: big }, async (session, standIn) => {
      const before = standIn.asked.length;
      let largest = 0;
      let keyed = 0;
      for await (const { facts } of sqlserver.facts(session, new AbortController().signal)) {
        largest = Math.max(largest, facts.length);
        // Whoever stores them is slower than the server now and then.
        if (facts.length > 400) await new Promise((resolve) => setTimeout(resolve, 1));
        for (const fact of facts) if (fact.fact === 'key') keyed += fact.key.columns.join() === 'a,b,c' ? 1 : 0;
      }
      expect(keyed).toBe(10_000);
      expect(largest).toBeLessThanOrEqual(501);
      expect(standIn.asked.length - before).toBeLessThan(10);
    });
  });

  it('is given up when it is cancelled', async () => {
    await withStandIn({ answer: catalogue }, async (session) => {
      const cancel = new AbortController();
      const reading = (async () => {
        for await (const { phase } of sqlserver.facts(session, cancel.signal)) if (phase === 'columns') cancel.abort();
      })();
      await expect(reading).rejects.toMatchObject({ code: 'test.cancelled' });
      expect(session.usable).toBe(false);
    });
  });

  it('is counted', async () => {
    await withStandIn({ answer: (asked) => (has(asked, 'COUNT(DISTINCT') ? oneRow(42, 4, 40) : undefined) }, async (session) => {
      expect(await sqlserver.catalog(session)).toBe('42 tables in 4 schemas, 40 of them readable');
    });
  });
});

it.each([
  ['nvarchar', -1, 'nvarchar(max)'],
  ['varbinary', 16, 'varbinary(16)'],
  ['nchar', 8, 'nchar(4)'],
  ['timestamp', 8, 'rowversion'],
  ['datetimeoffset', 10, 'datetimeoffset(7)'],
  ['uniqueidentifier', 16, 'uniqueidentifier'],
])('writes the type %s', (name, bytes, text) => {
  expect(typeText({ schema: null, name, base: name, bytes, precision: 0, scale: 7 })).toBe(text);
});
