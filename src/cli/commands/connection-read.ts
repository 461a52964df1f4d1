import type { Command } from 'commander';
import { verb } from '../command.ts';
import { followRun } from '../follow-run.ts';
import { say, sayTable, show } from '../print.ts';
import { connect, everyPage, findConnection } from '../server-client.ts';
import { failIfFailed, sayConnection, sayExcess, sayStage, stateOf } from '../tell-connection.ts';

/** list, show, test, ingest */
export function addConnectionRead(connection: Command): void {
  verb(connection, 'list', 'the connections I may see').action(async (options: { json?: true }) => {
    const client = connect();
    const all = await everyPage((query) => client.listDbConnections({ query }));
    show(all, options, (items) =>
      sayTable(
        ['ALIAS', 'TYPE', 'STATE', 'TABLES', 'ENVIRONMENT', 'CREDENTIAL'],
        items.map((one) => [one.name, one.dbType, stateOf(one), String(one.tables), one.environment, one.privileges?.grade ?? 'unknown']),
        'There are no connections. Add one: portcullis connection add',
      ),
    );
  });

  verb(connection, 'show <connection>', 'one connection').action(async (which: string, options: { json?: true }) =>
    show(await findConnection(connect(), which), options, sayConnection),
  );

  verb(connection, 'test <connection>', 'test what is stored, stage by stage').action(async (which: string, options: { json?: true }) => {
    const client = connect();
    const { id } = await findConnection(client, which);
    const result = await client.stream.testStoredDbConnection(
      { params: { id } },
      { onEvent: (stage) => (options.json ? undefined : sayStage(stage)) },
    );
    show(result, options, () => sayExcess(result.privileges));
    failIfFailed(result);
  });

  verb(connection, 'ingest <connection>', 'read the schema again')
    .option('--wait', 'follow the run to its end')
    .action(async (which: string, options: { wait?: true; json?: true }) => {
      const client = connect();
      const { id } = await findConnection(client, which);
      const run = await client.startIngestion({ params: { id } });
      if (options.wait) return followRun(client, run, options);
      show(run, options, () => say(`The run ${run.id} is ${run.state}. Follow it with: portcullis runs watch ${id}`));
    });
}
