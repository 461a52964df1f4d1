import type { Command } from 'commander';
import type { Call } from '../../contract/client.ts';
import type { Connection, Slot } from '../../contract/connections.ts';
import { oneOf, verb } from '../command.ts';
import { Failed, UsageError } from '../failure.ts';
import { databaseLoginOf, type LoginFlags, sshLoginOf } from '../login-input.ts';
import { say, show } from '../print.ts';
import { askConsent } from '../questions.ts';
import { connect, findConnection } from '../server-client.ts';
import { sayExcess, throughTest } from '../tell-connection.ts';

// The slot write comes with statements that write.
const slots = ['read_only', 'tunnel'] as const satisfies readonly Slot[];
type Given = NonNullable<Call<'putCredential'>['body']>;
interface Flags extends LoginFlags {
  readonly slot: (typeof slots)[number];
  readonly json?: true;
}
const slotOption = [
  '--slot <slot>',
  'read_only: the login of the database; tunnel: that of the SSH server',
  oneOf(slots),
  'read_only',
] as const;

/** `portcullis connection credential …` */
export function addConnectionCredential(connection: Command): void {
  const credential = connection.command('credential').description('the logins of a connection; none is ever shown');

  verb(credential, 'set <connection>', 'replace a login; the new one is tested before the old one is gone')
    .option(...slotOption)
    .option('--username <name>', 'of the login of the database, unless it stays the same')
    .option('--password-stdin', 'take the password (or the passphrase of the key) from stdin')
    .option('--client-key-file <path>', 'the private key of the client certificate, as PEM')
    .option('--ssh-key-file <path>', 'with --slot tunnel: a private key in place of a password')
    .action(async (which: string, flags: Flags) => {
      const client = connect();
      const before = await findConnection(client, which);
      const params = { id: before.id, slot: flags.slot };
      const body = await givenOf(before, flags);
      const changed = await throughTest(flags.json, (following) => client.stream.putCredential({ params, body }, following));
      show(changed, flags, () => {
        sayExcess(changed.privileges);
        say(`The login of ${changed.name} (${flags.slot}) is replaced.`);
      });
    });

  verb(credential, 'delete <connection>', 'destroy a login; the connection answers nothing until another is given')
    .option(...slotOption)
    .option('--yes', 'do not ask')
    .action(async (which: string, { slot, yes, json }: Flags & { yes?: true }) => {
      const client = connect();
      const { id, name } = await findConnection(client, which);
      if (!yes) await askConsent(`Destroy the login of ${name} (${slot})? It answers nothing until another is given.`, '--yes');
      show(await client.deleteCredential({ params: { id, slot } }), { json }, () => say(`The login of ${name} (${slot}) is destroyed.`));
    });
}

/** What goes into the slot. */
async function givenOf({ name, address, usernames }: Connection, flags: Flags): Promise<Given> {
  const { slot, sshKeyFile, username, clientKeyFile } = flags;
  if (slot === 'read_only') {
    if (sshKeyFile !== undefined) throw new UsageError('--ssh-key-file goes with --slot tunnel.');
    return databaseLoginOf(flags, usernames.readOnly);
  }
  if (username !== undefined || clientKeyFile !== undefined)
    throw new UsageError('--username and --client-key-file go with --slot read_only: the user of the SSH server is part of the address.');
  if (!address.ssh)
    throw new Failed('slot.unavailable', `${name} is reached without an SSH server: \`portcullis connection edit\` gives it one.`);
  return sshLoginOf(flags);
}
