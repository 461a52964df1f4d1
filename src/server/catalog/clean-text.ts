import { createHash } from 'node:crypto';

/** Control, format (bidirectional, zero-width, tag) and other characters that do not show, or show as what they are not. */
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
/** What needs no look at each character: almost every text there is. */
const plain = /^[\x20-\x7e]*$/;
const breaks = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;

/** How long each kind of text from a database may be here. */
export const longest = { name: 255, comment: 2000, default: 500, type: 255, definition: 2000, enumValues: 200, list: 10_000 } as const;

/** A comment, default or definition from a database: hidden characters out, one line, capped. It stays data, whatever it says. */
export function cleanText(text: string, cap: number): string {
  if (text.length <= cap && plain.test(text)) return text.trim();
  // Cut first: what a hostile server sends may be long, and no character here gets longer.
  const line = text
    .slice(0, cap * 4)
    .replace(breaks, ' ')
    .replace(hidden, '')
    .trim();
  return line.length <= cap ? line : `${cut(line, cap - 1)}…`;
}

/** The same, where nothing may be said: an empty text is none. */
export const cleanOptional = (text: string | null, cap: number): string | null => (text === null ? null : cleanText(text, cap) || null);

/** A name as it is shown: each hidden character as U+FFFD, so that it can be seen that there is one. */
export function cleanName(name: string): string {
  if (name.length > 0 && name.length <= longest.name && plain.test(name)) return name;
  return cut(name.replace(hidden, '\uFFFD'), longest.name) || '\uFFFD';
}

/**
 * Of names that belong together, those that are shown as something else than they are, each different from every other name: where two
 * would look alike, the changed ones get a mark made of what they really are. All other names are shown as they are.
 */
export function shownNames(raws: Iterable<string>): Map<string, string> {
  const names = [...new Set(raws)];
  const shown = new Map<string, string>();
  const changed = names.filter((raw) => cleanName(raw) !== raw);
  if (changed.length === 0) return shown;
  const claimed = new Set(names);
  const wanted = Map.groupBy(names, cleanName);
  // In an order of their own, so that the same names give the same result however the database lists them.
  for (const raw of changed.sort()) {
    const clean = cleanName(raw);
    const mark = createHash('sha256').update(raw).digest('hex');
    let name = wanted.get(clean)?.length === 1 ? clean : `${clean}~${mark.slice(0, 6)}`;
    for (let length = 12; claimed.has(name); length += 6) name = `${clean}~${mark.slice(0, length)}`;
    shown.set(raw, name);
    claimed.add(name);
  }
  return shown;
}

/** The first characters of a text, without half of a surrogate pair at the end. */
function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = text.charCodeAt(length - 1);
  return text.slice(0, end >= 0xd800 && end <= 0xdbff ? length - 1 : length);
}
