import type { Command } from 'commander';
import { type EngineDescription, type EngineId, engineIds, type TruthTable } from '../../contract/engines.ts';
import { verb } from '../command.ts';
import { say, sayFolded, sayTable, show } from '../print.ts';
import { connect } from '../server-client.ts';

/** `portcullis engines …` */
export function addEngines(program: Command): void {
  const engines = program.command('engines').description('the kinds of database');

  verb(engines, 'list', 'the kinds that can be registered').action(async (options: { json?: true }) =>
    show((await connect().listEngines()).items, options, (items) =>
      sayTable(
        ['TYPE', 'NAME', 'PORT', 'ALSO FITS'],
        items.map(({ id, label, defaultPort, alsoFits }) => [id, label, String(defaultPort ?? ''), alsoFits.join(', ')]),
        'There are none.',
        'cut the last',
      ),
    ),
  );

  verb(engines, 'show <type>', 'what holds for one kind, and what its sessions stop by themselves').action(
    async (type: string, options: { json?: true }, command: Command) => {
      const id: EngineId = engineIds.find((one) => one === type) ?? command.error(`error: the type must be one of ${engineIds.join(', ')}`);
      const client = connect();
      const [{ items }, truthTable] = await Promise.all([client.listEngines(), client.getTruthTable({ params: { id } })]);
      const engine = items.find((one) => one.id === id) ?? command.error(`error: this server does not know the type ${id}`);
      show({ engine, truthTable }, options, tell);
    },
  );
}

function tell({ engine, truthTable }: { engine: EngineDescription; truthTable: TruthTable }): void {
  say(engine.label);
  for (const { name, holds, reason } of engine.traits) sayFolded(holds ? '  yes  ' : '  no   ', `${name}: ${reason}`);
  say('');
  if (truthTable.tried === null) {
    say('What its sessions stop by themselves has not been tried: no server was at hand.');
    return;
  }
  say(`What its sessions stop by themselves, with the guard switched off; tried on ${truthTable.tried}:`);
  sayTable(
    ['WHAT', ...truthTable.logins.map((login) => login.toUpperCase())],
    truthTable.trials.map(({ what, outcomes }) => [what, ...outcomes.map(({ outcome }) => outcome)]),
    'Nothing was tried.',
  );
}
