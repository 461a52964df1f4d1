import { once } from 'node:events';
import { createWriteStream, openSync } from 'node:fs';
import type { Command } from 'commander';
import type { AuditEntry, AuditVerification } from '../../contract/audit.ts';
import type { Client } from '../../contract/client.ts';
import { Id } from '../../contract/paging.ts';
import { number, verb } from '../command.ts';
import { Failed, UsageError } from '../failure.ts';
import { say, sayTable, show, timeOf } from '../print.ts';
import { sayEntry } from '../say-entry.ts';
import { connect, findConnection } from '../server-client.ts';

interface ListOptions {
  readonly from?: string;
  readonly to?: string;
  readonly actor?: string;
  readonly connection?: string;
  readonly action?: string;
  readonly outcome?: string;
  readonly cursor?: string;
  readonly limit: number;
  readonly json?: true;
}

/** `portcullis audit …` */
export function addAudit(program: Command): void {
  const audit = program.command('audit').description('what was done, by whom, with what outcome');

  verb(audit, 'list', 'what is on record, newest first; --json shows the id of each, too')
    .option('--from <time>', 'not before, such as 2026-01-31 or 2026-01-31T12:00:00Z', time)
    .option('--to <time>', 'before', time)
    .option('--actor <who>', 'by this person: id or part of the name')
    .option('--connection <connection>', 'about this connection, by alias or id')
    .option('--action <action>', 'such as query.run, or query for all of that kind')
    .option('--outcome <outcome>', 'pending, done, refused, failed, cancelled or unknown')
    .option('--limit <number>', 'at most so many', number(1, 500), 50)
    .option('--cursor <cursor>', 'go on behind the page before')
    .action(async ({ connection, json, ...query }: ListOptions) => {
      const client = connect();
      const about = connection === undefined ? {} : { connection: await idOf(client, connection) };
      show(await client.listAuditEntries({ query: { ...query, ...about } }), { json }, ({ items, nextCursor }) => {
        sayTable(
          ['AT', 'WHO', 'VIA', 'ACTION', 'ABOUT', 'OUTCOME', 'STATEMENT'],
          items.map(rowOf),
          'Nothing is on record.',
          'cut the last',
        );
        if (nextCursor) say(`More: --cursor ${nextCursor}`);
      });
    });

  verb(audit, 'show <entry>', 'one entry, by the id that an answer or a refusal names').action(
    async (id: string, options: { json?: true }) => {
      if (!Id.safeParse(id).success) throw new UsageError('An entry is named by its id, such as `portcullis query` prints it.');
      show(await connect().getAuditEntry({ params: { id } }), options, sayEntry);
    },
  );

  verb(audit, 'export', 'all records as lines of JSON that verify on their own')
    .option('--file <file>', 'write them there instead of to stdout; it must not exist')
    .action(async ({ file }: { file?: string }) => {
      const pieces = await connect().exportAudit();
      const out = file === undefined ? process.stdout : createWriteStream(file, { fd: newFile(file) });
      for await (const piece of pieces) if (!out.write(piece)) await once(out, 'drain');
      if (file === undefined) return;
      out.end();
      await once(out, 'finish');
      say(`Written to ${file}. Check it with \`portcullis audit verify --file ${file}\`.`);
    });

  verb(audit, 'verify', 'whether every record of the server is as it was written, for Admins of the organisation that set it up')
    .option('--file <file>', 'of an export instead, by anyone and without any server')
    .option('--checkpoint <checkpoint>', 'one that you kept elsewhere, which must still be there')
    .option('--key <key>', 'with --file: the public key that must have signed it')
    .action(async (options: { file?: string; checkpoint?: string; key?: string; json?: true }) => {
      const { file, checkpoint, key } = options;
      const found = file === undefined ? await connect().verifyAudit({ query: { checkpoint } }) : await verifyFile(file, checkpoint, key);
      show(found, options, tell);
      if (!found.ok)
        throw new Failed(
          'audit.broken',
          `${found.firstFault?.what}: record ${found.firstFault?.sequence} of chain ${found.firstFault?.chain}.`,
        );
    });
}

/** The id of a connection; one that is gone is on record still. */
const idOf = async (client: Client, aliasOrId: string): Promise<string> =>
  Id.safeParse(aliasOrId).success ? aliasOrId : (await findConnection(client, aliasOrId)).id;

/** Makes the file, for its owner alone, and never writes over another. */
function newFile(file: string): number {
  try {
    return openSync(file, 'wx', 0o600);
  } catch (error) {
    throw new UsageError(`The file ${file} cannot be made (${(error as NodeJS.ErrnoException).code}): name one that does not exist yet.`);
  }
}

async function verifyFile(file: string, checkpoint: string | undefined, key: string | undefined): Promise<AuditVerification> {
  const { verifyAuditFile } = await import('../../server/build.ts');
  return verifyAuditFile(file, { checkpoint: checkpoint ?? null, publicKey: key ?? null });
}

/** A time as the server takes it. */
function time(text: string): string {
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? text : at.toISOString();
}

const rowOf = ({ at, actor, action, connection, subject, outcome, rule, sql }: AuditEntry): string[] => [
  timeOf(at),
  actor.name,
  actor.via,
  action,
  connection?.name || subject.kind,
  rule ? `${outcome} (${rule})` : outcome,
  (sql ?? '').replace(/\s+/g, ' ').slice(0, 80),
];

function tell({ ok, records, chains, checkpoints, checkpoint, publicKey, firstFault }: AuditVerification): void {
  say(
    `${records} records in ${chains} chains, ${checkpoints} signed checkpoints: ${ok ? 'all as they were written' : 'NOT as they were written'}`,
  );
  if (firstFault) say(`first fault: ${firstFault.detail}`);
  if (checkpoint) say('', 'Keep this elsewhere, and give it with --checkpoint the next time:', checkpoint);
  say('', `signed by ${publicKey}`);
}
