import { Fault } from '../../platform/fault.ts';
import type { Reading } from '../engine.ts';
import { shownWords } from '../shown-words.ts';
import { explainAt } from './faults.ts';
import { ServerError } from './server-error.ts';
import type { MysqlSession } from './session.ts';
import { nowhere } from './settings.ts';

/** What an error of a value means, in our words: the server's own would say the value. */
const ofValues: Readonly<Record<number, string>> = {
  1038: 'The database is out of memory for sorting.',
  1041: 'The database is out of memory.',
  1105: 'A value cannot be used as the statement uses it.',
  1114: 'A temporary table of the database is full.',
  1116: 'The statement reads more tables than the database takes.',
  1139: 'A regular expression cannot be read.',
  1210: 'The number or the types of the values do not fit the placeholders of the statement.',
  1222: 'The parts of a UNION have different numbers of columns.',
  1241: 'A row stands where one value is expected, or the other way round.',
  1242: 'A subquery that stands for one value gave more than one row.',
  1292: 'A text is not a date, a time or a number.',
  1365: 'Something is divided by zero.',
  1366: 'A text cannot be read as the type it is used as.',
  1411: 'A text is not a date or time.',
  1436: 'The statement is nested too deeply.',
  1690: 'A number is out of the range of its type.',
  1792: 'The statement writes, and the session is read-only.',
  3140: 'A text is not JSON.',
  3141: 'A text is not JSON.',
  3143: 'A path into JSON cannot be read.',
  3685: 'A regular expression cannot be read.',
  3692: 'A regular expression cannot be read.',
};

/** Errors of the statement's own text, which the server may tell in its words. */
const ofText: ReadonlySet<number> = new Set([
  1046, 1051, 1052, 1054, 1055, 1056, 1060, 1064, 1065, 1066, 1096, 1103, 1109, 1110, 1111, 1115, 1140, 1146, 1149, 1166, 1176, 1191, 1221,
  1235, 1247, 1248, 1267, 1271, 1273, 1305, 1318, 1327, 1351, 1353, 1356, 1463, 1525, 1582, 1583, 1584, 1630, 3065, 3566, 3576, 3579, 3587,
  3593,
]);
const forbidden: ReadonlySet<number> = new Set([1044, 1142, 1143, 1227, 1370]);
/** The driver's own refusals of values before they are sent. */
const unfit = /^(Bind parameters|.* parameter )/;

/** Why a statement failed, without a value of the database: an error of the statement's own text in the server's words, any other in ours. */
export function explainStatement(error: unknown, reading: Reading, { address, flavour }: MysqlSession): Fault {
  if (error instanceof Fault) return error;
  if (error instanceof TypeError && unfit.test(error.message))
    return new Fault('statement.failed', { detail: ofValues[1210] ?? '', technical: 'not sent' });
  if (!(error instanceof ServerError)) return explainAt(error, 'read', address, flavour);
  const { errno, sqlState } = error;
  const technical = `errno ${errno}${sqlState === '' ? '' : ` (${sqlState})`}`;
  if (errno === flavour.tooLong || errno === 1317)
    return new Fault('statement.expired', {
      detail: `The statement took longer than its limit of ${reading.timeoutMs} ms and was ended in the database.`,
      tryThis: ['Ask for less: fewer rows, a narrower WHERE, an aggregate.'],
      technical,
    });
  // Where it looks for a function that the server itself has not got.
  if (errno === 1044 && error.message.endsWith(`'${nowhere}'`))
    return new Fault('statement.failed', { detail: 'The statement calls a function that this version of the server lacks.', technical });
  if (forbidden.has(errno))
    return new Fault('read.forbidden', { detail: 'The credential may not read what the statement reads.', technical });
  const own = ofText.has(errno) ? shownWords(error.message, reading.sql) : undefined;
  const ofClass = sqlState.startsWith('22') ? 'A value cannot be used as the statement uses it.' : undefined;
  const raised = sqlState.startsWith('45') ? 'A function of the database raised an error.' : undefined;
  const detail = own ?? ofValues[errno] ?? ofClass ?? raised;
  if (detail === undefined) return explainAt(error, 'read', address, flavour);
  return new Fault('statement.failed', { detail, technical, cause: error });
}
