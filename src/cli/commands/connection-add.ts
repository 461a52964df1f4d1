import type { Command } from 'commander';
import type { Client } from '../../contract/client.ts';
import { type Connection, Purpose } from '../../contract/connections.ts';
import { engineIds } from '../../contract/engines.ts';
import { oneOf, verb } from '../command.ts';
import { aboutOf, type ConnectionFlags, targetOf } from '../connection-input.ts';
import { withAbout, withLogin, withPlace, withTunnelLogin } from '../connection-options.ts';
import { UsageError } from '../failure.ts';
import { followRun } from '../follow-run.ts';
import { type LimitFlags, limitsOf, withLimits } from '../limit-flags.ts';
import { say, show } from '../print.ts';
import { connect } from '../server-client.ts';
import { failIfFailed, sayExcess, sayStage } from '../tell-connection.ts';

interface Flags extends ConnectionFlags, LimitFlags {
  readonly testOnly?: true;
  readonly wait?: true;
  readonly json?: true;
  readonly sample?: true;
}

/** `portcullis connection add` */
export function addConnectionAdd(connection: Command): void {
  const add = verb(connection, 'add', 'test a database stage by stage and register it')
    .option('--test-only', 'test and keep nothing')
    .option('--wait', 'follow the first reading of the schema to its end')
    .optionsGroup('Which one:')
    .option('--type <type>', engineIds.join(', '), oneOf(engineIds))
    .option('--sample', 'a database of our own making, to look around in: nothing else is asked')
    .option('--string <text>', 'a connection string without a password, in place of the fields below')
    .option('--from-stdin', 'take a connection string, password and all, from stdin');
  withLimits(withAbout(withLogin(withTunnelLogin(withPlace(add))), Purpose.options))
    .addHelpText(
      'after',
      '\nWithout --port the usual one of the type is taken, and without --tls the\ncertificate is verified. What is missing is asked for on a terminal.',
    )
    .action(run);
}

async function run({ sample, ...flags }: Flags): Promise<void> {
  if (sample) {
    const beside = Object.keys(flags).filter((name) => name !== 'wait' && name !== 'json');
    if (beside.length > 0)
      throw new UsageError('--sample takes nothing but --wait and --json: rename it with `portcullis connection edit`.');
  }
  const client = connect();
  if (sample) return tellMade(client, await client.addSampleConnection({}), flags);
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
  const limits = limitsOf(flags);
  const made = await client.createDbConnection({ body: { ...target, ...about, ...receipt, ...(limits ? { limits } : {}) } });
  return tellMade(client, made, flags);
}

/** Says what was registered, and follows its first reading where that was asked for. */
async function tellMade(client: Client, made: Connection, flags: Pick<Flags, 'json' | 'wait'>): Promise<void> {
  if (!flags.json) say(`${made.name} is registered: ${made.id}`);
  if (!flags.wait || made.ingestion === null) return flags.json ? show(made, flags, () => undefined) : undefined;
  await followRun(client, await client.getIngestion({ params: { id: made.id, runId: made.ingestion.runId } }), flags);
}
