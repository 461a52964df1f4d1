import { settings } from '../../src/server/engines/oracle/settings.sql.ts';
import type { OracleAnswer } from './oracle-answer.ts';
import { type OracleValue, ora } from './oracle-values.ts';

type Rows = readonly (readonly OracleValue[])[];

/** Rows of texts and numbers as an answer; a column is a number where its first value is one. */
export function answerOf(rows: Rows, width = rows[0]?.length ?? 1): OracleAnswer {
  const cols = Array.from({ length: width }, (_, index) => {
    const isNumber = rows.some((row) => typeof row[index] === 'number');
    return { name: `C${index + 1}`, type: isNumber ? ora.NUMBER : ora.VARCHAR };
  });
  return { cols, rows };
}

export const failure = (num: number, message: string, pos = 0): OracleAnswer => ({
  error: { num, message: `ORA-${String(num).padStart(5, '0')}: ${message}`, pos },
});

/** What is asked for, by words of the statement, and the rows that answer it; the first that fits. */
export type Paper = readonly (readonly [words: RegExp, rows: Rows | OracleAnswer])[];

const schema = 'APP';
/** A small schema as the ALL_ views of a database tell it, in the columns that are asked for. */
export const samplePaper: Paper = [
  [/^SELECT owner FROM sys\.all_tables/, [[schema], ["O'BRIEN"]]],
  [/FROM sys\.nls_session_parameters/, Object.entries(settings)],
  [/NETWORK_PROTOCOL/, [['FREE', 'example.com', 'FREEPDB1', 'tcps', 'PRIMARY']]],
  [/FROM sys\.v_\$database/, failure(942, 'table or view does not exist', 24)],
  [/FROM sys\.v_\$version/, [['Oracle Database 19c Enterprise Edition Release 19.0.0.0.0 - Production']]],
  [/FROM sys\.dual.*FOR UPDATE/, failure(1456, 'may not perform insert/delete/update operation inside a READ ONLY transaction')],
  [/FROM sys\.dual WHERE EXISTS/, [[1]]],
  [/^SELECT COUNT\(\*\), COUNT\(DISTINCT owner\)/, [[4, 1]]],
  [/SELECT COUNT\(\*\) FROM sys\.session_privs/, [['READER', 0]]],
  [/privilege IN \('SELECT', 'READ'\)/, [['CREW', 'SHIP', 'SAILING'].map((name) => [schema, name])].flat()],
  [/FROM sys\.all_mviews/, [[schema, 'TONS', 'TONS']]],
  [/FROM sys\.all_external_tables/, [[schema, 'LOGBOOK']]],
  [/FROM sys\.all_part_tables/, [[schema, 'VOYAGE', 'RANGE']]],
  [
    /FROM sys\.all_part_key_columns/,
    [
      [schema, 'VOYAGE', 'SAILED'],
      [schema, 'VOYAGE', 'ID'],
    ],
  ],
  [
    /FROM sys\.all_tab_partitions/,
    [
      [schema, 'VOYAGE', 'P2023'],
      [schema, 'VOYAGE', 'P2024'],
      [schema, 'BIN$x', 'P'],
    ],
  ],
  [
    /^SELECT owner, table_name, num_rows/,
    [
      [schema, 'CREW', 2, 'NO'],
      [schema, 'LOGBOOK', null, 'NO'],
      [schema, 'SHIP', 2, 'NO'],
      [schema, 'TONS', 7, 'NO'],
      [schema, 'VOYAGE', 12_345_678_901, 'YES'],
      [schema, "od'd; DROP TABLE crew --", 1, 'NO'],
    ],
  ],
  [/FROM sys\.all_views/, [[schema, 'SAILING']]],
  [
    /FROM sys\.all_dependencies/,
    [
      [schema, 'SAILING', schema, 'CREW'],
      [schema, 'SAILING', schema, 'SHIP'],
    ],
  ],
  [
    /FROM sys\.all_tab_cols/,
    [
      [schema, 'CREW', 1, 'ID', 'NUMBER', null, 22, 0, null, 9, 0, 'N', 'YES', 'NO', '"APP"."ISEQ$$_1".nextval'],
      [schema, 'CREW', 2, 'NAME', 'VARCHAR2', null, 160, 40, 'C', null, null, 'N', 'NO', 'NO', null],
      [schema, 'CREW', 3, 'BORN', 'DATE', null, 7, 0, null, null, null, 'Y', 'NO', 'NO', "DATE '1970-01-01' "],
      [schema, 'CREW', 4, 'BOSS', 'NUMBER', null, 22, 0, null, null, 0, 'Y', 'NO', 'NO', null],
      [schema, 'CREW', 5, 'HOME', 'SDO_GEOMETRY', 'MDSYS', 1, 0, null, null, null, 'Y', 'NO', 'NO', null],
      [schema, 'SHIP', 1, 'IMO', 'VARCHAR2', null, 7, 7, 'B', null, null, 'N', 'NO', 'NO', null],
      [schema, 'SHIP', 2, 'TONS', 'NUMBER', null, 22, 0, null, 9, 2, 'Y', 'NO', 'NO', null],
      [schema, 'SHIP', 3, 'HEAVY', 'NUMBER', null, 22, 0, null, null, null, 'Y', 'NO', 'YES', 'CASE WHEN "TONS">1000 THEN 1 END'],
      [schema, 'SHIP', 4, 'BUILT', 'TIMESTAMP(6) WITH TIME ZONE', null, 13, 0, null, null, 6, 'Y', 'NO', 'NO', null],
      [schema, 'BIN$x', 1, 'GONE', 'RAW', null, 16, 0, null, null, null, 'Y', 'NO', 'NO', null],
    ],
  ],
  [
    /constraint_type IN \('P', 'U'\)/,
    [
      [schema, 'CREW_PK', 'CREW', 'P', 'ID'],
      [schema, 'SHIP_PK', 'SHIP', 'P', 'IMO'],
      [schema, 'SHIP_PK', 'SHIP', 'P', 'TONS'],
      [schema, 'SHIP_UK', 'SHIP', 'U', 'HEAVY'],
    ],
  ],
  [
    /constraint_type = 'R'/,
    [
      [schema, 'CREW_BOSS', 'CREW', schema, 'CREW_PK', 'NO ACTION', 'NOT VALIDATED', 'BOSS'],
      [schema, 'CREW_SHIP', 'CREW', schema, 'SHIP_PK', 'CASCADE', 'VALIDATED', 'NAME'],
      [schema, 'CREW_SHIP', 'CREW', schema, 'SHIP_PK', 'CASCADE', 'VALIDATED', 'BORN'],
      [schema, 'CREW_UNSEEN', 'CREW', 'OTHER', 'OTHER_PK', 'SET NULL', 'VALIDATED', 'BORN'],
    ],
  ],
  [/FROM sys\.all_ind_expressions/, [[schema, 'CREW_BY_NAME', 1, 'LOWER("NAME")']]],
  [
    /FROM sys\.all_indexes/,
    [
      [schema, 'CREW', schema, 'CREW_BY_NAME', 'NONUNIQUE', 'VALID', 'FUNCTION-BASED NORMAL', 'SYS_NC00006$', 'ASC', 1],
      [schema, 'CREW', schema, 'CREW_BY_NAME', 'NONUNIQUE', 'VALID', 'FUNCTION-BASED NORMAL', 'BORN', 'DESC', 2],
      [schema, 'SHIP', schema, 'SHIP_PK', 'UNIQUE', 'UNUSABLE', 'NORMAL', 'IMO', 'ASC', 1],
    ],
  ],
  [/FROM sys\.all_tab_comments/, [[schema, 'CREW', null, 'Who sails']]],
  [/FROM sys\.all_mview_comments/, [[schema, 'TONS', null, 'snapshot table']]],
  [/FROM sys\.all_col_comments/, [[schema, 'CREW', 'NAME', 'As in the passport']]],
  [/GROUP BY owner HAVING/, [[0]]],
];

/** A login that may sign in, and read what was granted: rights as the views of the dictionary tell them. */
export const readerRights: Paper = [
  [/FROM sys\.user_sys_privs/, [['CREATE SESSION', null]]],
  [/SELECT role FROM sys\.session_roles/, answerOf([], 1)],
  [/^SELECT owner, table_name, privilege/, answerOf([], 5)],
  [/COUNT\(DISTINCT table_schema/, [[0]]],
  [/^SELECT kind, name/, answerOf([], 2)],
  [/^DELETE FROM/, failure(1031, 'insufficient privileges', 19)],
];

/** Answers statements by what is on paper; what changes the session or ends it is done without a word. */
export function paperAnswer(...papers: readonly Paper[]): (sql: string) => OracleAnswer {
  const all = [...papers.flat(), ...readerRights, ...samplePaper];
  return (sql) => {
    const found = all.find(([words]) => words.test(sql.replace(/\s+/g, ' ')))?.[1];
    if (found === undefined)
      return /^\s*(ALTER SESSION|SET TRANSACTION|BEGIN)\b/.test(sql)
        ? { rowCount: 0 }
        : /^\s*SELECT 1\b/.test(sql)
          ? answerOf([[1]])
          : failure(942, 'table or view does not exist', 14);
    return Array.isArray(found) ? answerOf(found) : (found as OracleAnswer);
  };
}
