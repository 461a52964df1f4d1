import type { Command } from 'commander';
import { verb } from '../command.ts';
import { say, show } from '../print.ts';
import { connect, findConnection } from '../server-client.ts';
import { failIfFailed, sayExcess, sayStage } from '../tell-connection.ts';

/** acknowledge, confirm: what a person decides about what was found. */
export function addConnectionSettle(connection: Command): void {
  verb(connection, 'acknowledge <connection>', 'accept what its credential could do beyond reading, as an Admin; opens it to keys')
    .requiredOption('--reason <text>', 'why; it is on record')
    .action(async (which: string, { reason, json }: { reason: string; json?: true }) => {
      const client = connect();
      const { id } = await findConnection(client, which);
      const body = { acknowledge: [{ code: 'privilege.excess' as const, reason }] };
      show(await client.editDbConnection({ params: { id }, body }), { json }, ({ name, privileges }) => {
        sayExcess(privileges);
        say(`What the credential of ${name} could do is acknowledged.`);
      });
    });

  verb(connection, 'confirm <connection>', 'test what is stored, and take the server that answers now for the right one')
    .requiredOption('--reason <text>', 'why; it is on record')
    .action(async (which: string, { reason, json }: { reason: string; json?: true }) => {
      const client = connect();
      const { id, name } = await findConnection(client, which);
      const result = await client.stream.confirmServer(
        { params: { id }, body: { reason } },
        { onEvent: (stage) => (json ? undefined : sayStage(stage)) },
      );
      show(result, { json }, ({ ok, server, privileges }) => {
        sayExcess(privileges);
        if (ok && server) say(`${server.product} ${server.version} is the right server of ${name} from now on.`);
      });
      failIfFailed(result);
    });
}
