import type { Excess } from '../../../contract/connections.ts';
import { shownName, shownText, someNames } from '../shown-name.ts';
import type { Row } from './answer.ts';
import { databaseRights, databaseRoles, others, serverRights, serverRoles } from './privilege-rules.ts';

type Rule = readonly [what: string, severe: boolean];
const ruleOf = (rules: Readonly<Record<string, Rule>>, name: string): Rule | undefined =>
  Object.hasOwn(rules, name) ? rules[name] : undefined;

/** Excess by the roles that it is a member of (rows of rolesSql). */
export const excessOfRoles = (rows: readonly Row[]): Excess[] =>
  rows.flatMap(([where, name]) => {
    if (where === 'USER')
      return name === 'dbo' ? [{ what: 'Everything in this database', cause: 'It owns the database (dbo)', severe: false }] : [];
    const rule = ruleOf(where === 'SERVER' ? serverRoles : databaseRoles, String(name));
    return rule ? [{ what: rule[0], cause: `It is a member of ${String(name)}`, severe: rule[1] }] : [];
  });

/** Excess by rights on the server and the database (rows of rightsSql). What the strongest ones hold within them is not told beside them. */
export function excessOfRights(rows: readonly Row[]): Excess[] {
  const of = (where: string) => rows.filter((row) => row[0] === where).map((row) => String(row[1]));
  const told = (names: readonly string[], rules: Readonly<Record<string, Rule>>, all: string, on: string) =>
    (names.includes(all) ? [all] : names).flatMap((name) => {
      const rule = ruleOf(rules, name);
      return rule ? [{ what: rule[0], cause: `${name} on the ${on}`, severe: rule[1] }] : [];
    });
  return [...told(of('SERVER'), serverRights, 'CONTROL SERVER', 'server'), ...told(of('DATABASE'), databaseRights, 'CONTROL', 'database')];
}

/** A relation and what may be done to it. */
export interface Relation {
  readonly schema: string;
  readonly name: string;
  readonly readable: boolean;
  readonly rights: readonly string[];
}

const rights = ['INSERT', 'UPDATE', 'DELETE', 'ALTER'] as const;

/** Rows of relationsSql, with the rights to single columns (rows of columnRightsSql) beside them. */
export function relationsOf(rows: readonly Row[], columns: readonly Row[]): Relation[] {
  const single = new Map<string, Set<string>>();
  for (const [schema, table, right] of columns) {
    const key = `${schema}\0${table}`;
    single.set(key, (single.get(key) ?? new Set()).add(String(right)));
  }
  return rows.map(([schema, name, read, ...may]) => {
    const own = single.get(`${schema}\0${name}`);
    const held: string[] = rights.filter((_, at) => may[at] === 1);
    if (own?.has('UPDATE') && !held.includes('UPDATE')) held.push('UPDATE of some columns');
    return { schema: String(schema), name: String(name), readable: read === 1 || (own?.has('SELECT') ?? false), rights: held };
  });
}

/** How a right to a table came about, as far as the grants that the login can see tell (rows of grantsSql). */
function causeOf(relation: Relation, grants: readonly Row[]): string {
  const found = grants.find(
    ([kind, schema, object]) =>
      (kind === 'OBJECT_OR_COLUMN' && schema === relation.schema && object === relation.name) ||
      (kind === 'SCHEMA' && schema === relation.schema),
  );
  if (!found) return 'A role or a right of a wider kind';
  const on = found[0] === 'SCHEMA' ? `on the schema ${shownName(relation.schema)}` : 'on them';
  return `${String(found[3])} ${on}, granted to ${shownName(String(found[4]))}`;
}

const mostTables = 20;

/** Excess by tables that can be written: those of the same rights and cause in one line, with their names. */
export function excessOfTables(relations: readonly Relation[], grants: readonly Row[]): Excess[] {
  const writable = relations.filter((relation) => relation.rights.length > 0);
  const lines = new Map<string, { what: string; cause: string; tables: string[] }>();
  for (const relation of writable.slice(0, mostTables)) {
    const what = relation.rights.join(', ');
    const cause = causeOf(relation, grants);
    const line = lines.get(`${what}\0${cause}`) ?? { what, cause, tables: [] };
    line.tables.push(shownName(relation.schema, relation.name));
    lines.set(`${what}\0${cause}`, line);
  }
  const found = [...lines.values()].map(({ what, cause, tables }) => ({ what: `${what}: ${tables.join(', ')}`, cause, severe: false }));
  const left = writable.length - mostTables;
  return left > 0 ? [...found, { what: `Write ${left} more tables`, cause: 'Rights of the same kinds', severe: false }] : found;
}

/** Excess of other kinds: rows of othersSql and serverSql. */
export function excessOfOthers(rows: readonly Row[]): Excess[] {
  const byKind = Map.groupBy(rows, ([kind]) => String(kind));
  return [...byKind].flatMap(([kind, found]) => {
    const rule = Object.hasOwn(others, kind) ? others[kind] : undefined;
    return rule ? [{ what: rule[0](someNames(found.map(([, name]) => String(name)))), cause: rule[1], severe: rule[2] }] : [];
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
