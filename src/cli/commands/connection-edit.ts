import type { Command } from 'commander';
import { Purpose } from '../../contract/connections.ts';
import { verb } from '../command.ts';
import { withAbout, withLogin, withPlace, withTunnelLogin } from '../connection-options.ts';
import { type EditFlags, editOf } from '../edit-input.ts';
import { withLimits } from '../limit-flags.ts';
import { say, show } from '../print.ts';
import { connect, findConnection } from '../server-client.ts';
import { sayExcess, throughTest } from '../tell-connection.ts';

/** `portcullis connection edit` */
export function addConnectionEdit(connection: Command): void {
  const edit = verb(connection, 'edit <connection>', 'change what it is called and is for, its limits, or where it is');
  const place = withPlace(edit).option('--direct', 'without an SSH server from now on');
  withLimits(withAbout(withLogin(withTunnelLogin(place)), [...Purpose.options, 'none']))
    .addHelpText(
      'after',
      '\nWhat is not named stays as it is. A new address takes the password again and\nis tested like a new one: if the test fails, nothing changes.',
    )
    .action(async (which: string, { json, ...flags }: EditFlags & { json?: true }) => {
      const client = connect();
      const before = await findConnection(client, which);
      const body = await editOf(client, before, flags);
      const edited = await throughTest(json, (following) => client.stream.editDbConnection({ params: { id: before.id }, body }, following));
      show(edited, { json }, () => {
        if (body.address) sayExcess(edited.privileges);
        say(`${edited.name} is changed.${body.address && edited.isActive ? ' Its schema is read again.' : ''}`);
      });
    });
}
