import type { Command } from 'commander';
import { verb } from '../command.ts';
import { say, show } from '../print.ts';
import { connect } from '../server-client.ts';

/** `portcullis vault …` */
export function addVault(program: Command): void {
  const vault = program.command('vault').description('what seals the secrets');
  verb(vault, 'status', 'which key seals the secrets, and how many there are').action(async (options: { json?: true }) =>
    show(await connect().getVault(), options, (status) =>
      say(
        `key      ${status.keyId} (${status.provider}, from ${status.source})`,
        `secrets  ${status.secrets}`,
        `oldest   ${status.oldestSecretAt ?? 'none yet'}`,
      ),
    ),
  );
}
