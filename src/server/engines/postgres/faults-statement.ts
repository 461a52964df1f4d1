import { Fault } from '../../platform/fault.ts';
import type { Reading } from '../engine.ts';
import { shownWords } from '../shown-words.ts';
import type { PostgresAddress } from './address.ts';
import { explainAt } from './faults.ts';

/** What an error of a value means, in our words: the server's own would say the value. */
const ofValues: Readonly<Record<string, string>> = {
  '08P01': 'The number of values does not fit the placeholders of the statement.',
  '22003': 'A number is out of the range of its type.',
  '22007': 'A text is not a date or time.',
  '22008': 'A date or time is out of range.',
  '22012': 'Something is divided by zero.',
  '22023': 'A function does not take one of its arguments.',
  '22P02': 'A text cannot be read as the type it is cast to.',
  '21000': 'A subquery that stands for one value gave more than one row.',
  '53100': 'The disk of the database is full.',
  '53200': 'The database is out of memory.',
  '53400': 'A limit of the server is reached.',
  '54000': 'The statement is beyond a limit of the server.',
  '54001': 'The statement is nested too deeply.',
  '40001': 'The database could not keep one view of the data for it: try again.',
  '25006': 'The statement writes, and the session is read-only.',
};

/** What a whole class of errors means, where the code itself is not told apart. */
const ofClasses: Readonly<Record<string, string>> = {
  '22': 'A value cannot be used as the statement uses it.',
  '23': 'A rule of the data would be broken.',
  '25': 'The statement is not possible in a read-only transaction.',
  '2F': 'A function of the database may not do what it does.',
  '38': 'A function of the database failed.',
  '39': 'A function of the database failed.',
  P0: 'A function of the database raised an error.',
  XX: 'The database has an internal problem.',
};

const text = (error: object, name: string): string => {
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' ? value : '';
};

/** Why a statement failed, without a value of the database: an error of the statement's own text in the server's words, any other in ours. */
export function explainStatement(error: unknown, reading: Reading, at: PostgresAddress): Fault {
  if (error instanceof Fault) return error;
  const state = typeof error === 'object' && error !== null && 'severity' in error ? text(error, 'code') : '';
  if (typeof error !== 'object' || error === null || !/^[0-9A-Z]{5}$/.test(state)) return explainAt(error, 'read', at);
  const technical = `SQLSTATE ${state}`;
  if (state === '57014')
    return new Fault('statement.expired', {
      detail: `The statement took longer than its limit of ${reading.timeoutMs} ms and was ended in the database.`,
      tryThis: ['Ask for less: fewer rows, a narrower WHERE, an aggregate.'],
      technical,
    });
  if (state === '42501') return new Fault('read.forbidden', { detail: 'The credential may not read what the statement reads.', technical });
  // 42: the text of the statement is wrong, and the server says which part of it.
  const own = state.startsWith('42') ? shownWords(text(error, 'message'), reading.sql) : undefined;
  const detail = own ?? ofValues[state] ?? ofClasses[state.slice(0, 2)];
  if (detail === undefined) return explainAt(error, 'read', at);
  const place = /^\d{1,6}$/.test(text(error, 'position')) ? `, at character ${text(error, 'position')}` : '';
  return new Fault('statement.failed', { detail, technical: `${technical}${place}`, cause: error });
}
