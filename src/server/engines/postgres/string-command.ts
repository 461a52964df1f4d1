import type { ParsedString } from '../../../contract/engines.ts';
import { fill, finish, list, newDraft } from './string-draft.ts';
import { environmentNames } from './string-env.ts';
import { keywordPairs, looksLikeKeywords } from './string-keywords.ts';
import { judge } from './string-parameters.ts';
import { looksLikeUrl, readUrl } from './string-url.ts';

const programs = /(?:^|\/)(psql|pgcli|pg_dump|pg_restore|pg_isready|vacuumdb)(?:\.exe)?$/;
const fields = {
  h: 'host',
  host: 'host',
  p: 'port',
  port: 'port',
  U: 'username',
  username: 'username',
  user: 'username',
  d: 'database',
  dbname: 'database',
} as const;
/** Options of psql and pg_dump that take a value, which must not be mistaken for the database. */
const valued =
  /^(c|f|F|L|o|P|R|T|v|n|N|t|j|s|command|file|set|variable|output|log-file|pset|field-separator|record-separator|table-attr|format|schema|table|jobs)$/;

/** The words of a command as a shell would split them: quotes, backslashes and continued lines; nothing is expanded. */
export function shellWords(text: string): string[] {
  const words: string[] = [];
  const word = /(?:'[^']*'?|"(?:\\[\s\S]|[^"\\])*"?|\\[\s\S]|[^\s'"\\;])+/g;
  for (const [raw] of text.replace(/[\\^`]\r?\n/g, ' ').matchAll(word)) {
    words.push(
      raw.replace(
        /'([^']*)'?|"((?:\\[\s\S]|[^"\\])*)"?|\\([\s\S])/g,
        (_, single, double, escaped) => single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? escaped,
      ),
    );
  }
  return words;
}

/** Whether a program of PostgreSQL is called within the first words. */
export const looksLikeCommand = (text: string): boolean =>
  shellWords(text.slice(0, 2000))
    .slice(0, 12)
    .some((word) => programs.test(word));

type Option = { readonly name: string; readonly value: string };

function readOptions(words: readonly string[]): { options: Option[]; positional: string[] } {
  const options: Option[] = [];
  const positional: string[] = [];
  const queue = [...words];
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    const [, long, joined] = /^--([a-z-]+)(?:=([\s\S]*))?$/.exec(word) ?? [];
    const [, short, rest = ''] = /^-([A-Za-z])([\s\S]*)$/.exec(word) ?? [];
    const name = long ?? short;
    if (name === undefined) positional.push(word);
    else if (name in fields || valued.test(name)) options.push({ name, value: joined ?? (rest || (queue.shift() ?? '')) });
    else options.push({ name, value: '' });
  }
  return { options, positional };
}

/** Reads `psql -h … -U … -d …` with or without PGPASSWORD=… before it; the database may be a URL or a keyword string. */
export function readCommand(text: string): ParsedString {
  const words = shellWords(text.replace(/^\s*[$#>]\s+/, ''));
  const start = words.findIndex((word) => programs.test(word));
  const { options, positional } = readOptions(words.slice(start + 1));
  const draft = newDraft();
  const named = (option: Option) => (Object.hasOwn(fields, option.name) ? fields[option.name as keyof typeof fields] : undefined);
  const target = options.find((option) => named(option) === 'database')?.value ?? positional[0] ?? '';
  const url = looksLikeUrl(target) ? readUrl(target) : null;
  if (url) {
    // What the URL says comes first; the options can only add to it.
    for (const [name, value] of Object.entries({ ...url.address, ...url.credentials })) {
      if (name === 'host' || name === 'database' || name === 'username' || name === 'password') draft.values[name] = String(value);
      if (name === 'port' && !url.parameters.some((parameter) => parameter.reason.startsWith('Not in the string')))
        draft.values.port = String(value);
    }
    if ((url.address.tls as { mode?: string }).mode === 'disable') draft.tls = { mode: 'disable' };
    draft.parameters.push(...url.parameters.filter((parameter) => !parameter.reason.startsWith('Not in the string')));
    draft.problems.push(...url.problems);
  } else if (looksLikeKeywords(target)) {
    for (const [name, value] of keywordPairs(target) ?? []) judge(draft, name, value);
  }
  for (const option of options) {
    const place = named(option);
    if (place && !(place === 'database' && (url || looksLikeKeywords(target))))
      fill(draft, place, option.value, `-${option.name.length > 1 ? '-' : ''}${option.name}`);
    else if (!place)
      list(
        draft,
        `-${option.name.length > 1 ? '-' : ''}${option.name}`,
        null,
        'not_needed',
        'says what the program does, not where the database is',
      );
  }
  if (positional[0] !== undefined && positional[0] === target && !url && !looksLikeKeywords(target)) fill(draft, 'database', target);
  const user = positional[0] === target ? positional[1] : positional[0];
  if (user !== undefined) fill(draft, 'username', user);
  for (const word of words.slice(0, Math.max(start, 0))) {
    const [, name = '', value = ''] = /^([A-Z][A-Z0-9_]*)=([\s\S]*)$/.exec(word) ?? [];
    const keyword = environmentNames.get(name);
    if (keyword) judge(draft, keyword, value);
    else if (name !== '') list(draft, name, null, 'not_needed', 'not about the database');
  }
  if (Object.values(draft.values).some((value) => /^\$[\w{(]/.test(value)))
    draft.problems.push({ field: null, message: 'The command holds a variable such as $DB_HOST: put its value in its place.' });
  return finish(draft, url?.alternatives ?? []);
}
