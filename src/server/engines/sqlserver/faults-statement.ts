import { Fault } from '../../platform/fault.ts';
import type { Reading } from '../engine.ts';
import { shownWords } from '../shown-words.ts';
import type { SqlServerAddress } from './address.ts';
import { explainAt, numbersOf } from './faults.ts';
import { ServerError } from './server-error.ts';

/** What an error of a value or of the data means, in our words: the server's own could say the value. */
const ofValues: Readonly<Record<number, string>> = {
  220: 'A number is out of the range of its type.',
  232: 'A number is out of the range of its type.',
  241: 'A text is not a date or time.',
  242: 'A date or time is out of range.',
  244: 'A number is out of the range of its type.',
  245: 'A text cannot be read as the type it is converted to.',
  248: 'A number is out of the range of its type.',
  295: 'A text is not a date or time.',
  296: 'A date or time is out of range.',
  512: 'A subquery that stands for one value gave more than one row.',
  517: 'A date or time is out of range.',
  530: 'A recursive query went deeper than its limit (100, or OPTION (MAXRECURSION …)).',
  537: 'A function was given a negative length.',
  1007: 'A number of the statement is out of range.',
  2628: 'A text is too long for where it goes.',
  3609: 'A trigger ended the transaction.',
  3623: 'A function was given a number that it does not take.',
  3952: 'A database that the statement reads keeps no versions of rows.',
  6522: 'A function of the database failed.',
  7357: 'Another server, which the statement reads, did not answer as it should.',
  8114: 'A value cannot be read as the type it is converted to.',
  8115: 'A number is out of the range of its type.',
  8134: 'Something is divided by zero.',
  8152: 'A text is too long for where it goes.',
  8169: 'A text is not a uniqueidentifier.',
  8623: 'The statement is beyond what the server can plan.',
  8631: 'The statement is nested too deeply.',
  8645: 'The server has no memory for the statement.',
  701: 'The server is out of memory.',
  1101: 'The disk of the database is full.',
  1105: 'The disk of the database is full.',
  9002: 'The log of the database is full.',
  191: 'The statement is nested too deeply.',
  1204: 'The server has no lock left.',
  1205: 'The database gave up the statement in favour of another session: try again.',
  1222: 'The statement waited too long for a lock that another session holds.',
  3906: 'The statement writes, and the database is read-only.',
  3960: 'Rows changed while the statement read them: try again.',
  3961: 'A table was changed while the statement read it: try again.',
  41332: 'A memory-optimized table cannot be read in this way: let the database elevate reads (MEMORY_OPTIMIZED_ELEVATE_TO_SNAPSHOT).',
  41368: 'A memory-optimized table cannot be read in this way: let the database elevate reads (MEMORY_OPTIMIZED_ELEVATE_TO_SNAPSHOT).',
};

/** Errors of the statement's own text beside those of its syntax (severity 15): the server says which part of it. */
const ofText = new Set(
  `102 103 104 105 107 108 110 116 130 137 139 144 145 147 156 164 174 178 189 195 201 205 206 207 208 209 213 214 243 252 257 258 264 284
  306 319 321 402 403 404 408 412 421 460 529 1011 1013 1033 1035 1038 1046 2715 2812 4104 4107 4108 4112 4121 4145 5308 8116 8117 8118 8120
  8121 8124 8127 8133 8155 8156 8157 8158 8159 8161 8163 8178 8184 10753 11305`
    .split(/\s+/)
    .map(Number),
);
const forbidden = new Set([229, 230, 297, 300, 371, 916]);

/** Why a statement failed, without a value of the database: an error of the statement's own text in the server's words, any other in ours. */
export function explainStatement(error: unknown, reading: Reading, at: SqlServerAddress): Fault {
  if (error instanceof Fault) return error;
  if (!(error instanceof ServerError)) return explainAt(error, 'read', at);
  const technical = `${numbersOf(error)}${error.line > 0 && error.line < 100_000 ? `, line ${error.line}` : ''}`;
  if (forbidden.has(error.number))
    return new Fault('read.forbidden', { detail: 'The credential may not read what the statement reads.', technical });
  const isOfText = ofText.has(error.number) || error.severity === 15;
  const own = isOfText ? shownWords(error.message, reading.sql) : undefined;
  const detail = own ?? ofValues[error.number];
  if (detail !== undefined) return new Fault('statement.failed', { detail, technical, cause: error });
  if (error.severity >= 20 || error.severity === 17) return explainAt(error, 'read', at);
  const mild = error.number >= 50_000 ? 'A function or view of the database raised an error.' : 'The database could not run the statement.';
  return new Fault('statement.failed', { detail: mild, technical, cause: error });
}
