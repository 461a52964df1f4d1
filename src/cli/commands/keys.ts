import type { Command } from 'commander';
import { type Scope, scopes } from '../../contract/permissions.ts';
import { listOf, number, verb } from '../command.ts';
import { readEnvironment } from '../environment.ts';
import { writeLogin } from '../login-file.ts';
import { say, sayTable, show } from '../print.ts';
import { connect, everyPage, serverUrl } from '../server-client.ts';

interface CreateOptions {
  readonly name: string;
  readonly scopes: Scope[];
  readonly days: number;
  readonly keep?: true;
  readonly json?: true;
}

/** `portcullis keys …` */
export function addKeys(program: Command): void {
  const keys = program.command('keys').description('API keys');

  verb(keys, 'list', 'my API keys; an Admin sees everyone’s').action(async (options: { json?: true }) => {
    const client = connect();
    const all = await everyPage((query) => client.listApiKeys({ query }));
    show(all, options, (items) =>
      sayTable(
        ['ID', 'NAME', 'STARTS WITH', 'SCOPES', 'OWNER', 'EXPIRES', 'LAST USED'],
        items.map((key) => [key.id, key.name, key.prefix, key.scopes.join(','), key.owner.email, key.expiresAt, key.lastUsedAt ?? 'never']),
        'There are no API keys.',
      ),
    );
  });

  verb(keys, 'create', 'make an API key of mine; it is shown this once')
    .requiredOption('--name <name>', 'what it is for')
    .requiredOption('--scopes <list>', `what it may do, with commas between: ${scopes.join(', ')}`, listOf(scopes))
    .option('--days <number>', 'how long it works', number(1, 366), 90)
    .option('--keep', 'keep it as the login of this account instead of showing it')
    .action(async (options: CreateOptions) => {
      const { key, ...made } = await connect().createApiKey({
        body: { name: options.name, scopes: options.scopes, expiresInDays: options.days },
      });
      const keptIn = options.keep ? writeLogin(readEnvironment().configFolder, { url: serverUrl(), apiKey: key }) : null;
      show(keptIn === null ? { ...made, key } : { ...made, keptIn }, options, () =>
        say(`${made.name} works until ${made.expiresAt}.`, keptIn === null ? key : `Kept in ${keptIn}.`),
      );
    });

  verb(keys, 'revoke <id>', 'end an API key at once').action(async (id: string, options: { json?: true }) => {
    await connect().revokeApiKey({ params: { id } });
    show({ id, revoked: true }, options, () => say(`The key ${id} no longer works.`));
  });
}
