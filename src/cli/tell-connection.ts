import { ProblemError } from '../contract/client.ts';
import type { Connection, Privileges, StageResult, TestResult } from '../contract/connections.ts';
import { Failed } from './failure.ts';
import { fieldText } from './field-flags.ts';
import { folded, paint, say, sayFolded, timeOf } from './print.ts';

const marks = { passed: '✓', failed: '✗', warning: '!', skipped: '–' } as const;
const colours = { passed: 'green', failed: 'red', warning: 'yellow', skipped: 'dim' } as const;

/** One stage of a test in one line; a failed one with what happened and what to try. Those that nobody came to are not told. */
export function sayStage(stage: StageResult): void {
  if (stage.status === 'skipped' && stage.evidence === null) return;
  const head = `${marks[stage.status]} ${stage.stage.padEnd(9)}  ${stage.status.padEnd(7)}  ${`${Math.round(stage.ms)} ms`.padStart(8)}`;
  const line = folded(`${head}  `, stage.evidence ?? '', process.stdout).trimEnd();
  process.stdout.write(`${paint(colours[stage.status], head)}${line.slice(head.length)}\n`);
  if (!stage.fault) return;
  const { happened, field, tryThis, technical } = stage.fault;
  sayFolded('    ', happened);
  for (const hint of tryThis) sayFolded('    try: ', hint);
  if (field) sayFolded('    field: ', fieldText(field));
  sayFolded('    technical: ', technical);
}

/** Does what tests on its way: tells the stages, and that it changed nothing where one of them failed. */
export async function throughTest<T>(
  json: boolean | undefined,
  run: (following: { readonly onEvent: (stage: StageResult) => void }) => Promise<T>,
): Promise<T> {
  let failed: StageResult | undefined;
  const onEvent = (stage: StageResult): void => {
    if (!json) sayStage(stage);
    if (stage.status === 'failed') failed = stage;
  };
  try {
    return await run({ onEvent });
  } catch (error) {
    // Where the stages are told, its hints have been as well.
    if (json || !failed || !(error instanceof ProblemError)) throw error;
    throw new Failed(error.code, `The test failed at stage ${failed.stage}, so nothing was changed: ${error.message}`);
  }
}

/** What the credential could do beyond reading; its summary is the evidence of stage privilege. */
export function sayExcess(privileges: Privileges | null): void {
  if (!privileges || privileges.grade === 'read_only') return;
  say(...privileges.excess.map((one) => `  ${one.severe ? 'severe: ' : ''}${one.what} (${one.cause})`));
  say('  --json shows, as privileges.script, the SQL that makes a login that can only read.');
}

/** A test that did not pass is a failure with the code of its stage. */
export function failIfFailed(result: TestResult): void {
  if (result.ok) return;
  const failed = result.stages.find((stage) => stage.status === 'failed');
  throw new Failed(
    failed?.fault?.code ?? 'database.failed',
    `The test failed at stage ${failed?.stage ?? 'unknown'}: ${failed?.fault?.happened ?? 'it was not said why'}`,
  );
}

/** The state of a connection in a few words. */
export function stateOf(connection: Connection): string {
  const { status, ingestion } = connection;
  if (status === 'ingesting' && ingestion)
    return `reading ${ingestion.phase}${ingestion.total === null ? '' : ` ${ingestion.done}/${ingestion.total}`}`;
  return ingestion?.held ? `${status}, held` : status;
}

/** Whether the database answers, since when, and what it comes from. */
function sayHealth({ health: { state, since, fault } }: Connection): string {
  return `${state.replace('_', ' ')}${since === null ? '' : ` since ${timeOf(since)}`}${fault === null ? '' : ` (${fault})`}`;
}

/** The limits that are lower than usual. */
const lowered = ({ maxRows, maxBytes, timeoutMs }: Connection['limits']): string | null =>
  [maxRows !== null && `${maxRows} rows`, maxBytes !== null && `${maxBytes} bytes`, timeoutMs !== null && `${timeoutMs} ms`]
    .filter(Boolean)
    .join(', ') || null;

/** A connection in full. */
export function sayConnection(one: Connection): void {
  const rows: readonly (readonly [string, string | null | undefined])[] = [
    ['alias', one.name],
    ['id', one.id],
    ['type', one.dbType],
    [
      'address',
      Object.entries(one.address)
        .filter(([, part]) => typeof part !== 'object')
        .map(([name, part]) => `${name}=${part}`)
        .join(' '),
    ],
    ['through', one.usernames.tunnel && `${one.usernames.tunnel}, an SSH server`],
    ['username', one.usernames.readOnly],
    [
      'server',
      one.server &&
        `${one.server.product} ${one.server.version}${one.server.encryption ? `, ${one.server.encryption}` : ', not encrypted'}`,
    ],
    ['credential', one.privileges?.summary],
    ...one.acknowledged.map(({ code, reason, by }): [string, string] => ['accepted', `${code} by ${by}: ${reason}`]),
    ['state', stateOf(one)],
    ['disabled', one.disabledReason],
    ['error', one.ingestion?.error && `${one.ingestion.error.code}: ${one.ingestion.error.message}`],
    ['health', sayHealth(one)],
    ...one.alerts.map(({ code, text }): [string, string] => ['look at', `${code}: ${text}`]),
    ['tables', `${one.tables} with ${one.columns} columns${one.lastReadAt ? `, read ${timeOf(one.lastReadAt)}` : ''}`],
    ['limits', lowered(one.limits)],
    ['purpose', one.purpose],
    ['description', one.description || null],
    ['environment', `${one.environment}, visible to ${one.visibility === 'private' ? 'its creator and Admins' : 'the organisation'}`],
    ['created', `${timeOf(one.createdAt)} by ${one.createdBy.name}`],
  ];
  for (const [name, value] of rows) if (value) sayFolded(`${name.padEnd(12)} `, value);
  sayExcess(one.privileges);
}
