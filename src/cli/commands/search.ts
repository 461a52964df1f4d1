import type { Command } from 'commander';
import { number, verb } from '../command.ts';
import { paint, say, sayFolded, show, visible } from '../print.ts';
import { connect, findConnection } from '../server-client.ts';

interface Found {
  readonly schema: string;
  readonly table: string;
  readonly summary: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly connectionName?: string;
}

/** `portcullis search` */
export function addSearch(program: Command): void {
  verb(program, 'search <question>', 'find the tables that answer a question')
    .option('--connection <connection>', 'in this connection alone, by alias or id')
    .option('--limit <number>', 'at most so many tables', number(1, 50), 10)
    .action(async (question: string, options: { connection?: string; limit: number; json?: true }) => {
      const client = connect();
      const body = { question, limit: options.limit };
      if (options.connection === undefined) return show(await client.searchEverywhere({ body }), options, ({ tables }) => tell(tables));
      const { id } = await findConnection(client, options.connection);
      show(await client.search({ params: { id }, body }), options, ({ tables }) => tell(tables));
    });
}

function tell(tables: readonly Found[]): void {
  if (tables.length === 0) say('No table fits these words.');
  tables.forEach((found, at) => {
    const name = visible(`${found.schema}.${found.table}`);
    const where = found.connectionName === undefined ? '' : `  ${paint('dim', visible(found.connectionName))}`;
    process.stdout.write(`${String(at + 1).padStart(2)}. ${paint('bold', name)}${where}\n`);
    sayFolded('    ', found.summary);
    if (found.columns.length > 0) sayFolded('    ', found.columns.map((column) => `${column.name} ${column.type}`).join(', '));
  });
}
