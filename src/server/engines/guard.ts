import type { TableKind } from '../../contract/catalog.ts';
import type { Refusal } from '../../contract/query.ts';

/** A table that statements may read, with the columns that are published of it, in their order. */
export interface PublishedTable {
  readonly schema: string;
  readonly name: string;
  readonly kind: TableKind;
  readonly columns: readonly string[];
}

/** What a statement may read: plain data, so that it can be sent to a worker once and kept there. */
export interface PublishedCatalog {
  readonly tables: readonly PublishedTable[];
  /** Types of the published columns beyond those of the engine itself (`mood`, `app.mood`): casts to them are allowed. */
  readonly types?: readonly string[];
}

/** A statement and what it is judged against. */
export interface GuardInput {
  readonly sql: string;
  /** The same object for the same snapshot: a guard keeps what it derives from it. */
  readonly published: PublishedCatalog;
  /** Where tables without a schema are looked up, in order. What is sent says the schema, where there are schemas. */
  readonly searchPath: readonly string[];
}

export interface ReadColumn {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
}

/** A statement that only reads what is published. */
export interface Accepted {
  readonly ok: true;
  /** The exact text to send: never send the text that came in. */
  readonly sql: string;
  readonly tables: readonly { readonly schema: string; readonly table: string }[];
  readonly columns: readonly ReadColumn[];
  /**
   * Tables that are joined by whichever columns are called alike, with all that are published of them: the session has to see to it that they
   * have no others. Left out where the text that is sent says so itself.
   */
  readonly whole?: readonly PublishedTable[];
  readonly functions: readonly string[];
  /** The same for statements that differ only in constants, letter case and whitespace. */
  readonly fingerprint: string;
  /** How many values have to be bound. */
  readonly parameters: number;
}

/** A statement that may not run, and why. */
export interface Refused {
  readonly ok: false;
  readonly refusal: Refusal;
  readonly fingerprint: string;
}

export type GuardResult = Accepted | Refused;

/** Judges statements of one dialect before anything runs. Pure: no database, no network. */
export interface Guard {
  /** Loads the parser; nothing can be judged before. */
  ready(): Promise<void>;
  /** Derives what judging against a catalogue needs, so that the first statement does not pay for it. */
  prepare(published: PublishedCatalog): void;
  classify(input: GuardInput): GuardResult;
  /** Lets go of what was derived from a catalogue. */
  forget(published: PublishedCatalog): void;
}
