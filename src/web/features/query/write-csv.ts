import { type Cell, type ResultColumn, textOf } from './cell-text.ts';

// A spreadsheet takes a text that begins so for a formula, and runs it. A plain number is none.
const formula = /^[=+\-@\t\r]/;
const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** One field: null is nothing at all, empty text is a pair of quotes. */
function field(value: Cell): string {
  const text = textOf(value);
  if (text === null) return '';
  const safe = formula.test(text) && !number.test(text) ? `'${text}` : text;
  return safe === '' || /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Rows as RFC 4180 has them, with the columns' names first. Text that a spreadsheet would run gets an apostrophe before it. */
export function writeCsv(columns: readonly ResultColumn[], rows: readonly (readonly Cell[])[]): string {
  return [columns.map(({ name }) => name), ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

/** Hands a text over as a file. */
export function download(name: string, text: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken the text when the click is over, but not every one at once.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
