import type { Command } from 'commander';
import { verb } from '../command.ts';
import { say, show } from '../print.ts';
import { connect, serverUrl } from '../server-client.ts';

/** `portcullis whoami` */
export function addWhoami(program: Command): void {
  verb(program, 'whoami', 'who I am for the server, and what my key may do').action(async (options: { json?: true }) =>
    show(await connect().getMe(), options, ({ user, role, organization, scopes, permissions, limits }) =>
      say(
        `${user.name} <${user.email}>, ${role} of ${organization.name}, at ${serverUrl()}`,
        ...(scopes === null ? [] : [`scopes  ${scopes.join(', ')}`]),
        `may     ${permissions.join(', ')}`,
        `tests   ${limits.testsUsed} of ${limits.testsPerMinute} in this minute`,
      ),
    ),
  );
}
