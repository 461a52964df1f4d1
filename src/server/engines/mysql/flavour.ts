import type { EngineDescription, EngineId } from '../../../contract/engines.ts';
import type { Grammar } from '../engine.ts';
import type { Explanation, Manner } from '../network/explanation.ts';

/** The limits that hold in a session: milliseconds of a statement, and rows, or null where a statement may give any number. */
export interface SessionLimits {
  readonly timeoutMs: number;
  readonly maxRows: number | null;
}

/** How the modes of a session are set, and how they are read back. */
export interface Modes {
  /** Statements that set them, in this order. */
  pins(limits: SessionLimits): readonly string[];
  /** One row of the modes as they are. */
  readonly readBack: string;
  /** What that row has to be, but for the database and the account, which come first. */
  expected(limits: SessionLimits): readonly string[];
}

/** SQL over the catalogue; the database is bound where it says `{database}`. */
export interface CatalogSql {
  readonly tables: string;
  readonly partitions: string;
  /** Null where the server does not tell what a view reads. */
  readonly dependencies: string | null;
  readonly columns: string;
  readonly keys: string;
  readonly indexes: string;
  readonly comments: string;
  readonly count: string;
  /** The first ordinary tables. */
  readonly samples: string;
  readonly holds: string;
}

/** How grants are asked for; what is asked prints statements GRANT …. */
export interface GrantSql {
  /** Of the login itself, and of everyone where there is such a thing. */
  readonly own: string;
  /** Of a role, which is written as SHOW GRANTS wrote it: statements, of which the last but `behind` prints them. */
  ofRole(role: string): readonly string[];
  /** What puts the session back, with the role that it had. */
  behind(role: string | null): readonly string[];
}

/** What one member of this family is: everything in which it differs from the others. */
export interface Flavour {
  readonly id: EngineId;
  readonly description: EngineDescription;
  readonly grammar: Grammar;
  readonly manner: Manner;
  readonly modes: Modes;
  readonly catalog: CatalogSql;
  readonly privileges: GrantSql;
  /** Text that tells this server from any other, and whether it copies another: identity, replica. */
  readonly serverSql: { readonly identity: string; readonly replica: string };
  /** Lowest version, as major * 100 + minor. */
  readonly lowest: { readonly version: number; readonly shown: string };
  /** Who else builds servers of this kind, by what they say of themselves; the first that fits. */
  readonly makers: readonly (readonly [sign: RegExp, product: string])[];
  /** What is told of a rule of a foreign key that the server keeps to itself. */
  readonly silentDelete: string;
  /** Errors of the server that mean something of their own here. */
  readonly errors: Readonly<Record<number, Explanation>>;
  /** The best way to sign in that the server and Portcullis have, and SQL of an account with it. */
  readonly account: { readonly by: string; readonly sql: string };
  /** The error of a statement that took too long. */
  readonly tooLong: number;
  /** SQL that makes a login which can only read one database. */
  loginScript(database: string): string;
}
