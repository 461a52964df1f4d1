import { afterEach, describe, expect, it } from 'vitest';
import { openOracle } from '../../../../tests/support/open-oracle.ts';
import { type OracleDouble, startOracleDouble } from '../../../../tests/support/oracle-double.ts';
import { answerOf, failure, type Paper, paperAnswer } from '../../../../tests/support/oracle-paper.ts';
import type { Fault } from '../../platform/fault.ts';
import type { Fact, FactBatch } from '../engine.ts';
import { oracle } from './oracle.ts';
import type { OracleSession } from './session.ts';
import { typeText } from './type-text.ts';

const doubles: OracleDouble[] = [];
const sessions: OracleSession[] = [];
async function on(...paper: Paper): Promise<{ double: OracleDouble; session: OracleSession }> {
  const double = await startOracleDouble({ answer: paperAnswer(paper), version: paper.length > 0 ? '23.4.0.0.0' : '19.3.0.0.0' });
  doubles.push(double);
  const session = await openOracle({ port: double.port });
  sessions.push(session);
  return { double, session };
}
afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.close()));
  await Promise.all(doubles.splice(0).map((double) => double.close()));
});
async function factsOf(session: OracleSession, signal = new AbortController().signal): Promise<{ facts: Fact[]; batches: FactBatch[] }> {
  const batches: FactBatch[] = [];
  for await (const batch of oracle.facts(session, signal)) batches.push(batch);
  return { batches, facts: batches.flatMap((batch) => batch.facts) };
}

const id = (name: string) => `APP\0${name}`;
const table = (name: string, about: object) => expect.objectContaining({ fact: 'table', table: id(name), schema: 'APP', name, ...about });

describe('the catalogue', () => {
  it('is read in one transaction, a kind at a time, and told as it is', async () => {
    const { double, session } = await on();
    const before = double.ran.length;
    const { facts, batches } = await factsOf(session);
    const phases = batches.map(({ phase }) => phase).filter((phase, at, all) => phase !== all[at - 1]);
    expect(phases).toEqual(['tables', 'columns', 'keys', 'comments']);
    expect(double.ran.slice(before)[0]).toBe('SET TRANSACTION READ ONLY');
    expect(double.ran.length - before).toBeLessThan(25);
    expect(facts.filter((fact) => fact.fact === 'table')).toEqual([
      table('CREW', { kind: 'table', estimatedRows: 2, readable: true, partitionedBy: null }),
      table('LOGBOOK', { kind: 'foreign_table', estimatedRows: null, readable: false }),
      table('SHIP', { kind: 'table', readable: true }),
      table('TONS', { kind: 'materialized_view', estimatedRows: 7 }),
      table('VOYAGE', { kind: 'partitioned_table', estimatedRows: 12_345_678_901, partitionedBy: 'RANGE (SAILED, ID)' }),
      table("od'd; DROP TABLE crew --", { readable: false }),
      table('SAILING', { kind: 'view', estimatedRows: null, readable: true }),
    ]);
    const partitions = facts.flatMap((fact) => (fact.fact === 'partition' ? [[fact.table, fact.name]] : []));
    expect(partitions).toEqual([
      [id('VOYAGE'), 'P2023'],
      [id('VOYAGE'), 'P2024'],
    ]);
    const reads = facts.flatMap((fact) => (fact.fact === 'dependency' ? [[fact.table, fact.schema, fact.name]] : []));
    expect(reads).toEqual([
      [id('SAILING'), 'APP', 'CREW'],
      [id('SAILING'), 'APP', 'SHIP'],
    ]);
    const columns = facts.flatMap((fact) => (fact.fact === 'column' ? [[fact.table, fact.column] as const] : []));
    const plain = { enumValues: null, identity: false, generated: false, default: null, readable: true };
    expect(columns.map(([, column]) => column)).toEqual([
      { ...plain, name: 'ID', position: 1, type: 'NUMBER(9)', nullable: false, identity: true },
      { ...plain, name: 'NAME', position: 2, type: 'VARCHAR2(40 CHAR)', nullable: false },
      { ...plain, name: 'BORN', position: 3, type: 'DATE', nullable: true, default: "DATE '1970-01-01'" },
      { ...plain, name: 'BOSS', position: 4, type: 'INTEGER', nullable: true },
      { ...plain, name: 'HOME', position: 5, type: 'MDSYS.SDO_GEOMETRY', nullable: true },
      { ...plain, name: 'IMO', position: 1, type: 'VARCHAR2(7)', nullable: false },
      { ...plain, name: 'TONS', position: 2, type: 'NUMBER(9,2)', nullable: true },
      {
        ...plain,
        name: 'HEAVY',
        position: 3,
        type: 'NUMBER',
        nullable: true,
        generated: true,
        default: 'CASE WHEN "TONS">1000 THEN 1 END',
      },
      { ...plain, name: 'BUILT', position: 4, type: 'TIMESTAMP(6) WITH TIME ZONE', nullable: true },
    ]);
    expect(facts.flatMap((fact) => (fact.fact === 'key' ? [fact.key] : []))).toEqual([
      { name: 'CREW_PK', kind: 'primary', columns: ['ID'] },
      { name: 'SHIP_PK', kind: 'primary', columns: ['IMO', 'TONS'] },
      { name: 'SHIP_UK', kind: 'unique', columns: ['HEAVY'] },
    ]);
    expect(facts.flatMap((fact) => (fact.fact === 'foreign_key' ? [fact.key] : []))).toEqual([
      {
        name: 'CREW_BOSS',
        columns: ['BOSS'],
        schema: 'APP',
        table: 'CREW',
        referencedColumns: ['ID'],
        onDelete: 'no action',
        validated: false,
      },
      {
        name: 'CREW_SHIP',
        columns: ['NAME', 'BORN'],
        schema: 'APP',
        table: 'SHIP',
        referencedColumns: ['IMO', 'TONS'],
        onDelete: 'cascade',
        validated: true,
      },
    ]);
    expect(facts.flatMap((fact) => (fact.fact === 'index' ? [fact.index] : []))).toEqual([
      {
        name: 'CREW_BY_NAME',
        unique: false,
        valid: true,
        definition: 'CREATE INDEX "CREW_BY_NAME" ON "APP"."CREW" (LOWER("NAME"), "BORN" DESC)',
      },
      { name: 'SHIP_PK', unique: true, valid: false, definition: 'CREATE UNIQUE INDEX "SHIP_PK" ON "APP"."SHIP" ("IMO")' },
    ]);
    expect(facts.flatMap((fact) => (fact.fact === 'comment' ? [[fact.column, fact.text]] : []))).toEqual([
      [null, 'Who sails'],
      [null, 'snapshot table'],
      ['NAME', 'As in the passport'],
    ]);
  });
  it('of ten thousand tables takes no more statements', async () => {
    const names = Array.from({ length: 10_000 }, (_, at) => `T${String(at).padStart(5, '0')}`);
    const { double, session } = await on(
      [/^SELECT owner, table_name, num_rows/, names.map((name) => ['APP', name, 1, 'NO'])],
      [/FROM sys\.all_tab_cols/, names.map((name) => ['APP', name, 1, 'ID', 'NUMBER', null, 22, 0, null, 9, 0, 'N', 'NO', 'NO', null])],
      [/constraint_type IN \('P', 'U'\)/, names.flatMap((name) => ['A', 'B'].map((column) => ['APP', `${name}_PK`, name, 'P', column]))],
      [/session_schema_privs/, [['APP']]],
    );
    const before = double.ran.length;
    const { facts } = await factsOf(session);
    expect(double.ran.length - before).toBeLessThan(26);
    const tables = facts.filter((fact) => fact.fact === 'table');
    expect(tables).toHaveLength(10_001);
    // Newer servers have rights on whole schemas.
    expect(tables.every((fact) => fact.readable)).toBe(true);
    // Two columns of one key, though they come in different batches.
    expect(facts.filter((fact) => fact.fact === 'key').every((fact) => fact.key.columns.join() === 'A,B')).toBe(true);
  });
  it('is all readable for whoever may read any table, and older servers have no rights on schemas', async () => {
    const any = await on([/SELECT COUNT\(\*\) FROM sys\.session_privs/, [['READER', 1]]]);
    expect((await factsOf(any.session)).facts.every((fact) => fact.fact !== 'table' || fact.readable)).toBe(true);
    const old = await on(
      [/session_schema_privs/, failure(942, 'table or view does not exist')],
      [/SELECT COUNT\(\*\) FROM sys\.session_privs/, [['APP', 0]]],
    );
    // Its own are readable without a grant.
    expect((await factsOf(old.session)).facts.every((fact) => fact.fact !== 'table' || fact.readable)).toBe(true);
  });
  it('can be broken off', async () => {
    const { double, session } = await on([/FROM sys\.all_tab_cols/, answerOf([], 15)]);
    const asker = new AbortController();
    const reading = (async () => {
      for await (const batch of oracle.facts(session, asker.signal)) if (batch.phase === 'columns') asker.abort();
    })();
    await expect(reading).rejects.toMatchObject({ code: 'test.cancelled' } satisfies Partial<Fault>);
    await expect.poll(() => double.open()).toBe(0);
  });
});

describe('types', () => {
  const parts = { owner: null, bytes: '22', characters: '0', countsCharacters: false, precision: null, scale: null };
  it.each([
    [{ ...parts, name: 'NUMBER', precision: '10', scale: '-2' }, 'NUMBER(10,-2)'],
    [{ ...parts, name: 'FLOAT', precision: '126' }, 'FLOAT(126)'],
    [{ ...parts, name: 'NVARCHAR2', bytes: '80', characters: '40' }, 'NVARCHAR2(40)'],
    [{ ...parts, name: 'RAW', bytes: '16' }, 'RAW(16)'],
    [{ ...parts, name: 'XMLTYPE', owner: 'SYS' }, 'XMLTYPE'],
    [{ ...parts, name: 'ADDRESS_T', owner: 'HR' }, 'HR.ADDRESS_T'],
    [{ ...parts, name: 'INTERVAL DAY(2) TO SECOND(6)' }, 'INTERVAL DAY(2) TO SECOND(6)'],
  ])('%o', (from, text) => {
    expect(typeText(from)).toBe(text);
  });
});
