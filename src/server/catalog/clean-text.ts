import { createHash } from 'node:crypto';

/** Control, format (bidirectional, zero-width, tag) and other characters that do not show, or show as what they are not. */
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
const breaks = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;

/** How long each kind of text from a database may be here. */
export const longest = { name: 255, comment: 2000, default: 500, type: 255, definition: 2000, enumValues: 200, list: 10_000 } as const;

/** A comment, default or definition from a database: hidden characters out, one line, capped. It stays data, whatever it says. */
export function cleanText(text: string, cap: number): string {
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
  return cut(name.replace(hidden, '\uFFFD'), longest.name) || '\uFFFD';
}

/** Names as they are shown, each different from every other: among those that would look alike, the changed ones get a mark made of what they really are. */
export function uniqueNames(raws: Iterable<string>): Map<string, string> {
  const names = new Map<string, string>();
  const claimed = new Set<string>();
  const changed: { raw: string; clean: string }[] = [];
  const wanted = new Map<string, number>();
  for (const raw of new Set(raws)) {
    const clean = cleanName(raw);
    wanted.set(clean, (wanted.get(clean) ?? 0) + 1);
    if (clean !== raw) changed.push({ raw, clean });
    else {
      names.set(raw, raw);
      claimed.add(raw);
    }
  }
  // In an order of their own, so that the same names give the same result however the database lists them.
  changed.sort((a, b) => (a.raw < b.raw ? -1 : 1));
  for (const { raw, clean } of changed) {
    const mark = createHash('sha256').update(raw).digest('hex');
    let name = wanted.get(clean) === 1 ? clean : `${clean}~${mark.slice(0, 6)}`;
    for (let length = 12; claimed.has(name); length += 6) name = `${clean}~${mark.slice(0, length)}`;
    names.set(raw, name);
    claimed.add(name);
  }
  return names;
}

/** The first characters of a text, without half of a surrogate pair at the end. */
function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = text.charCodeAt(length - 1);
  return text.slice(0, end >= 0xd800 && end <= 0xdbff ? length - 1 : length);
}
