import { styleText } from 'node:util';

/**
 * What would steer a terminal or reorder what stands beside it: control characters, line and bidirectional marks, invisible spaces. Text
 * from a database is data, and must not move the cursor, set a title or hide a letter.
 */
const steering = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** The text with every steering character written out, such as \u001b. Line ends of our own making may be kept. */
export function visible(text: string, lines: 'one line' | 'keep lines' = 'one line'): string {
  return text.replace(steering, (found) => (found === '\n' && lines === 'keep lines' ? found : escaped(found)));
}

/** JSON for a person or a program: valid, and as harmless to a terminal as the rest. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(steering, (found) => (found === '\n' ? found : escaped(found)));
}

function escaped(character: string): string {
  return [...Array(character.length).keys()].map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`).join('');
}

/** Prints lines; each is made harmless. */
export function say(...lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`${visible(line)}\n`);
}

/**
 * A lead and a text behind it as lines: on a terminal broken between words so that what follows stands under the text, for a program one line.
 */
export function folded(lead: string, text: string, stream: { readonly isTTY?: boolean; readonly columns?: number }): string {
  const whole = visible(lead + text);
  const room = (stream.columns ?? 80) - 1;
  if (!stream.isTTY || width(whole) <= room) return whole;
  const indent = ' '.repeat(lead.length);
  const lines: string[] = [];
  let line = lead;
  for (const word of visible(text).split(' ')) {
    const longer = line === lead || line === indent ? line + word : `${line} ${word}`;
    if (width(longer) <= room || line === lead || line === indent) line = longer;
    else {
      lines.push(line);
      line = indent + word;
    }
  }
  return [...lines, line].join('\n');
}

/** Prints a lead and a text behind it. */
export function sayFolded(lead: string, text: string): void {
  process.stdout.write(`${folded(lead, text, process.stdout)}\n`);
}

/** Prints what a command gave: as JSON where asked for, else as the function tells it. */
export function show<T>(value: T, how: { readonly json?: boolean | undefined }, tell: (value: T) => void): void {
  if (how.json) process.stdout.write(`${jsonText(value)}\n`);
  else tell(value);
}

/** A time for a person: to the second, in UTC. */
export const timeOf = (at: string | null): string => (at === null ? '–' : `${at.slice(0, 10)} ${at.slice(11, 19)}Z`);

/** The least that is left of a column that is cut. */
const LEAST = 16;

/**
 * Prints rows under a head in aligned columns; says so where there is none. The last column may be cut so that a row fits in a line of the
 * terminal; what is read by a program is whole.
 */
export function sayTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  none: string,
  last: 'whole' | 'cut the last' = 'whole',
): void {
  if (rows.length === 0) {
    say(none);
    return;
  }
  const cells = [head, ...rows].map((row) => row.map((cell) => visible(cell)));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => width(row[column] ?? ''))));
  const before = widths.slice(0, -1).reduce((sum, one) => sum + one + 2, 0);
  const left = last === 'whole' || !process.stdout.isTTY ? Number.POSITIVE_INFINITY : Math.max(LEAST, process.stdout.columns - before);
  cells.forEach((row, at) => {
    const line = row.map((cell, column) =>
      column === head.length - 1 ? cut(cell, left) : cell + ' '.repeat((widths[column] ?? 0) - width(cell)),
    );
    process.stdout.write(`${paint(at === 0 ? 'bold' : 'reset', line.join('  ').trimEnd())}\n`);
  });
}

/** The text, or what of it takes so many columns. */
function cut(text: string, most: number): string {
  if (width(text) <= most) return text;
  let kept = '';
  for (const character of text) {
    if (width(kept + character) > most - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

/** Text in a colour where stdout is a terminal that shows it (and NO_COLOR is unset). The text must be harmless already. */
export function paint(style: 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'reset', text: string): string {
  return style === 'reset' ? text : styleText(style, text, { stream: process.stdout });
}

const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

/** How many columns of a terminal the text takes. */
function width(text: string): number {
  let columns = 0;
  for (const character of text) columns += /\p{M}/u.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return columns;
}
