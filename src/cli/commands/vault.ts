import type { Command } from 'commander';
import { verb } from '../command.ts';
import { Failed } from '../failure.ts';
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
        ...(status.rotatingTo === null ? [] : [`rotating to ${status.rotatingTo}: \`portcullis vault rotate\` goes on with it`]),
      ),
    ),
  );
  verb(
    vault,
    'rotate',
    'put another master key in place of the one in use while the server runs, as an Admin of the organisation that set it up',
  ).action(async (options: { json?: true }) => {
    const rotation = await connect().rotateVault();
    show(rotation, options, ({ keyId, previousKeyId, moved, done, todo }) => {
      say(`${moved} keys moved from master key ${previousKeyId} to ${keyId}.`);
      if (done && todo) say(todo);
    });
    if (!rotation.done)
      throw new Failed(
        'credential.unreadable',
        `${rotation.unreadable} secrets open with neither key, so both stay in use: enter those credentials again or delete them, then rotate again.`,
      );
  });
}
