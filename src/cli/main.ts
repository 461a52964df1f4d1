import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { addAudit } from './commands/audit.ts';
import { addConnectionCommands } from './commands/connection.ts';
import { addEngines } from './commands/engines.ts';
import { addKeys } from './commands/keys.ts';
import { addLogin } from './commands/login.ts';
import { addMembers } from './commands/members.ts';
import { addOrganization } from './commands/organization.ts';
import { addQuery } from './commands/query.ts';
import { addRuns } from './commands/runs.ts';
import { addSearch } from './commands/search.ts';
import { addServe } from './commands/serve.ts';
import { addSetup } from './commands/setup.ts';
import { addTables } from './commands/tables.ts';
import { addVault } from './commands/vault.ts';
import { addWhoami } from './commands/whoami.ts';
import { reportFailure } from './failure.ts';

/** Runs one command line and gives its exit code: 0 done, 1 refused or failed, 2 wrong usage. */
export async function main(argv: readonly string[]): Promise<number> {
  // Whoever reads us may stop reading (`| head`): no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  try {
    await program().parseAsync(argv, { from: 'user' });
    return 0;
  } catch (error) {
    // The usage itself has been told by then; asking for help or the version ends here too.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    return reportFailure(error, argv.includes('--json'));
  }
}

/** All verbs. */
export function program(): Command {
  const root = new Command('portcullis')
    .description('Registers databases into an AI governance system: tested, sealed, read, searchable.')
    .version(version())
    .exitOverride()
    .showHelpAfterError('(--help tells more)')
    .addHelpText(
      'after',
      '\nPORTCULLIS_URL and PORTCULLIS_API_KEY, or `portcullis login`, say which server\nand who you are. Every command takes --json and tells more with --help.',
    );
  for (const add of [
    addServe,
    addSetup,
    addLogin,
    addWhoami,
    addConnectionCommands,
    addRuns,
    addTables,
    addSearch,
    addQuery,
    addKeys,
    addMembers,
    addOrganization,
    addAudit,
    addVault,
    addEngines,
  ])
    add(root);
  return root;
}

function version(): string {
  return JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version;
}
