import type { TableDocument } from '../../contract/catalog.ts';
import { splitWords } from './words.ts';

/** What search reads of one table: its words by field, as they stand in the database (untrusted text, split, never interpreted). */
export interface Passage {
  /** The form of this record: another number means that it has to be built again. */
  readonly v: 1;
  readonly schema: string;
  readonly table: string;
  readonly words: {
    readonly schema: readonly string[];
    readonly table: readonly string[];
    readonly comment: readonly string[];
  };
  readonly columns: readonly {
    readonly name: readonly string[];
    readonly comment: readonly string[];
    readonly values: readonly string[];
  }[];
  /** The tables it refers to by foreign keys, and those a view reads. */
  readonly refersTo: readonly { readonly schema: string; readonly table: string }[];
}

/** The form of the passages this version builds and reads. */
export const passageVersion = 1;

/** At most this many words of one comment, or of one column's values, count: long texts would drown the rest. */
const longest = 60;
/** At most this many words of one table count, out of so many characters of its texts: a hostile one costs nothing to make up. */
const most = { words: 20_000, text: 400_000 } as const;

/** The passage of a table, built from its document in the catalogue. */
export function passageOf(document: TableDocument): Passage {
  const left: { words: number; text: number } = { ...most };
  const take = (words: string[]): string[] => {
    const taken = words.slice(0, left.words);
    left.words -= taken.length;
    return taken;
  };
  const names = (text: string) => (left.words === 0 ? [] : take(splitWords(text)));
  const words = (text: string | null) => {
    if (text === null || left.words === 0 || left.text <= 0) return [];
    left.text -= text.length;
    return take([...new Set(splitWords(text))].slice(0, longest));
  };
  const targets = [...document.foreignKeys.map(({ schema, table }) => ({ schema, table })), ...document.dependsOn];
  const own = { schema: names(document.schema), table: names(document.name), comment: words(document.comment) };
  // Names first: they tell most, and must not be crowded out by texts.
  const named = document.columns.map((column) => ({ column, name: names(column.name) }));
  return {
    v: passageVersion,
    schema: document.schema,
    table: document.name,
    words: own,
    columns: named.map(({ column, name }) => ({
      name,
      comment: words(column.comment),
      values: words(column.enumValues?.slice(0, longest).join(' ') ?? null),
    })),
    refersTo: targets.map(({ schema, table }) => ({ schema, table })),
  };
}
