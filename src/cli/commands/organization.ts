import type { Command } from 'commander';
import { verb } from '../command.ts';
import { makeLinkOffline } from '../one-time-link.ts';
import { say, show, timeOf } from '../print.ts';
import { connect } from '../server-client.ts';

/** `portcullis organization …` */
export function addOrganization(program: Command): void {
  const organization = program.command('organization').description('my organisation, and others of this server');

  verb(organization, 'show', 'my organisation').action(async (options: { json?: true }) =>
    show(await connect().getOrganization(), options, ({ id, name, createdAt }) =>
      say(`name     ${name}`, `id       ${id}`, `made     ${timeOf(createdAt)}`),
    ),
  );

  verb(organization, 'rename <name>', 'call my organisation another name').action(async (name: string, options: { json?: true }) =>
    show(await connect().editOrganization({ body: { name } }), options, (renamed) => say(`It is called ${renamed.name} now.`)),
  );

  verb(organization, 'add <name>', 'with the server stopped: add an organisation, and make a one-time link for its first Admin')
    .requiredOption('--admin <email>', 'who becomes its Admin with the link')
    .action((name: string, options: { admin: string; json?: true }) =>
      makeLinkOffline(
        (offline) => offline.addOrganization(name, options.admin),
        (until) => `Start the server; with this link ${options.admin} then becomes Admin of ${name}, once, until ${until}:`,
        options,
      ),
    );
}
