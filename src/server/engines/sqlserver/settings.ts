import { Fault } from '../../platform/fault.ts';
import { Answer, type Row } from './answer.ts';
import { ServerError } from './server-error.ts';
import { type SqlServerSession, smallAnswer } from './session.ts';
import { mustBeClear, mustBeSet, settingsSql } from './settings.sql.ts';

/** The last number of an error that is SQL Server's own: what is beyond it comes from somebody's code, or from another product. */
const LAST_OWN_ERROR = 49_999;

/** The levels at which a transaction reads what was committed: READ COMMITTED, REPEATABLE READ, SERIALIZABLE, SNAPSHOT. */
const levels = [2, 3, 4, 5];

/** Which settings are not what they were set to, by the row that settingsSql gives. */
export function mismatchesOf([options, open, lock, size, language, first, , format, level, ...properties]: Row): string[] {
  const bits = typeof options === 'number' ? options : 0;
  const wrong: string[] = [];
  for (const [bit, name] of Object.entries(mustBeSet)) if ((bits & Number(bit)) === 0) wrong.push(name);
  for (const [bit, name] of Object.entries(mustBeClear)) if ((bits & Number(bit)) !== 0) wrong.push(name);
  const also: readonly (readonly [string, boolean])[] = [
    ['TRANCOUNT', open === 0],
    ['LOCK_TIMEOUT', typeof lock === 'number' && lock > 0],
    ['TEXTSIZE', size === 2_147_483_647 || size === -1],
    ['LANGUAGE', language === 'us_english'],
    ['DATEFIRST', first === 7],
    ['DATEFORMAT', format === 'mdy' || format === null],
    ['TRANSACTION ISOLATION LEVEL', level === null || levels.includes(Number(level))],
  ];
  for (const [name, holds] of also) if (!holds) wrong.push(name);
  const names = ['QUOTED_IDENTIFIER', 'ANSI_NULLS', 'ANSI_PADDING', 'ANSI_WARNINGS', 'ARITHABORT', 'CONCAT_NULL_YIELDS_NULL'];
  for (const [at, name] of names.entries()) if (properties[at] !== 1 && !wrong.includes(name)) wrong.push(name);
  if (properties[names.length] !== 0 && !wrong.includes('NUMERIC_ROUNDABORT')) wrong.push('NUMERIC_ROUNDABORT');
  return wrong;
}

/** Puts the session under our settings and reads back that they hold. With `afterReset`, the server first makes it as it was at the sign-in. */
export async function makeSettled(session: SqlServerSession, afterReset = false): Promise<void> {
  const answer = new Answer();
  await session.ask({ text: settingsSql(session.statementTimeoutMs), afterReset }, answer, smallAnswer, true).catch((error: unknown) => {
    throw error instanceof ServerError && error.number > LAST_OWN_ERROR ? unsettled(`not known: error ${error.number}`) : error;
  });
  const [row = []] = answer.rows;
  const wrong = mismatchesOf(row);
  if (afterReset && !answer.wasReset) wrong.push('the reset');
  if (wrong.length > 0) throw unsettled(`not kept: ${wrong.join(', ')}`);
  if (String(row[6] ?? '').toLowerCase() !== session.address.database.toLowerCase())
    throw new Fault('database.unknown', {
      stage: 'database',
      field: 'address.database',
      detail: 'The server let us into another database than the one that was asked for.',
      tryThis: ['Check the name of the database.'],
    });
}

const unsettled = (technical: string): Fault =>
  new Fault('session.writable', {
    detail: 'The server did not keep the settings that a statement is judged by.',
    field: null,
    tryThis: [
      'Give the address of the database itself: a pooler, or a product that only resembles SQL Server (such as Babelfish), may not keep settings.',
    ],
    technical,
  });
