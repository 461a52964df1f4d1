import type { Excess } from '../../../contract/connections.ts';
import { shownName, shownText, someNames } from '../shown-name.ts';
import { covers, type Grant } from './grants.ts';

/** A grant, and how the login comes by it. */
export interface Held {
  readonly grant: Grant;
  readonly cause: string;
}

/** Rights that let read and no more. */
const reading = new Set(
  `USAGE|SELECT|SHOW VIEW|SHOW DATABASES|SHOW_ROUTINE|SHOW CREATE ROUTINE|REPLICATION CLIENT|BINLOG MONITOR|SLAVE MONITOR|REPLICA MONITOR`.split(
    '|',
  ),
);
/** Rights to change what tables hold, or the tables themselves. */
const writing = new Set('ALL PRIVILEGES|INSERT|UPDATE|DELETE|DROP|ALTER|CREATE|TRIGGER|DELETE HISTORY|INSERT VISIBLE|UNKNOWN'.split('|'));
/** Rights on the whole server by which it can be taken over, copied, stopped, or made to reach files and programs. */
const severe: Readonly<Record<string, string>> = {
  'ALL PRIVILEGES': 'Everything on the server',
  FILE: 'Read and write files of the database server',
  SUPER: 'Administer the server',
  SHUTDOWN: 'Stop the server',
  'CREATE USER': 'Create accounts and change their passwords',
  'CREATE ROLE': 'Create roles',
  'REPLICATION SLAVE': 'Copy the whole server by replication',
  'REPLICATION REPLICA': 'Copy the whole server by replication',
  'CREATE TABLESPACE': 'Create tablespaces',
  SYSTEM_USER: 'Change the accounts of administrators',
  SET_USER_ID: 'Have programs run as another account',
  SET_ANY_DEFINER: 'Have programs run as another account',
  'SET USER': 'Have programs run as another account',
  PROXY: 'Act as another account',
  UNKNOWN: 'A right that Portcullis does not know',
};
const isSevere = (right: string): boolean => Object.hasOwn(severe, right) || /[_ ]ADMIN$/.test(right);
const system = ['mysql', 'sys'];
/** What single rights of a database allow, in words. */
const words: Readonly<Record<string, string>> = {
  EXECUTE: 'Run stored programs, perhaps with the rights of their owners',
  'LOCK TABLES': 'Lock tables',
  'CREATE TEMPORARY TABLES': 'Create temporary tables',
  PROCESS: 'See the statements of others',
  RELOAD: 'Flush and reset parts of the server',
};

const list = (rights: readonly string[]): string => rights.map((right) => shownName(right)).join(', ');

function ofEverything(rights: readonly string[], option: boolean): [what: string, severe: boolean][] {
  const named = rights
    .filter((right) => isSevere(right))
    .map((right) => severe[right] ?? `Administer part of the server (${shownName(right)})`);
  // The tables in which accounts are kept are among all tables.
  const writes = rights.filter((right) => writing.has(right) && !isSevere(right));
  const rest = rights.filter((right) => !isSevere(right) && !writing.has(right));
  return [
    ...[...new Set(named)].map((what): [string, boolean] => [what, true]),
    ...(writes.length > 0
      ? [[`Write every database of the server, that of the accounts too: ${list(writes)}`, true] as [string, boolean]]
      : []),
    ...(option ? [['Hand its rights on the whole server on to others', true] as [string, boolean]] : []),
    ...rest.map((right): [string, boolean] => [words[right] ?? `${shownName(right)} on the whole server`, false]),
  ];
}

function ofOne({ scope, schema, table, rights, option }: Grant, more: readonly string[]): [what: string, severe: boolean][] {
  const where = scope === 'schema' ? `the database ${shownName(schema)}` : `${scope} ${shownName(schema, table)}`;
  const columns = rights.flatMap((right) => (more.includes(right.right) ? right.columns : []));
  const on = columns.length > 0 ? ` (columns ${someNames(columns)})` : '';
  const only = more.length === 1 ? words[more[0] ?? ''] : undefined;
  const what = only ? `${only}: ${where}` : `${list(more)} on ${where}${on}`;
  const taken = system.some((one) => covers(schema, one)) && more.some((right) => writing.has(right));
  return [
    ...(more.length > 0 ? [[what, taken] as [string, boolean]] : []),
    ...(option ? [[`Hand its rights on ${where} on to others`, taken] as [string, boolean]] : []),
  ];
}

/** Excess by grants. */
export function excessOf(held: readonly Held[]): Excess[] {
  const seen = new Set<string>();
  return held.flatMap(({ grant, cause }) => {
    const more = grant.rights.map(({ right }) => right).filter((right) => !reading.has(right));
    const everywhere = grant.scope === 'everything' || grant.scope === 'proxy';
    const found = everywhere ? ofEverything(more, grant.option) : ofOne(grant, more);
    return found.flatMap(([what, isGrave]) => {
      if (seen.has(`${what}\0${cause}`)) return [];
      seen.add(`${what}\0${cause}`);
      return [{ what, cause, severe: isGrave }];
    });
  });
}

/** A table that can be written, by the right that shows it best: a column of it where only that may be changed. */
export interface Writable {
  readonly table: string;
  readonly right: string;
  readonly column: string | null;
}

/** Whether a grant lets write in a database: all its tables, the one that it names, or none. */
export function writes({ scope, schema, table, rights }: Grant, database: string): 'all' | Writable | null {
  const found = rights.filter(({ right }) => writing.has(right)).toSorted((a, b) => a.right.localeCompare(b.right));
  const [first] = found;
  if (!first) return null;
  if (scope === 'everything') return 'all';
  if (scope === 'schema') return covers(schema, database) ? 'all' : null;
  if (scope !== 'table' || schema.toLowerCase() !== database.toLowerCase()) return null;
  const best = found.find(({ right }) => /^(DELETE|INSERT|UPDATE)$/.test(right)) ?? first;
  return { table, right: best.right, column: best.columns[0] ?? null };
}

/** So many lines are told, and so much of each: a server may send what it likes. */
const most = { lines: 25, what: 1000, cause: 300 } as const;

/** What is told of it all: the severe first, and how much more there is. */
export function toldExcess(excess: readonly Excess[]): Excess[] {
  const sorted = excess.toSorted((a, b) => Number(b.severe) - Number(a.severe));
  const left = sorted.slice(most.lines);
  const told = sorted
    .slice(0, most.lines)
    .map((one) => ({ what: shownText(one.what, most.what), cause: shownText(one.cause, most.cause), severe: one.severe }));
  return left.length === 0
    ? told
    : [...told, { what: `${left.length} more of these`, cause: 'Left out here', severe: left.some((one) => one.severe) }];
}
