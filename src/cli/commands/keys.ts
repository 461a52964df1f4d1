import type { Command } from 'commander';
import type { Client } from '../../contract/client.ts';
import { Id } from '../../contract/paging.ts';
import { type Scope, scopes } from '../../contract/permissions.ts';
import { listOf, number, verb } from '../command.ts';
import { readEnvironment } from '../environment.ts';
import { Failed, UsageError } from '../failure.ts';
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
        ['STARTS WITH', 'NAME', 'OWNER', 'EXPIRES', 'LAST USED', 'SCOPES'],
        items.map(({ prefix, name, owner, expiresAt, lastUsedAt, scopes }) => [
          prefix,
          name,
          owner.email,
          expiresAt.slice(0, 10),
          lastUsedAt?.slice(0, 10) ?? 'never',
          scopes.join(','),
        ]),
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

  verb(keys, 'revoke <key>', 'end an API key at once, named by its id or by what it starts with').action(
    async (which: string, options: { json?: true }) => {
      const client = connect();
      const id = await idOf(client, which);
      await client.revokeApiKey({ params: { id } });
      show({ id, revoked: true }, options, () => say(`The key ${which} no longer works.`));
    },
  );
}

/** The id of a key; what it starts with is told apart in nearly all cases. */
async function idOf(client: Client, which: string): Promise<string> {
  if (Id.safeParse(which).success) return which;
  const found = (await everyPage((query) => client.listApiKeys({ query }))).filter(({ prefix }) => prefix === which);
  if (found.length > 1) throw new UsageError(`${found.length} keys start with ${which}: name one by its id, as --json shows it.`);
  if (!found[0]) throw new Failed('key.unknown', `There is no key that starts with ${which}: see \`portcullis keys list\`.`);
  return found[0].id;
}
