import type { DialectName } from '@guanmingchiu/sqlparser-ts';
import type { Lexis } from '../scan-sql.ts';
import type { Edit, Words } from './words.ts';

/** A construct that the parser does not know, shown to it as one that it does. What is sent keeps the words of the person. */
export interface Rewrite {
  /** What it is about, for tests and for the documentation. */
  readonly name: string;
  /** What to show instead of the words that begin at an index; null where it is not about them. Same length, no new quotes or comments. */
  readonly at: (words: Words, index: number) => Edit | null;
}

/** A sequence of words that gives a statement away, with a message that says more than the parser’s. */
export interface Diagnosis {
  /** Lower-case words and marks, one after the other; `|` between those that may stand in one place. */
  readonly words: string;
  /** Only where the statement begins. */
  readonly first?: boolean;
  readonly rule: string;
  readonly message: string;
  readonly allowed: string;
}

/** Where a select list’s own names may be used. */
export type AliasPlace = 'group' | 'having' | 'order';

/** How one family of databases writes and reads SQL, as far as judging it needs. Sets hold lower-case words. */
export interface Dialect {
  /** For messages. */
  readonly label: string;
  readonly parser: DialectName;
  readonly lexis: Lexis;
  readonly quote: (identifier: string) => string;
  /** What an identifier without quotes is read as; null where that cannot be told for sure. */
  readonly fold: (word: string) => string | null;
  /** Whether names that differ in letter case alone are the same name; where it depends on the server, the catalogue’s spelling is sent. */
  readonly ignoresCase: boolean;
  /** Whether that holds for columns on every server. */
  readonly columnsIgnoreCase: boolean;
  /** What stands between a table and its new name. */
  readonly as: string;
  /** Words of the grammar that may stand in a statement. */
  readonly words: ReadonlySet<string>;
  /** Those of them that a parenthesis may follow, and functions that the parser has kinds of their own for. */
  readonly before: ReadonlySet<string>;
  /** Names of data types, character sets and parts of dates. */
  readonly types: ReadonlySet<string>;
  readonly marks: string;
  /** Functions that may be called, by exact name. */
  readonly functions: ReadonlySet<string>;
  /** Functions and values that are written without parentheses. */
  readonly bare: ReadonlySet<string>;
  /** Those of them that a column of the same name would hide. */
  readonly hidden: ReadonlySet<string>;
  /** Functions that stand in FROM, with their columns; a ? behind one that is only there where the third argument is 1. */
  readonly tableFunctions: Readonly<Record<string, readonly string[]>>;
  /** Functions whose first argument is a part of a date or a type. */
  readonly unitFunctions: ReadonlySet<string>;
  readonly units: ReadonlySet<string>;
  readonly joins: ReadonlySet<string>;
  readonly operators: ReadonlySet<string>;
  /** Hints that may stand behind a table, and those of them that lock. */
  readonly hints: { readonly allowed: ReadonlySet<string>; readonly locks: ReadonlySet<string> };
  /** Words that no unquoted alias may be, because the database would read them as grammar. */
  readonly reserved: ReadonlySet<string>;
  /** Whether that holds for every unquoted name. */
  readonly reservedEverywhere: boolean;
  readonly aliases: ReadonlySet<AliasPlace>;
  /** Whether a WITH query sees itself always, or only under RECURSIVE. */
  readonly selfVisible: 'always' | 'recursive';
  /** Whether a query of a WITH within another one sees those of the outer one; where it does not, a table is read instead. */
  readonly innerWithSees: boolean;
  /** Types (as the parser calls them) that make a constant of the text behind them. Before any other it is a column, and the text its new name. */
  readonly typedTexts: ReadonlySet<string>;
  /** Whether a part of a table holds nothing but what the table does. */
  readonly partitions: boolean;
  /** The table of one row that every database has: what it is sent as, and its columns. */
  readonly dual: { readonly sent: string | null; readonly columns: readonly string[] } | null;
  /** Whether a space between a function and its parenthesis makes it another function. */
  readonly spaceChangesCalls: boolean;
  /** Whether a column without a name of its own is called as it is written. */
  readonly titled: boolean;
  /** Whether a table that is pivoted may have a name of its own. */
  readonly namedPivots: boolean;
  /** How the values of a statement are bound. */
  readonly placeholders: Placeholders;
  readonly system: (schema: string | null, name: string) => boolean;
  readonly rewrites: readonly Rewrite[];
  readonly diagnoses: readonly Diagnosis[];
  /** Comments and texts that may not be there at all. */
  readonly comment: (comment: string) => Pick<Diagnosis, 'rule' | 'message' | 'allowed'> | null;
}

/** How placeholders look: `?` in order, `@p1` by number, or `:name` each once, in order. */
export type Placeholders = 'question' | 'numbered' | 'named';

/** A set of the words of a text. */
export function setOf(...texts: string[]): ReadonlySet<string> {
  return new Set(texts.join(' ').trim().split(/\s+/));
}
