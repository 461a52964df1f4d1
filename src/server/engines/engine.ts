import type { ZodType } from 'zod';
import type { Column, ForeignKey, Index, Key, TableKind } from '../../contract/catalog.ts';
import type { Address, Certificate, Privileges, ServerFacts, StageName } from '../../contract/connections.ts';
import type { EngineDescription, EngineId } from '../../contract/engines.ts';
import type { Fault } from '../platform/fault.ts';
import type { Dial } from '../platform/outbound.ts';
import type { Secret } from '../platform/secret.ts';
import type { Accepted } from './guard.ts';

/** How to get in: the username is shown, the password never. */
export interface Login {
  readonly username: string;
  readonly password: Secret;
  /** The private key (PEM) of the client certificate in the address, where there is one. */
  readonly clientKey?: Secret;
}

/** What an opening needs from its caller, and how the caller follows and ends it. */
export interface Opening {
  /** The only way out of the process: judges every address and dials a judged one. */
  readonly dial: Dial;
  /** Aborting it ends the opening, or closes the open session, at once. */
  readonly signal: AbortSignal;
  /** Called as each stage has been passed, in order, with what proves it. */
  readonly passed?: (stage: StageName, evidence: string | null, status?: 'passed' | 'warning' | 'skipped') => void;
  /** Milliseconds that a single statement may take in the database. */
  readonly statementTimeoutMs: number;
  /** Told of a sign-in beside the session that failed: some engines end a statement over a connection of its own. */
  readonly refused?: (fault: Fault) => void;
  /** Where databases that are files may lie; an engine that dials does not look at it. */
  readonly files: FilesPlace;
}

/** The one folder in which an organisation's database files may lie. */
export interface FilesPlace {
  readonly root: string;
  /** Whether a file is one of Portcullis's own, by what the operating system knows it by. */
  readonly isOwn: (file: { readonly dev: bigint; readonly ino: bigint }) => boolean;
}

/** A value of an answer. What a JSON number would round (big integers, decimals) is text, exactly as the database writes it. */
export type Cell = string | number | boolean | null;

/** A statement of somebody else's making that has been judged, and what its answer may be at the most. */
export interface Reading {
  /** One statement, every name in it written with its schema where the engine has schemas. */
  readonly sql: string;
  /** Bound to the placeholders in order, never spliced. */
  readonly parameters: readonly Cell[];
  /** What the guard found it to read: a session that can is held to it. Left out only where the session alone is under test. */
  readonly judged?: Judged;
  readonly maxRows: number;
  /** Rows times columns. Left out only where the session alone is under test. */
  readonly maxCells?: number;
  readonly maxBytes: number;
  /** Told of each row that is held from now on: how many cells it has, and how many bytes it came in. */
  readonly kept?: (cells: number, bytes: number) => void;
  /** Milliseconds after which it is ended in the database. */
  readonly timeoutMs: number;
  /** Aborting it ends the statement in the database. */
  readonly signal: AbortSignal;
}

/** The tables and columns of a verdict. */
export type Judged = Pick<Accepted, 'tables' | 'columns' | 'whole'>;

/** The answer to a reading. */
export interface Answer {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly Cell[])[];
  /** Whether there was more: known, not guessed. */
  readonly truncated: boolean;
  /** The limit that cut it, if one did. */
  readonly limit: 'rows' | 'cells' | 'bytes' | null;
  /** Bytes of its rows as they came from the database. */
  readonly bytes: number;
}

/** A live, read-only link to a database. What it can run is the engine's business: the functions below take it. */
export interface Session {
  /** False once it is closed, or once what it ran left it in a state that is not known: then it is only to be closed. */
  readonly usable: boolean;
  /** The certificate the server showed, or null when not encrypted. */
  readonly certificate: Certificate | null;
  /** Ends it, whatever it is doing; never throws; leaves no socket. */
  close(): Promise<void>;
}

/** A part of the catalogue, in the order tables, columns, keys, comments. `table` is the engine's own id of the table within one reading. */
export type Fact =
  | {
      readonly fact: 'table';
      readonly table: string;
      readonly schema: string;
      readonly name: string;
      readonly kind: TableKind;
      readonly estimatedRows: number | null;
      readonly readable: boolean;
      readonly partitionedBy: string | null;
    }
  | { readonly fact: 'partition'; readonly table: string; readonly name: string }
  | { readonly fact: 'dependency'; readonly table: string; readonly schema: string; readonly name: string }
  | { readonly fact: 'column'; readonly table: string; readonly column: Omit<Column, 'comment'> }
  | { readonly fact: 'key'; readonly table: string; readonly key: Key }
  | { readonly fact: 'foreign_key'; readonly table: string; readonly key: ForeignKey }
  | { readonly fact: 'index'; readonly table: string; readonly index: Index }
  | { readonly fact: 'comment'; readonly table: string; readonly column: string | null; readonly text: string };

/** A phase of reading the catalogue, and the facts of it as they come, in batches. `count` is the number of tables, known after phase tables. */
export interface FactBatch {
  readonly phase: 'tables' | 'columns' | 'keys' | 'comments';
  readonly facts: readonly Fact[];
}

/** A database of our own making, to look around in. */
export interface SampleDatabase {
  readonly name: string;
  readonly description: string;
  /** Makes it where it is not there yet; answers with its address. */
  make(files: FilesPlace): Promise<Address>;
}

/** How the engine writes SQL. */
export interface Grammar {
  readonly dialect: string;
  /** Where names without a schema are looked up, in order: fixed, whatever the database is set to. */
  readonly searchPath: readonly string[];
  quote(identifier: string): string;
}

/** All that Portcullis knows of one kind of database. */
export interface Engine<S extends Session = Session> {
  readonly id: EngineId;
  readonly description: EngineDescription;
  /** Where it is: strict, with messages for people. Shown in clear. */
  readonly address: ZodType<Address>;
  readonly grammar: Grammar;
  /** Host, port and database in clear, for lists; null where the engine has none. */
  destination(address: Address): { readonly host: string | null; readonly port: number | null; readonly database: string | null };
  /** Whether the wire would be in the clear, and whether that needs an Admin (not for loopback). */
  unencrypted(address: Address): boolean;
  /** The fields a sealed credential is bound to (additional data); absent is null. */
  binding(address: Address, username: string): Record<string, string | number | null>;
  /** Dials, encrypts, signs in, and makes the session read-only. Throws a Fault with its stage. Stages: dns network tcp tunnel tls auth database. */
  open(address: Address, login: Login, opening: Opening): Promise<S>;
  /** Stage version: what answers there. Throws server.unsupported. */
  server(session: S): Promise<ServerFacts>;
  /** Whether one schema of the database holds tables of all these names, whoever may read them: how our own store is recognised. */
  holds(session: S, tables: readonly string[]): Promise<boolean>;
  /** Stage read: proves that it can read and that the session refuses a write. Returns the evidence. */
  read(session: S): Promise<string>;
  /** Stage privilege: what this credential could do, proved without side effects. */
  privileges(session: S, login: Pick<Login, 'username'>): Promise<Privileges>;
  /** Stage catalog: that the catalogue can be read. Returns the evidence ("42 tables in 4 schemas"). */
  catalog(session: S): Promise<string>;
  /** The catalogue in bulk, one query a kind, in one consistent view. */
  facts(session: S, signal: AbortSignal): AsyncIterable<FactBatch>;
  /** Runs a judged statement, read-only in the database itself, within its limits. Throws a Fault without a value of the database in it. */
  run(session: S, reading: Reading): Promise<Answer>;
  /** How many sessions of one connection may be open for statements at once. */
  readonly sessions: number;
  /** A database of our own making that this engine can put in place, for whoever has none yet. */
  readonly sample?: SampleDatabase;
  /** Any error of the driver or the network as a fault with stage, field and what to try. */
  explain(error: unknown, stage: StageName, address: Address): Fault;
}
