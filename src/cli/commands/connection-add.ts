import type { Command } from 'commander';
import type { Client } from '../../contract/client.ts';
import { type Connection, Environment, Purpose, Visibility } from '../../contract/connections.ts';
import { engineIds } from '../../contract/engines.ts';
import { number, oneOf, verb } from '../command.ts';
import { aboutOf, type ConnectionFlags, targetOf } from '../connection-input.ts';
import { followRun } from '../follow-run.ts';
import { say, show } from '../print.ts';
import { connect } from '../server-client.ts';
import { failIfFailed, sayExcess, sayStage } from '../tell-connection.ts';

interface Flags extends ConnectionFlags {
  readonly testOnly?: true;
  readonly wait?: true;
  readonly json?: true;
  readonly sample?: true;
}

/** `portcullis connection add` */
export function addConnectionAdd(connection: Command): void {
  verb(connection, 'add', 'test a database stage by stage and register it')
    .option('--type <type>', engineIds.join(', '), oneOf(engineIds))
    .option('--sample', 'a database of our own making, to look around in: nothing else is asked')
    .option('--file <name>', 'for a database that is a file: its name in the folder that the server keeps')
    .option('--host <host>', 'host name or address')
    .option('--port <port>', 'else the usual one of the type', number(1, 65_535))
    .option('--database <name>', 'the database')
    .option('--username <name>', 'a login that can read, and should not be able to write')
    .option('--password-stdin', 'take its password from stdin')
    .option('--string <text>', 'a connection string without a password, in place of the fields above')
    .option('--from-stdin', 'take a connection string, password and all, from stdin')
    .option('--tls <how>', 'verify-full (unless told otherwise), pinned:<sha256> or disable')
    .option('--ca-file <path>', 'the certificate of the CA that signed the server’s, as PEM')
    .option('--client-cert-file <path>', 'the certificate that we show to the server, as PEM')
    .option('--client-key-file <path>', 'its private key, as PEM')
    .option('--ssh <user@host:port>', 'reach it through this SSH server')
    .option('--ssh-host-key <SHA256:…>', 'its host key; without it a test says which key it shows, and stops')
    .option('--ssh-key-file <path>', 'a private key that gets into the SSH server')
    .option('--ssh-password-stdin', 'take its password (or the passphrase of the key) from stdin, after the password of the login')
    .option('--reason <text>', 'why --tls disable, where that has to be acknowledged by an Admin')
    .option('--name <alias>', 'its alias')
    .option('--purpose <purpose>', Purpose.options.join(', '), oneOf(Purpose.options))
    .option('--description <text>', 'what this data is for; it helps the search')
    .option('--environment <environment>', Environment.options.join(', '), oneOf(Environment.options))
    .option('--visibility <visibility>', Visibility.options.join(', '), oneOf(Visibility.options))
    .option('--test-only', 'test and keep nothing')
    .option('--wait', 'follow the first reading of the schema to its end')
    .action(add);
}

async function add(flags: Flags): Promise<void> {
  const client = connect();
  if (flags.sample) return tellMade(client, await client.addSampleConnection({}), flags);
  const target = await targetOf(client, flags);
  const about = flags.testOnly ? null : await aboutOf(flags);
  const tested = await client.stream.testDbConnection(
    { body: { ...target, ...about } },
    { onEvent: (stage) => (flags.json ? undefined : sayStage(stage)) },
  );
  if (flags.testOnly || !tested.ok || about === null) {
    const { receipt: _, ...shown } = tested;
    show(shown, flags, () => sayExcess(tested.privileges));
    return failIfFailed(tested);
  }
  if (!flags.json) {
    sayExcess(tested.privileges);
    if (tested.sameDatabaseAs.length > 0) say(`The same database is registered as ${tested.sameDatabaseAs.join(', ')}.`);
  }
  const receipt = tested.receipt === undefined ? {} : { receipt: tested.receipt };
  const made = await client.createDbConnection({ body: { ...target, ...about, ...receipt } });
  return tellMade(client, made, flags);
}

/** Says what was registered, and follows its first reading where that was asked for. */
async function tellMade(client: Client, made: Connection, flags: Flags): Promise<void> {
  if (!flags.json) say(`${made.name} is registered: ${made.id}`);
  if (!flags.wait || made.ingestion === null) return flags.json ? show(made, flags, () => undefined) : undefined;
  await followRun(client, await client.getIngestion({ params: { id: made.id, runId: made.ingestion.runId } }), flags);
}
