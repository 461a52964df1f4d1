import type { Command } from 'commander';
import type { Client } from '../../contract/client.ts';
import type { IngestionRun } from '../../contract/connections.ts';
import { verb } from '../command.ts';
import { Failed } from '../failure.ts';
import { followRun } from '../follow-run.ts';
import { say, sayTable, show, timeOf } from '../print.ts';
import { connect, findConnection } from '../server-client.ts';

type Options = { readonly json?: true };

/** `portcullis runs …` */
export function addRuns(program: Command): void {
  const runs = program.command('runs').description('readings of schemas; where no run is named, the newest one is meant');

  verb(runs, 'list <connection>', 'the runs of a connection, newest first').action(async (which: string, options: Options) => {
    const client = connect();
    const { id } = await findConnection(client, which);
    const { items } = await client.listIngestions({ params: { id }, query: { limit: 50 } });
    show(items, options, (all) => sayTable(['STARTED', 'STATE', 'TABLES', 'RUN'], all.map(rowOf), 'There are no runs.'));
  });

  verb(runs, 'show <connection> [run]', 'one run with its log').action(async (which: string, run: string | undefined, options: Options) =>
    show(await findRun(connect(), which, run), options, tell),
  );

  verb(runs, 'watch <connection> [run]', 'follow a run to its end').action(
    async (which: string, run: string | undefined, options: Options) => {
      const client = connect();
      await followRun(client, await findRun(client, which, run), options);
    },
  );

  verb(runs, 'accept <connection> [run]', 'accept the loss that a held run found, so that it goes on').action(
    async (which: string, run: string | undefined, options: Options) => {
      const client = connect();
      const params = paramsOf(await findRun(client, which, run));
      show(await client.acceptIngestion({ params }), options, ({ id }) => say(`The run ${id} goes on: what vanished is gone.`));
    },
  );

  verb(runs, 'cancel <connection> [run]', 'cancel a run; what was read before stays').action(
    async (which: string, run: string | undefined, options: Options) => {
      const client = connect();
      const params = paramsOf(await findRun(client, which, run));
      show(await client.cancelIngestion({ params }), options, ({ id }) => say(`The run ${id} is cancelled.`));
    },
  );
}

const paramsOf = ({ connectionId, id }: IngestionRun) => ({ id: connectionId, runId: id });

/** The run of this id, else the newest. */
async function findRun(client: Client, which: string, runId: string | undefined): Promise<IngestionRun> {
  const { id, name } = await findConnection(client, which);
  if (runId !== undefined) return client.getIngestion({ params: { id, runId } });
  const newest = (await client.listIngestions({ params: { id }, query: { limit: 1 } })).items[0];
  if (!newest) throw new Failed('run.unknown', `The schema of ${name} was never read: \`portcullis connection ingest\` reads it.`);
  return newest;
}

const changesOf = ({ changes, held }: IngestionRun): string =>
  held
    ? `held: ${held.before} tables would be ${held.after}`
    : changes
      ? `${changes.appeared} appeared, ${changes.changed} changed, ${changes.vanished} vanished`
      : '';

const rowOf = (run: IngestionRun): string[] => {
  const { changes, held } = run;
  const brief = held ? `${held.before}→${held.after}` : changes ? `+${changes.appeared} ~${changes.changed} -${changes.vanished}` : '';
  return [timeOf(run.startedAt ?? run.createdAt), run.state, brief, run.id];
};

function tell(run: IngestionRun): void {
  say(`run      ${run.id}`, `state    ${run.state}, phase ${run.phase}, attempt ${run.attempt}`, `cause    ${run.cause}`);
  say(`started  ${timeOf(run.startedAt)}`, `ended    ${timeOf(run.finishedAt)}`);
  if (changesOf(run) !== '') say(`tables   ${changesOf(run)}`);
  if (run.error) say(`error    ${run.error.code}: ${run.error.message}`);
  say(...run.log.map(({ at, phase, message }) => `  ${timeOf(at)}  ${phase.padEnd(8)}  ${message}`));
}
