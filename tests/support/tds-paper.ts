import {
  columnsSql,
  commentsSql,
  countSql,
  dependenciesSql,
  foreignKeysSql,
  indexesSql,
  keysSql,
  tablesSql,
} from '../../src/server/engines/sqlserver/catalog.sql.ts';
import { relationsSql, rightsSql, rolesSql, schemasSql } from '../../src/server/engines/sqlserver/privileges.sql.ts';
import { oneRow, type Plain, table } from './tds-messages.ts';
import type { Asked } from './tds-stand-in.ts';

type Rows = readonly (readonly Plain[])[];
const rowsOf = (rows: Rows): Buffer =>
  table(
    (rows[0] ?? [null]).map((_, at) => `c${at}`),
    rows,
  );

/** A database of two tables as the catalogue of a SQL Server tells it, to a login that may only read. By the whole text of what is asked. */
const sample = new Map<string, Rows>([
  [
    tablesSql,
    [
      [100, 'dbo', 'Order', 'table', 2n, 1, null, null],
      [200, 'dbo', 'Ship', 'table', 1n, 1, null, null],
    ],
  ],
  [
    columnsSql,
    [
      [100, 1, 'id', null, 'int', 'int', 4, 10, 0, false, true, false, null, null],
      [100, 2, 'group', null, 'nvarchar', 'nvarchar', 200, 0, 0, true, false, false, null, null],
      [100, 3, 'two words', null, 'nvarchar', 'nvarchar', 200, 0, 0, true, false, false, null, null],
      [200, 1, 'imo', null, 'int', 'int', 4, 10, 0, false, false, false, null, null],
    ],
  ],
  [keysSql, [[100, 'order_key', 'PK', 'id']]],
  [foreignKeysSql, []],
  [indexesSql, []],
  [commentsSql, [[100, null, 'What was ordered']]],
  [countSql, [[2, 1, 2]]],
  [
    relationsSql,
    [
      ['dbo', 'Order', 1, 0, 0, 0, 0],
      ['dbo', 'Ship', 1, 0, 0, 0, 0],
    ],
  ],
  [rightsSql, [['DATABASE', 'CONNECT']]],
  [rolesSql, [['USER', 'reader']]],
  [schemasSql, [['dbo', 1]]],
  ...dependenciesSql.map((text): [string, Rows] => [text, []]),
]);

const version = ['Microsoft SQL Server 2022', '16.0.4165.4', 3, 'DB01', 7, '2024-02-29T12:00:00.123', 'READ_WRITE'];

/** Answers by what is on paper; statements of people, which come as a value, by `statement`. What is not on it is answered as the stand-in does. */
export const tdsPaper =
  (statement: (sql: string) => Buffer) =>
  ({ text, values }: Asked): Buffer | undefined => {
    const known = sample.get(text);
    if (known) return rowsOf(known);
    if (text.includes('sp_executesql')) return statement(String(values?.[1] ?? ''));
    if (text.includes('sp_describe_first_result_set')) return oneRow('a column');
    if (text.includes('ProductVersion')) return oneRow(...version);
    if (text.includes('OBJECT_ID')) return oneRow(0, 1);
    return text.includes('TOP (1) 1') ? oneRow(1) : undefined;
  };
