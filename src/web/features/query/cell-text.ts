import type { QueryResult } from '../../../contract/query.ts';

export type Cell = QueryResult['rows'][number][number];
export type ResultColumn = QueryResult['columns'][number];

/** A value as text, whole: what is copied and what goes into a file. Null is no text. */
export function textOf(value: Cell): string | null {
  if (value === null) return null;
  return typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Whether the values of a type are figures, which stand to the right. */
export function isNumeric(type: string): boolean {
  return (
    /^(small|big|tiny|medium|unsigned )*(int|integer|serial|oid|numeric|decimal|real|double|float|money|number)\d*\b/i.test(type) &&
    !/\[\]$/.test(type)
  );
}

/** Shown of one cell at the most: what is longer is read below the grid. */
const SHOWN = 300;
/** Rows that decide how wide a column is. */
const LOOKED_AT = 200;

/** What a cell shows: one line, and not more of it than can be seen. */
export function shownOf(text: string): string {
  const start = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
  return start.replace(/\r\n|\r|\n/g, '⏎ ').replaceAll('\t', '⇥ ');
}

/** The width of each column in characters, from its name, its type and its first values. */
export function widthsOf({ columns, rows }: Pick<QueryResult, 'columns' | 'rows'>): number[] {
  const first = rows.slice(0, LOOKED_AT);
  return columns.map(({ name, type }, at) => {
    const longest = first.reduce((most, row) => Math.max(most, Math.min(SHOWN, textOf(row[at] ?? null)?.length ?? 4)), 0);
    return Math.min(44, Math.max(6, name.length + 1, Math.min(20, type.length), longest + 1));
  });
}
