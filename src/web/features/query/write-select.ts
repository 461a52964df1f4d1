import type { TableDetail } from '../../../contract/catalog.ts';
import type { SqlStyle } from '../../../contract/engines.ts';
import { reservedWords } from './reserved-words.ts';

/** A name as it stands in a statement: in quotes where it would mean something else without. */
export function quoteName(name: string, { open, close, bare }: SqlStyle): string {
  const plain = new RegExp(bare).test(name) && !reservedWords.has(name.toLowerCase());
  return plain ? name : `${open}${name.replaceAll(close, close + close)}${close}`;
}

const WIDTH = 92;

/** Names with commas between, in lines that can be read. */
function inLines(names: readonly string[]): string {
  const lines: string[] = [];
  for (const name of names) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + name.length + 2 <= WIDTH) lines[lines.length - 1] = `${last}, ${name}`;
    else lines.push(name);
  }
  return lines.join(',\n       ');
}

/** A statement that reads the readable columns of a table; the limit on rows is the server's. */
export function writeSelect({ schema, name, columns }: Pick<TableDetail, 'schema' | 'name' | 'columns'>, style: SqlStyle): string {
  const readable = columns.filter((column) => column.readable).map((column) => quoteName(column.name, style));
  return `SELECT ${readable.length > 0 ? inLines(readable) : '*'}\nFROM ${quoteName(schema, style)}.${quoteName(name, style)}\n`;
}
