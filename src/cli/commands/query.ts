import type { Command } from 'commander';
import type { Cell, QueryResult } from '../../contract/query.ts';
import { number, verb } from '../command.ts';
import { Failed } from '../failure.ts';
import { paint, say, sayTable, show, visible } from '../print.ts';
import { connect, findConnection } from '../server-client.ts';

interface Options {
  readonly maxRows?: number;
  readonly timeout?: number;
  readonly reason?: string;
  readonly parameter?: readonly string[];
  readonly check?: true;
  readonly json?: true;
}

/** `portcullis query` */
export function addQuery(program: Command): void {
  verb(program, 'query <connection> <sql>', 'run a statement that reads; the connection is named by alias or id')
    .option('--max-rows <number>', 'at most so many rows', number(1, 10_000))
    .option('--timeout <seconds>', 'at most so long', number(1, 600))
    .option('--parameter <value...>', 'values for the placeholders, in order; JSON, or else text')
    .option('--reason <text>', 'why, for the record')
    .option('--check', 'only say whether it may run')
    .action(async (name: string, sql: string, options: Options) => {
      const client = connect();
      const params = { id: (await findConnection(client, name)).id };
      if (options.check) return check(await client.checkQuery({ params, body: { sql } }), options);
      const { maxRows, timeout, reason, parameter } = options;
      const body = {
        sql,
        parameters: (parameter ?? []).map(parameterOf),
        ...(maxRows === undefined ? {} : { maxRows }),
        ...(timeout === undefined ? {} : { timeoutMs: timeout * 1000 }),
        ...(reason === undefined ? {} : { reason }),
      };
      show(await client.runQuery({ params, body }), options, tell);
    });
}

type Checked = Awaited<ReturnType<ReturnType<typeof connect>['checkQuery']>>;

function check(verdict: Checked, options: Options): void {
  show(verdict, options, ({ refusal, tables }) => {
    if (!refusal) say('It may run.', ...tables.map(({ schema, table }) => `  reads ${schema}.${table}`));
  });
  const { refusal } = verdict;
  if (!refusal) return;
  const place = refusal.position ? ` (line ${refusal.position.line}, column ${refusal.position.column})` : '';
  throw new Failed('statement.refused', `${refusal.rule}${place}: ${refusal.message}\n  Allowed: ${refusal.allowed}`);
}

function parameterOf(text: string): string | number | boolean | null {
  if (/^(true|false|null|-?\d+(\.\d+)?)$/.test(text) && String(JSON.parse(text)) === text)
    return JSON.parse(text) as number | boolean | null;
  return text;
}

const textOf = (cell: Cell): string => (cell === null ? 'NULL' : typeof cell === 'string' ? cell : JSON.stringify(cell));

function tell({ columns, rows, rowCount, truncated, limit, elapsedMs, entryId }: QueryResult): void {
  if (columns.length > 0)
    sayTable(
      columns.map(({ name }) => name),
      rows.map((row) => row.map(textOf)),
      'No rows.',
    );
  const cut = truncated ? `, cut by the limit of ${limit}` : '';
  process.stdout.write(
    `${paint('dim', visible(`${rowCount} ${rowCount === 1 ? 'row' : 'rows'}${cut} in ${elapsedMs} ms; entry ${entryId}`))}\n`,
  );
}
