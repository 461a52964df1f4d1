import type { ParsedString } from '../../../contract/engines.ts';
import { finish, list, newDraft } from './string-draft.ts';
import { judge } from './string-parameters.ts';
import { looksLikeUrl, readUrl } from './string-url.ts';

/** The variables that libpq reads, by the keyword each stands for. */
export const environmentNames: ReadonlyMap<string, string> = new Map([
  ['PGHOST', 'host'],
  ['PGHOSTADDR', 'hostaddr'],
  ['PGPORT', 'port'],
  ['PGDATABASE', 'dbname'],
  ['PGUSER', 'user'],
  ['PGPASSWORD', 'password'],
  ['PGSSLMODE', 'sslmode'],
  ['PGSSLROOTCERT', 'sslrootcert'],
  ['PGSSLCERT', 'sslcert'],
  ['PGSSLKEY', 'sslkey'],
  ['PGOPTIONS', 'options'],
  ['PGAPPNAME', 'application_name'],
  ['PGSERVICE', 'service'],
  ['PGPASSFILE', 'passfile'],
  ['PGSERVICEFILE', 'servicefile'],
  ['PGCLIENTENCODING', 'client_encoding'],
  ['PGCONNECT_TIMEOUT', 'connect_timeout'],
  ['PGREQUIRESSL', 'requiressl'],
  ['PGTARGETSESSIONATTRS', 'target_session_attrs'],
  ['PGCHANNELBINDING', 'channel_binding'],
  ['PGGSSENCMODE', 'gssencmode'],
  ['PGKRBSRVNAME', 'krbsrvname'],
]);

const suffixes: readonly (readonly [suffix: string, keyword: string])[] = [
  ['HOST', 'host'],
  ['HOSTNAME', 'host'],
  ['SERVER', 'host'],
  ['PORT', 'port'],
  ['DATABASE', 'dbname'],
  ['DBNAME', 'dbname'],
  ['NAME', 'dbname'],
  ['DB', 'dbname'],
  ['USERNAME', 'user'],
  ['USER', 'user'],
  ['PASSWORD', 'password'],
  ['PASS', 'password'],
  ['PWD', 'password'],
  ['SSLMODE', 'sslmode'],
  ['SSL_MODE', 'sslmode'],
  ['SSL', 'ssl'],
];

type Line = readonly [name: string, value: string];

function unquote(value: string): string {
  const quoted = /^"((?:\\[\s\S]|[^"\\])*)"/.exec(value)?.[1];
  if (quoted !== undefined) return quoted.replace(/\\(["\\$`])/g, '$1');
  return /^'([^']*)'/.exec(value)?.[1] ?? value.replace(/\s+#.*$/, '').trim();
}

/** The assignments in lines of a .env file, a shell or a compose file; null when another kind of line is among them. */
export function assignments(text: string): Line[] | null {
  const lines: Line[] = [];
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || /^[\w-]+:$/.test(line)) continue;
    const match = /^-?\s*(?:export\s+|set\s+|\$env:)?["']?([A-Za-z][A-Za-z0-9_]*)["']?(?:\s*=\s*|:\s+)(.*?);?$/.exec(line);
    if (!match) return null;
    lines.push([match[1] ?? '', unquote(match[2] ?? '')]);
  }
  return lines;
}

/** The group a variable belongs to and the keyword it stands for: PGHOST → PG, host; MY_DB_USER → MY_DB_, user. */
function keywordOf(name: string): { group: string; keyword: string } | null {
  const known = environmentNames.get(name.toUpperCase());
  if (known) return { group: 'PG', keyword: known };
  const [, group, suffix] = /^(.*?(?:DB|DATABASE|POSTGRES|POSTGRESQL|PG|SQL)_(?:.*_)?)([A-Z]+(?:_MODE)?)$/.exec(name.toUpperCase()) ?? [];
  const keyword = suffixes.find(([word]) => word === suffix)?.[1];
  return group !== undefined && keyword ? { group, keyword } : null;
}

function groupsOf(lines: readonly Line[]): string[] {
  const groups = new Map<string, Set<string>>();
  for (const [name] of lines) {
    const found = keywordOf(name);
    if (found) groups.set(found.group, (groups.get(found.group) ?? new Set()).add(found.keyword));
  }
  const worth = (keywords: Set<string>) => keywords.size + (keywords.has('host') ? 10 : 0);
  return [...groups]
    .filter(([, keywords]) => keywords.size >= 2 || keywords.has('host'))
    .sort((a, b) => worth(b[1]) - worth(a[1]))
    .map(([group]) => group);
}

/** How sure it is that the text is lines of variables about a PostgreSQL: 0 when it is not. */
export function envLikeness(text: string): number {
  const lines = assignments(text);
  if (!lines || lines.length === 0) return 0;
  if (lines.some(([, value]) => looksLikeUrl(value))) return 0.9;
  const [group] = groupsOf(lines);
  return group === undefined ? 0 : /PG|POSTGRES/.test(group) ? 0.8 : 0.4;
}

function readGroup(lines: readonly Line[], group: string, alternatives: readonly ParsedString[]): ParsedString {
  const draft = newDraft();
  for (const [name, value] of lines) {
    const found = keywordOf(name);
    if (found?.group === group) judge(draft, found.keyword, value);
    else list(draft, name, null, 'not_needed', found ? 'belongs to another database' : 'not about the database');
  }
  return finish(draft, alternatives);
}

/** Reads lines such as DATABASE_URL="…", export PGHOST=… or a group of DB_HOST, DB_USER, …: the likeliest first, the rest as alternatives. */
export function readEnv(text: string): ParsedString {
  const lines = assignments(text) ?? [];
  const urls = lines.filter(([, value]) => looksLikeUrl(value));
  if (urls.length === 0) {
    const [best, ...others] = groupsOf(lines);
    return readGroup(
      lines,
      best ?? 'PG',
      others.map((group) => readGroup(lines, group, [])),
    );
  }
  const read = urls.map(([chosen, value]) => {
    const parsed = readUrl(value);
    const rest = lines
      .filter(([name]) => name !== chosen)
      .map(([name]) => ({ name, value: null, use: 'not_needed' as const, reason: 'not about this database' }));
    return { ...parsed, parameters: [...parsed.parameters, ...rest] };
  });
  const [best, ...others] = read;
  return best ? { ...best, alternatives: [...best.alternatives, ...others] } : readGroup(lines, 'PG', []);
}
