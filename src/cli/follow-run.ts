import type { Client } from '../contract/client.ts';
import type { IngestionRun } from '../contract/connections.ts';
import { Failed } from './failure.ts';
import { say, show } from './print.ts';

const MOST_NAMED = 20;

/** Follows a run to its end, or until it waits for a person, and tells how it went; a run that did not succeed is a failure. */
export async function followRun(client: Client, run: IngestionRun, how: { readonly json?: true }): Promise<void> {
  const params = { id: run.connectionId, runId: run.id };
  const progress = how.json ? () => undefined : progressLine();
  const last = await client.stream.watchIngestion({ params }, { onEvent: progress });
  progress(last);
  if (!how.json && process.stdout.isTTY) process.stdout.write('\n');
  show(last, how, () => sayEnd(last));
  if (last.state === 'held') throw new Failed('run.held', tellHeld(last));
  if (last.state === 'cancelled') throw new Failed('run.cancelled', 'The run was cancelled.');
  if (last.state === 'failed') throw new Failed(last.error?.code ?? 'internal.failed', last.error?.message ?? 'The run failed.');
}

/** What vanished, and who lets the run go on how. */
function tellHeld({ connectionId, held }: IngestionRun): string {
  const names = held?.vanished ?? [];
  const gone = held ? `${held.before} tables were there, ${held.after} would be` : 'Many tables vanished';
  const shown = names.slice(0, MOST_NAMED).join(', ');
  const more = names.length > MOST_NAMED ? ' and more' : '';
  return [
    `${gone}: the run waits for a person to accept or cancel it, and what was read before stays.`,
    ...(shown === '' ? [] : [`  vanished: ${shown}${more}`]),
    `  in the web, at the connection; or \`portcullis runs accept ${connectionId}\`, or \`portcullis runs cancel ${connectionId}\``,
  ].join('\n');
}

/** On a terminal one line that changes; elsewhere a line for each phase. */
function progressLine(): (run: IngestionRun) => void {
  const terminal = process.stdout.isTTY === true;
  let shown = '';
  return (run) => {
    const counted =
      run.total === null || run.phase === 'ready' ? '' : ` ${run.done.toLocaleString('en')} of ${run.total.toLocaleString('en')}`;
    const now = terminal ? `${run.phase}${counted}` : run.phase;
    if (now === shown) return;
    shown = now;
    if (terminal) process.stdout.write(`\r\u001b[K${now}`);
    else say(now);
  };
}

function sayEnd(run: IngestionRun): void {
  if (run.state !== 'succeeded') return;
  const { appeared = 0, changed = 0, vanished = 0 } = run.changes ?? {};
  say(`Ready: ${appeared} tables appeared, ${changed} changed, ${vanished} vanished.`);
}
