import type { Command } from 'commander';
import { verb } from '../command.ts';
import { readEnvironment } from '../environment.ts';
import { Failed } from '../failure.ts';
import { writeLogin } from '../login-file.ts';
import { say, show } from '../print.ts';
import { askSecret, askText, readSecretLines } from '../questions.ts';
import { anonymousClient, serverUrl } from '../server-client.ts';

interface Options {
  readonly organization?: string;
  readonly name?: string;
  readonly email?: string;
  readonly passwordStdin?: true;
  readonly json?: true;
}

/** `portcullis setup` */
export function addSetup(program: Command): void {
  verb(program, 'setup', 'make the organisation and its first Admin, once')
    .option('--organization <name>', 'what the organisation is called')
    .option('--name <name>', 'your name')
    .option('--email <address>', 'your e-mail address')
    .option('--password-stdin', 'take the password from the first line of stdin, and the setup token, where one is needed, from the second')
    .action(async (options: Options) => {
      const url = serverUrl();
      const client = anonymousClient(url);
      const state = await client.getSetup();
      if (state.done) throw new Failed('setup.done', `${url} is set up already: \`portcullis login\` keeps an API key for it.`);
      const organization = options.organization ?? (await askText('Organisation', '--organization'));
      const name = options.name ?? (await askText('Your name', '--name'));
      const email = options.email ?? (await askText('Your e-mail address', '--email'));
      const { password, token } = await secretsOf(options, state.tokenRequired);
      const made = await client.setup({ body: { organization, name, email, password, ...(token === undefined ? {} : { token }) } });
      const { apiKey, ...shown } = made;
      const kept = apiKey === undefined ? null : writeLogin(readEnvironment().configFolder, { url, apiKey });
      show({ ...shown, keptIn: kept }, options, () => {
        say(`${made.organization.name} is set up, and ${made.user.email} is its first Admin.`);
        if (kept)
          say(
            `An API key that works for 24 hours is kept in ${kept}.`,
            'One for longer: portcullis keys create --name mine --scopes admin --keep',
          );
      });
    });
}

async function secretsOf(options: Options, tokenRequired: boolean): Promise<{ password: string; token: string | undefined }> {
  if (options.passwordStdin) {
    const [password = '', token] = await readSecretLines(tokenRequired ? 2 : 1);
    return { password, token };
  }
  const password = await askSecret('Password, at least 12 characters', '--password-stdin');
  const token = tokenRequired ? await askSecret('Setup token, as the server printed it', '--password-stdin') : undefined;
  return { password, token };
}
