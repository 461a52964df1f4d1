import type { Command } from 'commander';
import { verb } from '../command.ts';
import { say, show } from '../print.ts';
import { askText } from '../questions.ts';
import { connect, findConnection } from '../server-client.ts';

/** disable, enable, remove */
export function addConnectionSwitch(connection: Command): void {
  verb(connection, 'disable <connection>', 'stop all use of a connection')
    .requiredOption('--reason <text>', 'why; shown to everyone who sees the connection')
    .action(async (which: string, options: { reason: string; json?: true }) => {
      const client = connect();
      const { id } = await findConnection(client, which);
      show(await client.disableDbConnection({ params: { id }, body: { reason: options.reason } }), options, ({ name }) =>
        say(`${name} is disabled.`),
      );
    });

  verb(connection, 'enable <connection>', 'allow its use again').action(async (which: string, options: { json?: true }) => {
    const client = connect();
    const { id } = await findConnection(client, which);
    show(await client.enableDbConnection({ params: { id } }), options, ({ name }) => say(`${name} is enabled.`));
  });

  verb(connection, 'remove <connection>', 'delete a connection; its secrets are destroyed at once')
    .option('--confirm <alias>', 'its alias once more, instead of being asked')
    .action(async (which: string, options: { confirm?: string; json?: true }) => {
      const client = connect();
      const { id, name } = await findConnection(client, which);
      const confirmName = options.confirm ?? (await askText(`Type the alias to delete ${name}`, '--confirm <alias>'));
      await client.deleteDbConnection({ params: { id }, body: { confirmName } });
      show({ id, name, removed: true }, options, () => say(`${name} is deleted, and its secrets are destroyed.`));
    });
}
