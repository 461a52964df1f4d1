import type { Address, StageName } from '../../../contract/connections.ts';
import { Fault, type FaultDetail } from '../../platform/fault.ts';
import { shownWords } from '../shown-words.ts';
import { ChildError } from './child-error.ts';
import { noSuchFile } from './file.ts';
import type { Reply } from './frames.ts';

type Words = Pick<FaultDetail, 'detail' | 'tryThis' | 'retryable'>;

const busy: Words = {
  detail: 'Another program holds a lock on the file.',
  tryThis: ['Try again when it has finished writing.'],
  retryable: true,
};
const damaged: Words = {
  detail: 'The file is damaged, or the disk does not give it.',
  tryThis: ['Look at it with: sqlite3 <file> "PRAGMA quick_check"'],
};
const tooLarge: Words = { detail: 'The statement, or a value in it, is larger than the limits of the session allow.', tryThis: [] };
const noMemory: Words = { detail: 'The statement needs more memory than it may have.', tryThis: ['Sort or group fewer rows.'] };
const refused: Words = {
  detail: 'SQLite refused the statement: the session may read published tables and columns and compute, and nothing else.',
  tryThis: [
    'Use one SELECT, tables of the published schema, and functions that only compute.',
    'If the file has changed since its schema was read: read the schema again, or name the columns in place of * and NATURAL.',
  ],
};

/** SQLite's result codes that have a meaning of their own here. */
const words: Readonly<Record<number, Words>> = {
  5: busy,
  6: busy,
  7: noMemory,
  8: { detail: 'The statement writes, and the file is open for reading alone.', tryThis: [] },
  10: damaged,
  11: damaged,
  18: tooLarge,
  23: refused,
};

const technicalOf = (code: number): string => `SQLite result ${code}`;

/** Any error of a session as a fault, told without a word of the driver's own. */
export function explain(error: unknown, stage: StageName, _address: Address): Fault {
  if (error instanceof Fault) return error.at(stage);
  if (!(error instanceof ChildError))
    return new Fault('database.failed', {
      stage,
      detail: 'The database failed in a way that is not known.',
      technical: 'unknown',
      cause: error,
    });
  const { problem, result } = error;
  if (problem === 'refused') return stage === 'database' ? explainOpening(result) : explainReading(result, stage);
  if (problem === 'memory') return new Fault('statement.failed', { stage, ...noMemory, technical: 'memory' });
  if (problem === 'flood')
    return new Fault('database.failed', {
      stage,
      detail: 'The catalogue is larger than Portcullis reads.',
      technical: 'flood',
      cause: error,
    });
  return new Fault('server.lost', {
    stage,
    detail: 'The process that read the file ended.',
    tryThis: ['Try again.'],
    technical: problem,
    retryable: true,
    cause: error,
  });
}

function explainOpening(result: number): Fault {
  const stage = 'database';
  const field = 'address.file';
  if (result === 26)
    return new Fault('protocol.mismatched', {
      stage,
      field,
      detail: 'The file is not a SQLite database, or it is encrypted.',
      tryThis: ['Give the file of a database that the plain sqlite3 program opens.'],
      technical: technicalOf(result),
    });
  const known = words[result];
  return known ? new Fault('database.failed', { stage, field, ...known, technical: technicalOf(result) }) : noSuchFile();
}

const explainReading = (result: number, stage: StageName): Fault =>
  new Fault('database.failed', {
    stage,
    ...(words[result] ?? { detail: 'SQLite could not read the catalogue of the file.' }),
    technical: technicalOf(result),
  });

/** Why a statement failed, without a value of the database: what is wrong with its text in SQLite's words, all else in ours. */
export function explainReply(reply: Extract<Reply, { kind: 'error' }>, sql: string): Fault {
  const technical = technicalOf(reply.code);
  const known = words[reply.code];
  if (known) return new Fault(reply.code === 23 ? 'statement.failed' : 'database.failed', { ...known, technical });
  const detail = reply.running ? 'A value cannot be used as the statement uses it.' : shownWords(reply.message, sql);
  return new Fault('statement.failed', { detail, technical });
}
