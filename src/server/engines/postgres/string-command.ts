import type { ParsedString } from '../../../contract/engines.ts';
import { type Draft, fill, finishAll, list, newDraft, type Place, type World } from '../string-draft.ts';
import { aboutProgram, type Command, callsProgram, judgeEnvironment, readWords, type Syntax } from '../string-shell.ts';
import { environmentNames } from './string-env.ts';
import { keywordPairs, looksLikeKeywords } from './string-keywords.ts';
import { judge } from './string-parameters.ts';
import { looksLikeUrl, readUrlDrafts } from './string-url.ts';

const fields = new Map<string, Place>([
  ['h', 'host'],
  ['host', 'host'],
  ['p', 'port'],
  ['port', 'port'],
  ['U', 'username'],
  ['username', 'username'],
  ['user', 'username'],
  ['d', 'database'],
  ['dbname', 'database'],
]);

const syntax: Syntax = {
  programs: /(?:^|\/)(psql|pgcli|pg_dump|pg_restore|pg_isready|vacuumdb)(?:\.exe)?$/,
  places: new Set(fields.keys()),
  valued:
    /^(c|f|F|L|o|P|R|T|v|n|N|t|j|s|command|file|set|variable|output|log-file|pset|field-separator|record-separator|table-attr|format|schema|table|jobs)$/,
};

/** Whether a program of PostgreSQL is called within the first words. */
export const looksLikeCommand = (text: string): boolean => callsProgram(text, syntax.programs);

/** Every way to read what the command connects to, where that is a URL or a keyword string; an empty draft where it is a name. */
function targets(world: World, target: string): [Draft, ...Draft[]] {
  if (looksLikeUrl(target)) return readUrlDrafts(world, target);
  const draft = newDraft(world);
  if (looksLikeKeywords(target)) for (const [name, value] of keywordPairs(target) ?? []) judge(draft, name, value);
  return [draft];
}

function take(draft: Draft, command: Command, target: string): void {
  const { options, positional } = command;
  const whole = looksLikeUrl(target) || looksLikeKeywords(target);
  // What the URL says comes first; the options can only add to it.
  for (const { name, dashed, value } of options) {
    const place = fields.get(name);
    if (!place) list(draft, dashed, null, 'not_needed', aboutProgram);
    else if (place !== 'database' || !whole) fill(draft, place, value ?? '', dashed);
  }
  const named = positional[0] === target;
  if (named && !whole) fill(draft, 'database', target);
  const user = named ? positional[1] : positional[0];
  if (user !== undefined) fill(draft, 'username', user);
  judgeEnvironment(draft, command, environmentNames, judge);
}

/** Reads `psql -h … -U … -d …` with or without PGPASSWORD=… before it; the database may be a URL or a keyword string. */
export function readCommand(world: World, text: string): ParsedString {
  const command = readWords(text, syntax);
  const option = command.options.find(({ name }) => fields.get(name) === 'database')?.value;
  const target = option ?? command.positional[0] ?? '';
  const drafts = targets(world, target);
  for (const draft of drafts) take(draft, command, target);
  return finishAll(drafts);
}
