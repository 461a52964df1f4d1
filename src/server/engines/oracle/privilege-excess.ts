import type { Excess } from '../../../contract/connections.ts';
import { shownName, shownText, someNames } from '../shown-name.ts';
import type { Row } from './session.ts';

type Rule = readonly [fits: RegExp, what: string, severe: boolean];

/** What lets a login sign in and look at things, and no more. */
const harmless =
  /^(CREATE SESSION|ALTER SESSION|RESTRICTED SESSION|SET CONTAINER|(SELECT|READ) ANY TABLE|QUERY REWRITE|GLOBAL QUERY REWRITE|INHERIT (ANY )?(REMOTE )?PRIVILEGES|TRANSLATE (ANY )?SQL|USE ANY .*|ENABLE .*)$/;

/** System privileges and what they allow; the first that fits. */
const systemRules: readonly Rule[] = [
  [/^SYS(DBA|OPER|BACKUP|DG|KM|RAC|ASM)$/, 'Administer the whole database', true],
  [/^GRANT ANY /, 'Hand out rights, also to itself', true],
  [/^(CREATE|ALTER|DROP) USER$|^BECOME USER$|^ALTER PROFILE$|^ALTER ANY ROLE$/, 'Make, change and become other users', true],
  [/^ALTER (SYSTEM|DATABASE)$|^ADMINISTER KEY MANAGEMENT$|^AUDIT (ANY|SYSTEM)$/, 'Change how the whole database runs', true],
  [/LIBRARY|EXTERNAL JOB|ANY DIRECTORY|CREDENTIAL/, 'Run programs or reach files of the database server', true],
  [
    /^(CREATE|ALTER|EXECUTE|DEBUG) ANY (PROCEDURE|TRIGGER|JOB|PROGRAM|CLASS)|^ADMINISTER DATABASE TRIGGER$|^EXECUTE ASSEMBLY/,
    'Run code with the rights of other users',
    true,
  ],
  [/^(EXPORT|IMPORT) FULL DATABASE$/, 'Copy the whole database out or in', true],
  [/^(INSERT|UPDATE|DELETE|LOCK) ANY TABLE$/, 'Write or lock the tables of every schema', false],
  [/^(ALTER|DROP|CREATE|COMMENT|REDEFINE|FLASHBACK|UNDER|ANALYZE|BACKUP|MERGE) ANY /, 'Change objects in every schema', false],
  [/^SELECT ANY SEQUENCE$/, 'Move the sequences of every schema', false],
  [/^SELECT ANY DICTIONARY$/, 'Read the whole dictionary, with what others run and own', false],
  [/^EXEMPT /, 'Read what policies hide', false],
  [/DATABASE LINK$/, 'Make links to other databases', false],
  [/^CREATE JOB$|^MANAGE SCHEDULER$|^CREATE RULE/, 'Make jobs that run by themselves', false],
  [/^UNLIMITED TABLESPACE$/, 'Fill the disks of the database', false],
  [/^CREATE /, 'Create objects of its own', false],
];

const roleRules: Readonly<Record<string, string>> = {
  DBA: 'Everything in the database',
  CDB_DBA: 'Everything in the container database',
  PDB_DBA: 'Everything in the pluggable database',
  RDS_MASTER_ROLE: 'Administer the database',
  IMP_FULL_DATABASE: 'Copy the whole database in',
  EXP_FULL_DATABASE: 'Copy the whole database out',
  DATAPUMP_IMP_FULL_DATABASE: 'Copy the whole database in',
  DATAPUMP_EXP_FULL_DATABASE: 'Copy the whole database out',
  JAVASYSPRIV: 'Run programs and reach files of the database server',
  JAVA_ADMIN: 'Run programs and reach files of the database server',
  SCHEDULER_ADMIN: 'Run programs by jobs',
  EM_EXPRESS_ALL: 'Administer the database',
  DV_OWNER: 'Administer the protection of the database',
  XDBADMIN: 'Administer the repository of XML',
};
/** Roles whose holder no right is checked of. */
const everything = new Set(['DBA', 'CDB_DBA', 'PDB_DBA', 'RDS_MASTER_ROLE']);

const otherRules: Readonly<Record<string, readonly [what: (names: string) => string, cause: string, severe: boolean]>> = {
  directory: [(found) => `Reach files of the database server: the directories ${found}`, 'Rights on directories', true],
  package: [(found) => `Reach files, the network or jobs: ${found}`, 'EXECUTE on packages of the system', true],
  sequence: [(found) => `Move the sequences ${found}, past a read-only transaction`, 'SELECT or ALTER on them', false],
  definer: [(found) => `Run code with the rights of its owners: ${found}`, 'EXECUTE on procedures, functions and packages', false],
  link: [(found) => `Reach other databases by the links ${found}`, 'Its own links, and public ones', false],
};

const through = (role: string | null | undefined): string =>
  role ? `By the role ${shownName(role)}` : 'Granted to this login or to PUBLIC';

/** Whether one of the roles is such that no right is checked. */
export const isEverything = (roles: readonly string[]): boolean => roles.some((role) => everything.has(role));

export const excessOfRoles = (roles: readonly string[]): Excess[] =>
  roles.flatMap((role) =>
    Object.hasOwn(roleRules, role) ? [{ what: roleRules[role] ?? '', cause: `It has the role ${shownName(role)}`, severe: true }] : [],
  );

/** Excess by system privileges (rows of systemSql): those of the same kind and cause in one line, with their names. */
export function excessOfSystem(rows: readonly Row[]): Excess[] {
  const lines = new Map<string, { what: string; cause: string; severe: boolean; names: string[] }>();
  for (const [privilege, role] of rows) {
    const name = privilege ?? '';
    if (harmless.test(name)) continue;
    const [, what, severe] = systemRules.find(([fits]) => fits.test(name)) ?? [null, 'Do more than read', false];
    const cause = through(role);
    const line = lines.get(`${what}\0${cause}`) ?? { what, cause, severe, names: [] };
    line.names.push(name);
    lines.set(`${what}\0${cause}`, line);
  }
  return [...lines.values()].map(({ what, cause, severe, names }) => ({ what, cause: `${cause}: ${someNames(names)}`, severe }));
}

const order = ['INSERT', 'UPDATE', 'DELETE', 'ALTER', 'INDEX'];

/** Excess by tables that can be written (rows of writableSql, of the first tables): those of the same rights and cause in one line. */
export function excessOfTables(rows: readonly Row[], self: string, total: number): Excess[] {
  const grants = new Map<string, { table: string; holder: string; rights: Set<string>; columns: Set<string> }>();
  for (const [schema, table, right, column, holder] of rows) {
    const key = [schema, table, holder, column === null ? '' : 'columns'].join('\0');
    const grant = grants.get(key) ?? { table: shownName(schema, table), holder: holder ?? '', rights: new Set(), columns: new Set() };
    grant.rights.add(right ?? '');
    if (column) grant.columns.add(column);
    grants.set(key, grant);
  }
  const lines = new Map<string, { what: string; cause: string; tables: string[] }>();
  for (const { table, holder, rights, columns } of grants.values()) {
    const owner = rights.has('OWNER');
    const cause = owner
      ? 'It owns them'
      : holder === self
        ? 'Granted to this login'
        : holder === 'PUBLIC'
          ? 'Granted to PUBLIC'
          : through(holder);
    const what = owner ? 'Write, alter and drop' : order.filter((right) => rights.has(right)).join(', ');
    const line = lines.get(`${what}\0${cause}`) ?? { what, cause, tables: [] };
    line.tables.push(table + (columns.size > 0 ? ` (columns ${someNames([...columns])})` : ''));
    lines.set(`${what}\0${cause}`, line);
  }
  const named = new Set(rows.map(([schema, table]) => `${schema}\0${table}`)).size;
  const found = [...lines.values()].map(({ what, cause, tables }) => ({ what: `${what}: ${tables.join(', ')}`, cause, severe: false }));
  return total > named
    ? [...found, { what: `Write ${total - named} more tables`, cause: 'Grants of the same kinds', severe: false }]
    : found;
}

/** Excess of other kinds: names by their kind, of which there are so many. */
export function excessOfOthers(found: ReadonlyMap<string, { readonly names: readonly string[]; readonly total: number }>): Excess[] {
  return [...found].flatMap(([kind, { names, total }]) => {
    const rule = Object.hasOwn(otherRules, kind) ? otherRules[kind] : undefined;
    return rule ? [{ what: rule[0](someNames(names, total)), cause: rule[1], severe: rule[2] }] : [];
  });
}

/** So many lines are told, and so much of each: a server may send what it likes. */
const most = { lines: 25, what: 1000, cause: 300 } as const;

/** What is told of it all: the severe first, and how much more there is. */
export function toldExcess(excess: readonly Excess[]): Excess[] {
  const sorted = excess.toSorted((a, b) => Number(b.severe) - Number(a.severe));
  const left = sorted.slice(most.lines);
  const told = sorted
    .slice(0, most.lines)
    .map(({ what, cause, severe }) => ({ what: shownText(what, most.what), cause: shownText(cause, most.cause), severe }));
  return left.length === 0
    ? told
    : [...told, { what: `${left.length} more of these`, cause: 'Left out here', severe: left.some(({ severe }) => severe) }];
}
