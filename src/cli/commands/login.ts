import type { Command } from 'commander';
import { verb } from '../command.ts';
import { readEnvironment } from '../environment.ts';
import { UsageError } from '../failure.ts';
import { writeLogin } from '../login-file.ts';
import { say, show } from '../print.ts';
import { askSecret, readSecretLines } from '../questions.ts';
import { clientWithKey, plainUrl, serverUrl } from '../server-client.ts';

/** `portcullis login` */
export function addLogin(program: Command): void {
  verb(program, 'login', 'keep the address of a server and an API key for it')
    .option('--url <address>', 'the server (else PORTCULLIS_URL, else the one kept, else http://127.0.0.1:8686)')
    .option('--api-key-stdin', 'take the key from stdin')
    .action(async (options: { url?: string; apiKeyStdin?: true; json?: true }) => {
      const url = options.url === undefined ? serverUrl() : plainUrl(options.url);
      if (!/^https?:\/\//.test(url) || !URL.canParse(url)) throw new UsageError(`${url} is no http or https address.`);
      const [apiKey = ''] = options.apiKeyStdin
        ? await readSecretLines(1)
        : [await askSecret(`API key for ${url} (the web makes one under Settings)`, '--api-key-stdin')];
      const me = await clientWithKey(url, apiKey.trim()).getMe();
      const kept = writeLogin(readEnvironment().configFolder, { url, apiKey: apiKey.trim() });
      show({ url, user: me.user, organization: me.organization, role: me.role, keptIn: kept }, options, () =>
        say(`${me.user.email}, ${me.role} of ${me.organization.name}, at ${url}. Kept in ${kept}.`),
      );
    });
}
