import type { Command } from 'commander';
import type { SnapshotChanges, TableDetail } from '../../contract/catalog.ts';
import { verb } from '../command.ts';
import { UsageError } from '../failure.ts';
import { say, sayTable, show, timeOf } from '../print.ts';
import { connect, everyPage, findConnection } from '../server-client.ts';

/** `portcullis tables …` */
export function addTables(program: Command): void {
  const tables = program.command('tables').description('what was read of a schema');

  verb(tables, 'list <connection>', 'the tables of a connection')
    .option('--schema <schema>', 'of this schema alone')
    .option('--match <text>', 'with this in the name')
    .action(async (which: string, options: { schema?: string; match?: string; json?: true }) => {
      const client = connect();
      const { id } = await findConnection(client, which);
      const { schema, match: q, json } = options;
      const filter = { ...(schema === undefined ? {} : { schema }), ...(q === undefined ? {} : { q }) };
      const all = await everyPage((query) => client.listTables({ params: { id }, query: { ...filter, ...query } }));
      show(all, { json }, (items) =>
        sayTable(
          ['TABLE', 'KIND', 'COLUMNS', 'ROWS', 'COMMENT'],
          items.map((one) => [
            `${one.schema}.${one.name}`,
            one.kind.replace('_', ' '),
            String(one.columns),
            one.estimatedRows === null ? '' : `~${one.estimatedRows.toLocaleString('en')}`,
            one.comment ?? '',
          ]),
          'There are no tables.',
          'cut the last',
        ),
      );
    });

  verb(tables, 'show <connection> <table>', 'one table with columns and keys, named as schema.table').action(
    async (which: string, name: string, options: { json?: true }) => {
      const [schema = '', ...rest] = name.split('.');
      if (rest.length === 0) throw new UsageError('Name the table as schema.table, such as `portcullis tables list` prints it.');
      const client = connect();
      const { id } = await findConnection(client, which);
      show(await client.getTable({ params: { id, schema, table: rest.join('.') } }), options, tell);
    },
  );

  verb(tables, 'changes <connection>', 'what the last readings found different, newest first').action(
    async (which: string, options: { json?: true }) => {
      const client = connect();
      const { id } = await findConnection(client, which);
      show((await client.listChanges({ params: { id }, query: { limit: 20 } })).items, options, (all) => {
        if (all.length === 0) say('It has not been read yet.');
        for (const one of all) tellChanges(one);
      });
    },
  );
}

function tell(table: TableDetail): void {
  say(`${table.schema}.${table.name}  ${table.kind.replace('_', ' ')}${table.readable ? '' : ', not readable'}`);
  if (table.comment) say(table.comment);
  sayTable(
    ['COLUMN', 'TYPE', 'NULL', 'COMMENT'],
    table.columns.map(({ name, type, nullable, comment }) => [name, type, nullable ? 'yes' : 'no', comment ?? '']),
    'It has no columns.',
    'cut the last',
  );
  say(...table.keys.map(({ kind, columns }) => `${kind} key (${columns.join(', ')})`));
  say(...table.foreignKeys.map((key) => `(${key.columns.join(', ')}) → ${key.schema}.${key.table} (${key.referencedColumns.join(', ')})`));
  say(...table.referencedBy.map((key) => `← ${key.schema}.${key.table} (${key.columns.join(', ')})`));
}

function tellChanges({ takenAt, tables, appeared, changed, vanished }: SnapshotChanges): void {
  say(`${timeOf(takenAt)}  ${tables} tables`);
  say(...appeared.map((name) => `  + ${name}`), ...vanished.map((name) => `  - ${name}`));
  say(...changed.map(({ table, what }) => `  ~ ${table}: ${what.join(', ')}`));
}
