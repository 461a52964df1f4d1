import type { ParsedString } from '../../../contract/engines.ts';
import { finish, list, newDraft, problem, type World } from '../string-draft.ts';
import { semicolonPairs, tornPairs } from '../string-pairs.ts';
import { judge } from './string-parameters.ts';

const starts = /^\s*(host|hostaddr|port|dbname|user|password|sslmode|service)\s*=/i;
const semicolons = /^\s*(host|server|port|database|username|user id|password)\s*=[^;]*(;|$)/i;
/** What .NET writes for other databases alone. */
const foreign = /=\s*tcp:|initial ?catalog|(?:^|;)\s*driver\s*=|multipleactive|\(description|,\s*1433|port\s*=\s*3306/i;

/** Whether the text is a libpq keyword string such as `host=db user=app`. */
export const looksLikeKeywords = (text: string): boolean => starts.test(text) && !/;\s*[a-z ]+=/i.test(text);

/** Whether the text is of the .NET kind: `Host=db;Username=app`. */
export const looksLikeSemicolons = (text: string): boolean => semicolons.test(text) && /;\s*[a-z ]+=/i.test(text) && !foreign.test(text);

/** The pairs of a libpq keyword string: quotes and backslashes as libpq reads them; null where it is torn. */
export function keywordPairs(text: string): [name: string, value: string][] | null {
  const pairs: [string, string][] = [];
  const pair = /\s*([a-z_][a-z0-9_]*)\s*=\s*(?:'((?:\\[\s\S]|[^'\\])*)'(?=\s|$)|((?:\\[\s\S]|[^\s\\'])(?:\\[\s\S]|[^\s\\])*|))\s*/giy;
  while (pair.lastIndex < text.length) {
    const match = pair.exec(text);
    if (!match) return null;
    pairs.push([match[1] ?? '', (match[2] ?? match[3] ?? '').replace(/\\([\s\S])/g, '$1')]);
  }
  return pairs;
}

/** Reads a libpq keyword string. */
export function readKeywords(world: World, text: string): ParsedString {
  const draft = newDraft(world);
  const pairs = keywordPairs(text);
  if (!pairs)
    problem(draft, null, "The text breaks off: write name=value with spaces between, and values with spaces or quotes as 'it\\'s'.");
  for (const [name, value] of pairs ?? []) judge(draft, name, value);
  return finish(draft);
}

/** Reads `Name=value;Name=value`, values optionally in double or single quotes with the quote doubled within. */
export function readSemicolons(world: World, text: string): ParsedString {
  const draft = newDraft(world);
  list(draft, 'format', null, 'not_needed', 'written for .NET');
  const { pairs, torn } = semicolonPairs(text, 'quotes');
  for (const [name, value] of pairs) judge(draft, name, value);
  if (torn) problem(draft, null, tornPairs('quotes'));
  return finish(draft);
}
