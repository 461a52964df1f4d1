import { z } from 'zod';
import type { Excess } from '../../../contract/connections.ts';
import { shownName, shownText, someNames } from '../shown-name.ts';
import type { Row } from './session.ts';

const names = z.array(z.string());
const list = (json: string | null | undefined): string[] => (json ? names.parse(JSON.parse(json)) : []);

/** A role that the login is, or whose rights it has or can take on. */
export interface Reached {
  readonly name: string;
  readonly self: boolean;
  readonly inherited: boolean;
  readonly attributes: readonly string[];
}

const attributes = ['superuser', 'createrole', 'createdb', 'replication', 'bypassrls'] as const;

/** Reads a row of rolesSql. */
export function reachedOf([name, self, inherited, ...flags]: Row): Reached {
  return {
    name: name ?? '',
    self: self === 't',
    inherited: inherited === 't',
    attributes: attributes.filter((_, at) => flags[at] === 't'),
  };
}

const attributeRules: Record<string, readonly [what: string, severe: boolean]> = {
  superuser: ['Everything on the server: no right is checked', true],
  createrole: ['Create roles and hand out rights', true],
  replication: ['Copy the whole server by replication', true],
  createdb: ['Create databases', false],
  bypassrls: ['Read rows that row-level security hides', false],
};

const roleRules: Record<string, readonly [what: string, severe: boolean]> = {
  pg_execute_server_program: ['Run programs on the database server', true],
  pg_read_server_files: ['Read files of the database server', true],
  pg_write_server_files: ['Write files of the database server', true],
  pg_create_subscription: ['Make the server connect to others', true],
  rds_superuser: ['Administer the server', true],
  rds_replication: ['Copy the whole server by replication', true],
  cloudsqlsuperuser: ['Administer the server', true],
  alloydbsuperuser: ['Administer the server', true],
  azure_pg_admin: ['Administer the server', true],
  neon_superuser: ['Administer the server', true],
  pg_write_all_data: ['Write every table', false],
  pg_maintain: ['Maintain every table', false],
  pg_signal_backend: ['End the sessions of others', false],
};

const otherRules: Record<string, readonly [what: (names: string) => string, cause: string, severe: boolean]> = {
  sequence: [(found) => `Move the sequences ${found}`, 'USAGE or UPDATE on them', false],
  schema: [(found) => `Create objects in the schemas ${found}`, 'CREATE on them (up to PostgreSQL 14 everyone has it on public)', false],
  database: [() => 'Create schemas in this database', 'CREATE on the database', false],
  owner: [() => 'Alter and drop this database', 'It owns the database, or is a member of the role that does', false],
  definer: [(found) => `Run functions with the rights of their owners: ${found}`, 'EXECUTE on SECURITY DEFINER functions', false],
  language: [(found) => `Write functions that run anything on the server: ${found}`, 'USAGE on an untrusted language', true],
  files: [(found) => `Reach files of the database server: ${found}`, 'EXECUTE on these functions', true],
  remote: [(found) => `Reach other servers, past a read-only transaction: ${found}`, 'EXECUTE on functions of an extension', false],
};

const order = ['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER', 'MAINTAIN'];

const take = (role: Reached): string =>
  role.inherited ? `It is a member of the role ${shownName(role.name)}` : `It can take on the role ${shownName(role.name)} (SET ROLE)`;

/** Excess by what the role, or one that it can become, is. */
export function excessOfRoles(roles: readonly Reached[]): Excess[] {
  const self = roles.find((role) => role.self);
  const seen = self?.attributes.includes('superuser') ? [self] : roles;
  return seen.flatMap((role) => {
    const cause = (attribute: string) =>
      role.self ? `The role is ${attribute.toUpperCase()}` : `${take(role)}, which is ${attribute.toUpperCase()}`;
    const superuser = role.attributes.includes('superuser');
    const held = (superuser ? ['superuser'] : role.attributes).map((attribute) => ({ attribute, rule: attributeRules[attribute] }));
    const rule = !role.self && Object.hasOwn(roleRules, role.name) ? roleRules[role.name] : undefined;
    return [
      ...held.flatMap((one) => (one.rule ? [{ what: one.rule[0], cause: cause(one.attribute), severe: one.rule[1] }] : [])),
      ...(rule ? [{ what: rule[0], cause: take(role), severe: rule[1] }] : []),
    ];
  });
}

/** Excess by tables that can be written (rows of writableSql): those of the same rights and cause in one line, with their names. */
export function excessOfTables(rows: readonly Row[], roles: readonly Reached[], total: number): Excess[] {
  const lines = new Map<string, { what: string; cause: string; tables: string[] }>();
  const named = new Set(rows.map(([schema, table]) => `${schema}\0${table}`)).size;
  for (const [schema, table, rights, columns, holder, isPublic] of rows) {
    const role = roles.find((one) => one.name === holder);
    const owner = list(rights).includes('OWNER');
    const grant = isPublic === 't' ? 'Granted to PUBLIC' : !role || role.self ? 'Granted to this login' : take(role);
    const cause = !owner ? grant : role?.self ? 'It owns them' : role ? `${take(role)}, which owns them` : 'Owned by a role of its';
    const on = columns ? ` (columns ${someNames(list(columns))})` : '';
    const what = owner ? 'Write, alter and drop' : order.filter((right) => list(rights).includes(right)).join(', ');
    const line = lines.get(`${what}${on}\0${cause}`) ?? { what, cause, tables: [] };
    line.tables.push(shownName(schema, table) + on);
    lines.set(`${what}${on}\0${cause}`, line);
  }
  const found = [...lines.values()].map(({ what, cause, tables }) => ({ what: `${what}: ${tables.join(', ')}`, cause, severe: false }));
  return total > named
    ? [...found, { what: `Write ${total - named} more tables`, cause: 'Grants of the same kinds', severe: false }]
    : found;
}

/** Excess of other kinds: rows of othersSql. */
export function excessOfOthers(rows: readonly Row[]): Excess[] {
  return rows.flatMap(([kind, total, found]) => {
    const rule = Object.hasOwn(otherRules, kind ?? '') ? otherRules[kind ?? ''] : undefined;
    return rule ? [{ what: rule[0](someNames(list(found), Number(total))), cause: rule[1], severe: rule[2] }] : [];
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
