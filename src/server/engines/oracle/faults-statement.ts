import { Fault } from '../../platform/fault.ts';
import type { Reading } from '../engine.ts';
import { shownWords } from '../shown-words.ts';
import type { OracleAddress } from './address.ts';
import { explainAt, oracleCode } from './faults.ts';

/** What an error of a value means, in our words: the server's own would say the value. */
const ofValues: Readonly<Record<string, string>> = {
  'ORA-01008': 'The number of values does not fit the placeholders of the statement.',
  'ORA-01036': 'The number of values does not fit the placeholders of the statement.',
  'NJS-098': 'The number of values does not fit the placeholders of the statement.',
  'NJS-137': 'The number of values does not fit the placeholders of the statement.',
  'ORA-01426': 'A number is out of the range of its type.',
  'ORA-01428': 'A function does not take one of its arguments.',
  'ORA-01427': 'A subquery that stands for one value gave more than one row.',
  'ORA-01438': 'A number is out of the range of its type.',
  'ORA-01476': 'Something is divided by zero.',
  'ORA-01489': 'A text that is put together becomes too long.',
  'ORA-01722': 'A text cannot be read as a number.',
  'ORA-06502': 'A function of the database got a value that it cannot use.',
  'ORA-06503': 'A function of the database ended without a value.',
  'ORA-01456': 'The statement writes, and the transaction is read-only.',
  'ORA-01555': 'The database could not keep one view of the data for so long: ask for less, or again.',
  'ORA-01652': 'The database has no more room for sorting.',
  'ORA-04030': 'The database is out of memory.',
  'ORA-04031': 'The database is out of memory.',
  'ORA-08177': 'The database could not keep one view of the data for it: try again.',
  'ORA-14551': 'A function of the database writes, which it may not within a query.',
  'ORA-16000': 'The statement writes, and the database is open for reading alone.',
  'ORA-22835': 'A long text or bytes do not fit the type they are turned into.',
  'ORA-30926': 'The statement does not find one row where it needs one.',
  'ORA-32044': 'A recursive query goes round in a circle.',
  'ORA-01436': 'A recursive query goes round in a circle.',
};

/** Errors of the statement's own text, which the server may say in its words; a number of theirs, or from one to another. */
const ofText: readonly (readonly [from: number, to: number])[] = [
  [900, 999],
  [1747, 1799],
  [1719, 1719],
  [1788, 1788],
  [2000, 2000],
  [4043, 4044],
  [6550, 6553],
  [18_000, 18_040],
  [25_154, 25_156],
  [30_076, 30_089],
  [30_483, 30_504],
  [30_561, 30_584],
  [32_031, 32_048],
  [40_440, 40_600],
];
/** Errors of dates and of numbers written as text: their classes. */
const isOfDates = (number: number): boolean => (number >= 1800 && number <= 1899) || (number >= 1840 && number <= 1868);
const isOfFunctions = (number: number): boolean => number >= 20_000 && number <= 20_999;

/** The server's own line, without the driver's and its own way of naming it, and without what the driver adds. */
function ownLine(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  return (message.split('\n')[0] ?? '').replace(/^ORA-\d{5}:\s*/, '');
}

/** Why a statement failed, without a value of the database: an error of the statement's own text in the server's words, any other in ours. */
export function explainStatement(error: unknown, reading: Reading, at: OracleAddress): Fault {
  if (error instanceof Fault) return error;
  const code = oracleCode(error);
  if (code === null) return explainAt(error, 'read', at);
  if (code === 'ORA-01013' || code === 'NJS-123')
    return new Fault('statement.expired', {
      detail: `The statement took longer than its limit of ${reading.timeoutMs} ms and was ended in the database.`,
      tryThis: ['Ask for less: fewer rows, a narrower WHERE, an aggregate.'],
      technical: code,
    });
  if (code === 'ORA-00942' || code === 'ORA-01031' || code === 'ORA-41900')
    return new Fault('read.forbidden', { detail: 'The credential may not read what the statement reads.', technical: code });
  const number = code.startsWith('ORA-') ? Number(code.slice(4)) : 0;
  const own = ofText.some(([from, to]) => number >= from && number <= to) ? shownWords(ownLine(error), reading.sql) : undefined;
  const detail =
    ofValues[code] ??
    (isOfDates(number) ? 'A text is not a date or time, or one is out of range.' : undefined) ??
    (isOfFunctions(number) ? 'A function of the database raised an error.' : undefined) ??
    own;
  if (detail === undefined) {
    const fault = explainAt(error, 'read', at);
    return fault.code === 'database.failed' ? new Fault('statement.failed', { ...fault.about, technical: code }) : fault;
  }
  const offset: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'offset') : undefined;
  const place = own !== undefined && detail === own && Number.isSafeInteger(offset) ? `, at character ${Number(offset) + 1}` : '';
  return new Fault('statement.failed', { detail, technical: `${code}${place}`, cause: error });
}
