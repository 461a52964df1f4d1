import { afterEach, describe, expect, it } from 'vitest';
import { openOracle } from '../../../../tests/support/open-oracle.ts';
import { type OracleDouble, startOracleDouble } from '../../../../tests/support/oracle-double.ts';
import { answerOf, failure, type Paper, paperAnswer } from '../../../../tests/support/oracle-paper.ts';
import type { Privileges } from '../../../contract/connections.ts';
import { oracle } from './oracle.ts';
import { leastPrivilegeScript } from './privilege-script.ts';

const doubles: OracleDouble[] = [];
afterEach(async () => {
  await Promise.all(doubles.splice(0).map((double) => double.close()));
});
async function privilegesOn(...paper: Paper): Promise<{ found: Privileges; double: OracleDouble }> {
  const double = await startOracleDouble({ answer: paperAnswer(paper) });
  doubles.push(double);
  const session = await openOracle({ port: double.port });
  const found = await oracle.privileges(session, { username: 'READER' });
  await session.close();
  return { found, double };
}
const system = (...names: string[]): Paper[number] => [/FROM sys\.user_sys_privs/, names.map((name) => [name, null])];
const roles = (...names: string[]): Paper[number] => [/SELECT role FROM sys\.session_roles/, names.map((name) => [name])];
const writable = (...rows: (string | null)[][]): Paper[number] => [/^SELECT owner, table_name, privilege/, answerOf(rows, 5)];

describe('rights', () => {
  it('of a login that may only read', async () => {
    const { found, double } = await privilegesOn();
    expect(found).toEqual({
      grade: 'read_only',
      summary: 'Cannot write. 3 of 7 tables readable.',
      relations: 7,
      readable: 3,
      writable: 0,
      excess: [],
      proof: ['DELETE FROM APP.CREW only parsed: refused: ORA-01031', 'DELETE FROM APP.LOGBOOK only parsed: refused: ORA-01031'],
      script: expect.stringContaining(`WHERE owner IN ('APP', 'O''BRIEN')`),
    });
    // The proof is never run.
    expect(double.ran.filter((sql) => /^DELETE/.test(sql))).toEqual([]);
  });
  it('of one that may write some tables, by a grant, a role, a column, PUBLIC, and as their owner', async () => {
    const { found } = await privilegesOn(
      system('CREATE SESSION', 'CREATE TABLE', 'UNLIMITED TABLESPACE'),
      writable(
        ['APP', 'CREW', 'INSERT', null, 'READER'],
        ['APP', 'CREW', 'UPDATE', null, 'READER'],
        ['APP', 'SHIP', 'DELETE', null, 'APP_RW'],
        ['APP', 'SHIP', 'UPDATE', 'NAME', 'APP_RW'],
        ['APP', 'TONS', 'INSERT', null, 'PUBLIC'],
        ['READER', 'NOTES', 'OWNER', null, 'READER'],
      ),
      [/COUNT\(DISTINCT table_schema/, [[2]]],
      [/^DELETE FROM "APP"\."CREW"/, { rowCount: 0 }],
    );
    expect(found).toMatchObject({ grade: 'writes', summary: 'Can write 4 tables. 3 of 7 tables readable.', writable: 4 });
    expect(found.excess).toEqual([
      { what: 'Create objects of its own', cause: 'Granted to this login or to PUBLIC: CREATE TABLE', severe: false },
      { what: 'Fill the disks of the database', cause: 'Granted to this login or to PUBLIC: UNLIMITED TABLESPACE', severe: false },
      { what: 'INSERT, UPDATE: APP.CREW', cause: 'Granted to this login', severe: false },
      { what: 'DELETE: APP.SHIP', cause: 'By the role APP_RW', severe: false },
      { what: 'UPDATE: APP.SHIP (columns NAME)', cause: 'By the role APP_RW', severe: false },
      { what: 'INSERT: APP.TONS', cause: 'Granted to PUBLIC', severe: false },
      { what: 'Write, alter and drop: READER.NOTES', cause: 'It owns them', severe: false },
    ]);
    expect(found.proof).toEqual(
      expect.arrayContaining([
        'DELETE FROM APP.CREW only parsed: accepted, so a right to write is there; it was not run',
        '2 tables granted by SELECT and not READ: rows could be locked, which the read-only transaction refuses',
      ]),
    );
  });
  it('of an administrator', async () => {
    const { found } = await privilegesOn(roles('CONNECT', 'DBA'), system('GRANT ANY ROLE', 'ALTER SYSTEM'));
    expect(found).toMatchObject({
      grade: 'severe',
      summary: 'Administrator: could change everything in the database. 3 of 7 tables readable.',
      writable: 7,
      excess: [{ what: 'Everything in the database', cause: 'It has the role DBA', severe: true }],
      proof: [expect.stringContaining('the catalogue alone was asked')],
    });
  });
  it.each([
    ['SYSDBA', /Administer/],
    ['GRANT ANY PRIVILEGE', /Hand out rights/],
    ['CREATE USER', /other users/],
    ['ALTER SYSTEM', /runs/],
    ['CREATE ANY DIRECTORY', /files/],
    ['CREATE EXTERNAL JOB', /programs/],
    ['CREATE LIBRARY', /programs/],
    ['EXECUTE ANY PROCEDURE', /Run code/],
    ['CREATE ANY TRIGGER', /Run code/],
    ['EXPORT FULL DATABASE', /Copy/],
  ])('%s is severe', async (name, what) => {
    const { found } = await privilegesOn(system('CREATE SESSION', name));
    expect(found).toMatchObject({ grade: 'severe', excess: [{ what: expect.stringMatching(what), severe: true }] });
    expect(found.summary).toMatch(/^Far more than reading: /);
  });
  it('to any table, to files, links and code of others', async () => {
    const { found } = await privilegesOn(system('DELETE ANY TABLE', 'SELECT ANY TABLE', 'SOMETHING NEW'), [
      /^SELECT kind, name/,
      [
        ['definer', 'APP.ADD_CREW'],
        ['directory', 'DATA_DIR (read)'],
        ['link', 'FAR.AWAY'],
        ['package', 'UTL_FILE'],
        ['sequence', 'APP.CREW_SEQ'],
      ],
    ]);
    expect(found).toMatchObject({ grade: 'severe', writable: 7 });
    expect(found.excess.map(({ what, severe }) => [what, severe])).toEqual([
      ['Reach files of the database server: the directories DATA_DIR (read)', true],
      ['Reach files, the network or jobs: UTL_FILE', true],
      ['Write or lock the tables of every schema', false],
      ['Do more than read', false],
      ['Run code with the rights of its owners: APP.ADD_CREW', false],
      ['Reach other databases by the links FAR.AWAY', false],
      ['Move the sequences APP.CREW_SEQ, past a read-only transaction', false],
    ]);
  });
  it('may be more than are told', async () => {
    const rows = Array.from({ length: 3000 }, (_, at) => ['APP', `T${String(at).padStart(4, '0')}`, 'INSERT', null, 'READER']);
    const { found } = await privilegesOn(writable(...rows));
    expect(found.writable).toBe(3000);
    expect(found.excess).toHaveLength(2);
    expect(found.excess[1]?.what).toBe('Write 2980 more tables');
  });
  it('that are refused to be told fail the stage', async () => {
    const double = await startOracleDouble({
      answer: paperAnswer([[/FROM sys\.user_sys_privs/, failure(942, 'table or view does not exist')]]),
    });
    doubles.push(double);
    const session = await openOracle({ port: double.port });
    await expect(oracle.privileges(session, { username: 'x' })).rejects.toMatchObject({
      code: 'read.forbidden',
      about: { stage: 'privilege' },
    });
    expect(await session.run('SELECT 1 FROM sys.dual')).toEqual([['1']]);
    await session.close();
  });
});

describe('the script', () => {
  it('grants READ, and pastes no name that is more than one', () => {
    const script = leastPrivilegeScript(['HR', "O'BRIEN", 'X" TO PUBLIC --', 'new\nline']);
    expect(script).toContain(`IN ('HR', 'O''BRIEN')`);
    expect(script).toContain('GRANT READ ON');
    expect(script).not.toMatch(/GRANT SELECT/);
    expect(script).toContain('2 more schemas are left out here');
    expect(leastPrivilegeScript([])).toContain("'<your schema>'");
  });
});
