import type { ParsedString } from '../../contract/engines.ts';
import { type Draft, finish, finishAll, list, newDraft, type World } from './string-draft.ts';
import { hardly, type Kind } from './string-reader.ts';

const suffixes = new Map(
  Object.entries({
    host: 'HOST HOSTNAME SERVER',
    port: 'PORT TCP_PORT',
    database: 'DATABASE DBNAME NAME DB DATABASE_NAME DB_NAME',
    user: 'USERNAME USER USER_ID UID USER_NAME',
    password: 'PASSWORD PASS PWD PASSWD',
    sslmode: 'SSLMODE SSL_MODE',
    ssl: 'SSL',
  }).flatMap(([keyword, names]) => names.split(' ').map((name) => [name, keyword] as const)),
);

type Line = readonly [name: string, value: string];

function unquote(value: string): string {
  const quoted = /^"((?:\\[\s\S]|[^"\\])*)"/.exec(value)?.[1];
  if (quoted !== undefined) return quoted.replace(/\\(["\\$`])/g, '$1');
  return /^'([^']*)'/.exec(value)?.[1] ?? value.replace(/(?<!\s)\s+#.*$/, '').trim();
}

const assignment = /^-?\s*(?:export\s+|set\s+|\$env:)?["']?([A-Za-z][\w.]*)["']?(?:\s*=\s*|:\s+)(.*)$/;

/** The assignments in lines of a .env file, a shell or a compose file; null when another kind of line is among them. */
export function assignments(text: string): Line[] | null {
  const lines: Line[] = [];
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || /^["'\w-]+:\s*\{?$|^[{}\],]+$/.test(line)) continue;
    const match = assignment.exec(line);
    if (!match) return null;
    lines.push([match[1] ?? '', unquote((match[2] ?? '').replace(/;$/, ''))]);
  }
  return lines;
}

/** What a world's variables look like. */
export interface Variables {
  readonly world: World;
  /** Variables that have a meaning of their own, by the keyword each stands for, and the group they make. */
  readonly names: ReadonlyMap<string, string>;
  readonly group: string;
  /** Words of which one stands in the name of a variable of this world: the POSTGRES of POSTGRES_HOST. */
  readonly words: RegExp;
  /** Ends of names that only this world has, by the keyword each stands for. */
  readonly ends?: ReadonlyMap<string, string>;
  /** What DB_CONNECTION, DB_DRIVER, … say where the database is of this world. */
  readonly driver: RegExp;
  /** Whether a value is a whole connection string, and how it is read: a draft for each way, the likeliest first. */
  isString(value: string, name: string): boolean;
  readString(value: string): Draft[];
}

interface Meaning {
  readonly group: string;
  readonly keyword: string;
}

const generic = /^(?:DB|DATABASE|SQL|(?:MY|APP|WEB|MAIN|TEST|PROD)DB)$/;
const kindName = /^(?:(?:(.+)_)?(?:DRIVER|DIALECT|ADAPTER)|(.+)_(?:CONNECTION|ENGINE|CLIENT|TYPE|DBMS|PROVIDER))$/;
const plainName = (name: string): string => name.toUpperCase().replaceAll('.', '_');

/** A name parted into what it begins with and the keyword its end stands for: MY_DB_USER → MY_DB, user. */
function parted(name: string, ends: ReadonlyMap<string, string> | undefined): Meaning | null {
  const words = plainName(name).slice(0, 80).split('_');
  for (const length of [2, 1]) {
    const end = words.slice(-length).join('_');
    const keyword = words.length > length ? (ends?.get(end) ?? suffixes.get(end)) : undefined;
    if (keyword) return { group: words.slice(0, -length).join('_'), keyword };
  }
  return null;
}

/** The group a variable belongs to and the keyword it stands for, where it is about a database of this world. */
function meaningOf(name: string, { names, group, words, ends }: Variables): Meaning | null {
  const keyword = names.get(plainName(name));
  if (keyword) return { group, keyword };
  const found = parted(name, ends);
  return found?.group.split('_').some((word) => words.test(word) || generic.test(word)) ? found : null;
}

function groupsOf(lines: readonly Line[], variables: Variables): string[] {
  const groups = new Map<string, Set<string>>();
  for (const [name] of lines) {
    const found = meaningOf(name, variables);
    if (found) groups.set(found.group, (groups.get(found.group) ?? new Set()).add(found.keyword));
  }
  const worth = (keywords: Set<string>) => keywords.size + (keywords.has('host') ? 10 : 0);
  return [...groups]
    .filter(([, keywords]) => keywords.size >= 2 || keywords.has('host'))
    .sort((a, b) => worth(b[1]) - worth(a[1]))
    .map(([group]) => group);
}

/** What variables beside a group say of its kind: DB_CONNECTION, DB_DRIVER, …, but not the CACHE_DRIVER of something else. */
function kindsSaid(lines: readonly Line[], group: string): string[] {
  return lines.flatMap(([name, value]) => {
    const found = kindName.exec(plainName(name));
    const about = found?.[1] ?? found?.[2] ?? group;
    return found && (about === group || generic.test(about)) ? [value] : [];
  });
}

function likeness(lines: readonly Line[], variables: Variables): number {
  if (lines.some(([name, value]) => variables.isString(value, name))) return 0.9;
  const [group] = groupsOf(lines, variables);
  if (group === undefined) return 0;
  if (group === variables.group || group.split('_').some((word) => variables.words.test(word))) return 0.8;
  const said = kindsSaid(lines, group);
  if (said.length > 0) return said.some((value) => variables.driver.test(value)) ? 0.85 : hardly;
  const port = lines.find(([name]) => {
    const found = meaningOf(name, variables);
    return found?.group === group && found.keyword === 'port';
  })?.[1];
  // Its usual port speaks for a world; DB_HOST and DB_USER alone could be any's.
  return port === String(variables.world.port) ? 0.45 : 0.4;
}

function readGroup(lines: readonly Line[], group: string | undefined, variables: Variables, others: readonly ParsedString[]): ParsedString {
  const draft = newDraft(variables.world);
  for (const [name, value] of lines) {
    const found = meaningOf(name, variables);
    if (found && found.group === group) variables.world.judge(draft, found.keyword, value);
    else list(draft, name, null, 'not_needed', found ? 'belongs to another database or login' : 'not about the database');
  }
  return finish(draft, others);
}

/** Reads one variable that holds a whole string, with a login from variables beside it: X_URL with X_USERNAME and X_PASSWORD. */
function readChosen([chosen, value]: Line, lines: readonly Line[], variables: Variables): Draft[] {
  const prefix = plainName(chosen).replace(/_?[A-Z\d]*$/, '');
  const drafts = variables.readString(value);
  for (const draft of drafts) {
    for (const [name, beside] of lines.filter(([other]) => other !== chosen)) {
      const found = parted(name, undefined);
      const login = found && (found.keyword === 'user' || found.keyword === 'password') && prefix !== '' && found.group === prefix;
      if (login) variables.world.judge(draft, found.keyword, beside);
      else list(draft, name, null, 'not_needed', 'not about this database');
    }
  }
  return drafts;
}

function readLines(lines: readonly Line[], variables: Variables): ParsedString {
  const strings = lines.filter(([name, value]) => variables.isString(value, name)).slice(0, 12);
  const [best, ...others] = strings.map((line) => readChosen(line, lines, variables));
  if (best) {
    const [first, ...ways] = best;
    if (first) return finishAll([first, ...ways, ...others.flat()]);
  }
  const [group, ...groups] = groupsOf(lines, variables);
  const rest = groups.slice(0, 12).map((other) => readGroup(lines, other, variables, []));
  return readGroup(lines, group, variables, rest);
}

/** Reads lines such as DATABASE_URL="…", export PGHOST=… or a group of DB_HOST, DB_USER, …: the likeliest first, the rest as alternatives. */
export function envKind(variables: Variables): Kind {
  return {
    likeness: (text) => {
      const lines = assignments(text);
      return lines && lines.length > 0 ? likeness(lines, variables) : 0;
    },
    read: (text) => readLines(assignments(text) ?? [], variables),
  };
}
