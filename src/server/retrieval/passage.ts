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

/** The passage of a table, built from its document in the catalogue. */
export function passageOf(document: TableDocument): Passage {
  const words = (text: string | null) => (text === null ? [] : [...new Set(splitWords(text))].slice(0, longest));
  const targets = [...document.foreignKeys.map(({ schema, table }) => ({ schema, table })), ...document.dependsOn];
  return {
    v: passageVersion,
    schema: document.schema,
    table: document.name,
    words: { schema: splitWords(document.schema), table: splitWords(document.name), comment: words(document.comment) },
    columns: document.columns.map((column) => ({
      name: splitWords(column.name),
      comment: words(column.comment),
      values: words(column.enumValues?.slice(0, longest).join(' ') ?? null),
    })),
    refersTo: targets.map(({ schema, table }) => ({ schema, table })),
  };
}
