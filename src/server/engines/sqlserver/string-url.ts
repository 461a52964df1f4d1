import { type Draft, fill, list, newDraft, problem, unreadable } from '../string-draft.ts';
import { semicolonPairs, tornPairs } from '../string-pairs.ts';
import { folded } from '../string-rules.ts';
import { decode, type Split, tornUrl, urlDrafts } from '../string-url.ts';
import { sqlserverWorld } from './string-parameters.ts';
import { fillInstance, fillServer } from './string-server.ts';

const scheme = /^(jdbc:(?:jtds:|microsoft:)?)?(?:sqlserver|mssql)(\+[a-z0-9_]+)?:\/\//i;
/** host\instance:port;name=value, as JDBC and those who follow it write it. */
const properties = /^(?:[\w.\\-]*|\[[\da-f:.]*\])(?::\d+)?(?:\/[\w.-]*)?;/i;

/** Whether the text starts like a URL of this engine. */
export const looksLikeUrl = (text: string): boolean => scheme.test(text);

function readProperties(draft: Draft, rest: string, begin: (draft: Draft) => void): Draft {
  begin(draft);
  const semicolon = rest.indexOf(';');
  const [server = '', database] = (semicolon < 0 ? rest : rest.slice(0, semicolon)).split('/');
  fillServer(draft, server);
  if (database) fill(draft, 'database', database);
  const { pairs, torn } = semicolonPairs(semicolon < 0 ? '' : rest.slice(semicolon + 1), 'braces');
  for (const [name, value] of pairs) draft.world.judge(draft, name, value);
  if (torn) problem(draft, null, tornPairs('braces'));
  return draft;
}

const namesDatabase = (query = ''): boolean =>
  query.split('&').some((pair) => /^(database|databasename|dbname|initialcatalog)$/.test(folded(decode(pair.split('=')[0] ?? ''))));

/** host/database; where the query names the database the path is an instance, as in Go, and of two parts the first is one. */
function takePath(draft: Draft, split: Split): void {
  fillServer(draft, decode(split.hosts));
  const parts = (split.path ?? '')
    .split('/')
    .map(decode)
    .filter((part) => part !== '');
  const [instance, database] = parts.length > 1 || namesDatabase(split.query) ? parts : [undefined, parts[0]];
  if (instance !== undefined) fillInstance(draft, instance);
  if (database !== undefined) fill(draft, 'database', database);
}

/** Every way to read sqlserver://, mssql://, with a driver after +, and jdbc:sqlserver://, the likeliest first; never none. */
export function readUrlDrafts(text: string): [Draft, ...Draft[]] {
  const [prefix = '', jdbc, driver] = scheme.exec(text) ?? [];
  // What is handed on to ODBC is encoded as a form is: its blanks are written as +.
  const rest = text.slice(prefix.length).replace(/(?<=[?&]odbc_connect=)[^&#]*/i, (form) => form.replaceAll('+', '%20'));
  const begin = (draft: Draft) => {
    if (jdbc) list(draft, 'jdbc', null, 'not_needed', 'says which driver reads it');
    if (driver) list(draft, 'driver', driver.slice(1), 'not_needed', 'for another driver; Portcullis uses its own');
  };
  const [best, ...others] = urlDrafts(sqlserverWorld, rest, { begin, take: takePath });
  const asUrl: [Draft, ...Draft[]] = best ? [best, ...others] : [unreadable(sqlserverWorld, tornUrl)];
  if (!properties.test(rest) && (jdbc === undefined || rest.includes('@'))) return asUrl;
  const asProperties = (doubtful: boolean) => readProperties(newDraft(sqlserverWorld, doubtful), rest, begin);
  const draft = asProperties(false);
  // A password with a ; in it makes a URL look like properties: then they are torn, or of no known name.
  const strange = draft.problems.length > 0 || draft.parameters.some(({ name }) => name === 'unknown');
  return strange && !jdbc && best && rest.includes('@') ? [...asUrl, asProperties(true)] : [draft];
}
