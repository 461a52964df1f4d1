import type { Command } from 'commander';
import { verb } from '../command.ts';
import { makeLinkOffline } from '../one-time-link.ts';

/** `portcullis organization …` */
export function addOrganization(program: Command): void {
  const organization = program.command('organization').description('organisations of this server');
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
