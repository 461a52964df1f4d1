import { afterEach, describe, expect, it } from 'vitest';
import { openOracle } from '../../../../tests/support/open-oracle.ts';
import type { OracleAnswer } from '../../../../tests/support/oracle-answer.ts';
import { type OracleDouble, type OracleDoubleOptions, startOracleDouble } from '../../../../tests/support/oracle-double.ts';
import { failure, type Paper, paperAnswer } from '../../../../tests/support/oracle-paper.ts';
import { type OracleValue, ora } from '../../../../tests/support/oracle-values.ts';
import { Fault } from '../../platform/fault.ts';
import type { Answer, Reading } from '../engine.ts';
import { oracle } from './oracle.ts';
import type { OracleSession } from './session.ts';

const doubles: OracleDouble[] = [];
const sessions: OracleSession[] = [];
async function start(options: OracleDoubleOptions): Promise<{ double: OracleDouble; session: OracleSession }> {
  const double = await startOracleDouble(options);
  doubles.push(double);
  const session = await openOracle({ port: double.port });
  sessions.push(session);
  return { double, session };
}
const on = (...paper: Paper) => start({ answer: paperAnswer(paper) });
afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.close()));
  await expect.poll(() => doubles.reduce((sum, double) => sum + double.open(), 0), { timeout: 5000 }).toBe(0);
  await Promise.all(doubles.splice(0).map((double) => double.close()));
});

const endless = new AbortController().signal;
const read = (session: OracleSession, about: Partial<Reading> = {}): Promise<Answer> =>
  oracle.run(session, {
    sql: 'SELECT x FROM app.t',
    parameters: [],
    maxRows: 100,
    maxBytes: 1_000_000,
    timeoutMs: 5000,
    signal: endless,
    ...about,
  });
const faultOf = (promise: Promise<unknown>): Promise<Fault> =>
  promise.then(
    () => Promise.reject(new Error('nothing failed')),
    (error) => (error instanceof Fault ? error : Promise.reject(error)),
  );
const words = /FROM app\.t\b/;
const rows = (count: number, text = ''): OracleAnswer => ({
  cols: [{ name: 'N', type: ora.NUMBER, precision: 9, scale: 0 }, ...(text === '' ? [] : [{ name: 'T', type: ora.VARCHAR, size: 1000 }])],
  rows: Array.from({ length: count }, (_, index) => [index + 1, ...(text === '' ? [] : [text])]),
});

describe('values', () => {
  it.each<[string, { type: number; precision?: number; scale?: number }, OracleValue, unknown]>([
    ['NUMBER', { type: ora.NUMBER }, '12345678901234567890123456789012345678', '12345678901234567890123456789012345678'],
    ['NUMBER', { type: ora.NUMBER }, '-0.00000000000000000000000000000000012345', '-0.00000000000000000000000000000000012345'],
    ['NUMBER', { type: ora.NUMBER, precision: 38, scale: 0 }, '9007199254740993', '9007199254740993'],
    ['NUMBER', { type: ora.NUMBER, precision: 9, scale: 0 }, '-5', -5],
    ['NUMBER', { type: ora.NUMBER, precision: 12, scale: 2 }, '1.1', '1.1'],
    ['NUMBER', { type: ora.NUMBER }, '0', '0'],
    ['BINARY_DOUBLE', { type: ora.BINARY_DOUBLE }, 0.1 + 0.2, 0.1 + 0.2],
    ['BINARY_DOUBLE', { type: ora.BINARY_DOUBLE }, Number.NaN, 'NaN'],
    ['BINARY_DOUBLE', { type: ora.BINARY_DOUBLE }, Number.NEGATIVE_INFINITY, '-Infinity'],
    ['BINARY_FLOAT', { type: ora.BINARY_FLOAT }, 0.1, 0.1],
    ['BINARY_FLOAT', { type: ora.BINARY_FLOAT }, 16_777_216, 16_777_216],
    ['DATE', { type: ora.DATE }, '2024-02-29 12:00:00', '2024-02-29 12:00:00'],
    ['TIMESTAMP', { type: ora.TIMESTAMP }, '1582-10-15 23:59:59.123456789', '1582-10-15 23:59:59.123456789'],
    ['TIMESTAMP WITH TIME ZONE', { type: ora.TIMESTAMP_TZ }, '2024-03-01 00:30:00.5 +05:30', '2024-03-01 00:30:00.500000 +05:30'],
    ['TIMESTAMP WITH LOCAL TIME ZONE', { type: ora.TIMESTAMP_LTZ }, '2024-02-29 12:00:00.25', '2024-02-29 12:00:00.250000 +00:00'],
    ['INTERVAL DAY TO SECOND', { type: ora.INTERVAL_DS }, [-2, -3, -4, -5, -600_000_000], '-02 03:04:05.600000'],
    ['INTERVAL YEAR TO MONTH', { type: ora.INTERVAL_YM }, [1, 6], '+01-06'],
    ['RAW', { type: ora.RAW }, Buffer.from('00ff10', 'hex'), '\\x00ff10'],
    ['BLOB', { type: ora.BLOB }, Buffer.from('00ff10', 'hex'), '\\x00ff10'],
    ['CLOB', { type: ora.CLOB }, 'it’s ü 👾'.repeat(40), 'it’s ü 👾'.repeat(40)],
    ['JSON', { type: ora.JSON }, '{"a": 12345678901234567890}', '{"a": 12345678901234567890}'],
    ['VARCHAR2', { type: ora.VARCHAR }, "it's ü 👾", "it's ü 👾"],
    ['CHAR', { type: ora.CHAR }, 'ab  ', 'ab  '],
    ['LONG', { type: ora.LONG }, 'x'.repeat(70_000), 'x'.repeat(70_000)],
    ['ROWID', { type: ora.ROWID }, 'x', expect.stringMatching(/^[A-Za-z0-9+/]{18}$/)],
    ['BOOLEAN', { type: ora.BOOLEAN }, true, true],
    ['VARCHAR2', { type: ora.VARCHAR }, null, null],
  ])('%s %o', async (type, column, value, expected) => {
    const { session } = await on([words, { cols: [{ name: 'X', ...column }], rows: [[value]] }]);
    const answer = await read(session);
    expect(answer).toMatchObject({ columns: [{ name: 'X', type }], rows: [[expected]], truncated: false, limit: null });
    expect(JSON.parse(JSON.stringify(answer.rows))).toEqual(answer.rows);
  });
  it('in the zone of the database where it has a name', async () => {
    const answer = paperAnswer([[words, { cols: [{ name: 'X', type: ora.TIMESTAMP_LTZ }], rows: [['2024-02-29 12:00:00']] }]]);
    const { session } = await start({ answer, zone: 'Europe/Oslo' });
    expect((await read(session)).rows).toEqual([['2024-02-29 12:00:00 Europe/Oslo']]);
  });
  it('that are none are refused', async () => {
    const { session } = await on([words, { cols: [{ name: 'FILE"\u202e', type: ora.BFILE }], rows: [['x']] }]);
    const fault = await faultOf(read(session));
    expect(fault).toMatchObject({ code: 'statement.failed', message: expect.stringMatching(/^The column FILE"� is of a kind/) });
    expect(session.usable).toBe(true);
  });
  it('are bound, never spliced', async () => {
    const bound: unknown[] = [];
    const paper = paperAnswer([[words, rows(1)]]);
    const { session } = await start({
      answer(sql, binds) {
        if (words.test(sql) && binds.length > 0) bound.push(binds);
        return paper(sql);
      },
    });
    await read(session, { sql: 'SELECT x FROM app.t WHERE a = :1 AND b = :2 AND c = :3 AND d = :4', parameters: ["x'--", 7, true, null] });
    expect(bound).toEqual([["x'--", 7, 1, null]]);
  });
});

describe('a statement', () => {
  it('runs in a read-only transaction, parsed before, and the session is as before behind it', async () => {
    const { double, session } = await on([words, rows(2)]);
    const before = double.ran.length;
    expect((await read(session)).rows).toEqual([[1], [2]]);
    expect((await read(session)).rows).toHaveLength(2);
    const words3 = double.ran.slice(before, before + 7).map((sql) => sql.split(/\s+/).slice(0, 3).join(' '));
    expect(words3).toEqual([
      'SET TRANSACTION READ',
      'SELECT x FROM',
      'BEGIN SYS.DBMS_SESSION.RESET_PACKAGE; END;',
      'ALTER SESSION SET',
      'ALTER SESSION SET',
      'SELECT parameter, value',
      'SET TRANSACTION READ',
    ]);
  });
  it('that the server takes for none is not run', async () => {
    const { double, session } = await on([words, { rowCount: 1 }]);
    expect((await faultOf(read(session))).code).toBe('statement.refused');
    expect((await faultOf(read(session, { sql: 'DROP TABLE app.t' }))).code).toBe('statement.refused');
    expect((await faultOf(read(session, { sql: 'DELETE FROM app.t WHERE x = 1' }))).code).toBe('statement.refused');
    expect(double.ran.filter((sql) => words.test(sql))).toEqual([]);
    expect(session.usable).toBe(true);
  });
  it('says exactly whether there was more', async () => {
    const { session } = await on([words, rows(1200)]);
    const of = async (about: Partial<Reading>) => {
      const { rows, truncated, limit } = await read(session, about);
      return { rows: rows.length, truncated, limit };
    };
    expect(await of({ maxRows: 1201 })).toEqual({ rows: 1200, truncated: false, limit: null });
    expect(await of({ maxRows: 1200 })).toEqual({ rows: 1200, truncated: false, limit: null });
    expect(await of({ maxRows: 1199 })).toEqual({ rows: 1199, truncated: true, limit: 'rows' });
    expect(await of({ maxRows: 2000, maxCells: 1200 })).toEqual({ rows: 1200, truncated: false, limit: null });
    expect(await of({ maxRows: 2000, maxCells: 1199 })).toEqual({ rows: 1199, truncated: true, limit: 'cells' });
    expect(await of({ maxBytes: 1 })).toEqual({ rows: 0, truncated: true, limit: 'bytes' });
  });
  it('is cut at the bytes it may have', async () => {
    const { session } = await on([words, rows(5000, 'x'.repeat(1000))]);
    const answer = await read(session, { maxRows: 10_000, maxBytes: 100_000 });
    expect(answer).toMatchObject({ truncated: true, limit: 'bytes' });
    expect(answer.rows.length).toBeGreaterThan(90);
    expect(answer.bytes).toBeLessThanOrEqual(100_000);
    expect(session.usable).toBe(true);
  });
  it('stands with what is in when the next value is larger than all that may come', async () => {
    const long: OracleAnswer = { cols: [{ name: 'T', type: ora.LONG }], rows: [['a'], ['b'.repeat(3_000_000)]] };
    const { session } = await on([words, long]);
    const answer = await read(session, { maxBytes: 1000 });
    expect(answer).toMatchObject({ rows: [['a']], truncated: true, limit: 'bytes' });
    expect(session.usable).toBe(false);
  });
  it('is ended in the database at its limit, and when its asker goes', async () => {
    const never = () => new Promise<OracleAnswer>(() => undefined);
    const paper = paperAnswer([[words, rows(1)]]);
    const answer: OracleDoubleOptions['answer'] = (sql, _, parsed) => (words.test(sql) && !parsed ? never() : paper(sql));
    for (const deaf of [false, true]) {
      const late = await start({ answer, deaf });
      const fault = await faultOf(read(late.session, { timeoutMs: 300 }));
      expect(fault).toMatchObject({ code: 'statement.expired', message: expect.stringContaining('300 ms') });
      const gone = await start({ answer, deaf });
      const asker = new AbortController();
      const asked = faultOf(read(gone.session, { signal: asker.signal, timeoutMs: 60_000 }));
      await expect.poll(() => gone.double.busy()).toBe(1);
      asker.abort();
      expect((await asked).code).toBe('statement.cancelled');
      await expect.poll(() => gone.double.busy()).toBe(0);
      expect(gone.session.usable).toBe(false);
    }
  });
  it('that cannot be cleared behind ends the session', async () => {
    let broken = false;
    const paper = paperAnswer([[words, rows(1)]]);
    const { double, session } = await start({
      answer: (sql) => (broken && /RESET_PACKAGE/.test(sql) ? failure(6550, 'line 1: PLS-00201: identifier must be declared') : paper(sql)),
    });
    broken = true;
    expect((await read(session)).rows).toEqual([[1]]);
    await expect.poll(() => session.usable).toBe(false);
    await expect.poll(() => double.open()).toBe(0);
    await faultOf(read(session));
  });
  it.each([
    [
      failure(904, '"NONESUCH": invalid identifier', 7),
      { sql: 'SELECT nonesuch FROM app.t' },
      /^"NONESUCH": invalid identifier$/,
      'ORA-00904, at character 8',
    ],
    [failure(904, '"SECRET-VALUE": invalid identifier', 7), {}, /^…: invalid identifier$/, 'ORA-00904, at character 8'],
    [failure(1722, 'invalid number: secret-value-7'), {}, /cannot be read as a number/, 'ORA-01722'],
    [failure(1843, "not a valid month 'secret-value-7'"), {}, /not a date or time/, 'ORA-01843'],
    [failure(1476, 'divisor is equal to zero'), {}, /divided by zero/, 'ORA-01476'],
    [failure(20_001, 'secret-value-7'), {}, /raised an error/, 'ORA-20001'],
    [failure(99_999, 'secret-value-7'), {}, /reported an error/, 'ORA-99999'],
  ])('that fails tells why, and no value: %#', async (answer, about, message, technical) => {
    const { session } = await on([words, answer]);
    const fault = await faultOf(read(session, about));
    expect(fault).toMatchObject({ code: 'statement.failed', message: expect.stringMatching(message), about: { technical } });
    expect(JSON.stringify({ ...fault.about, cause: null })).not.toMatch(/secret-value|docs\.oracle|Help/i);
    expect(session.usable).toBe(true);
  });
  it('may not read what the login may not', async () => {
    const { session } = await on([words, failure(942, 'table or view does not exist')]);
    expect(await faultOf(read(session))).toMatchObject({ code: 'read.forbidden', about: { technical: 'ORA-00942' } });
  });
});
