import type { Address } from '../../src/contract/connections.ts';
import type { Cell, Engine, FilesPlace, Session } from '../../src/server/engines/engine.ts';
import { Secret } from '../../src/server/platform/secret.ts';
import { dial } from './open-postgres.ts';

/** A credential of a lab: the one that may only read, or the strongest there is. */
export type Strength = 'reader' | 'strongest';

/** Statements that mean the same on every engine, as each of them writes it. */
export interface LabStatements {
  /** So many rows of one column, counted from 1. */
  readonly rows: (count: number) => string;
  /** One that never ends by itself and reads nothing. */
  readonly endless: string;
  /** So many rows of about a kilobyte each. */
  readonly wide: (count: number) => string;
  /** What it must give, column by column: name, type, value. */
  readonly exact: {
    readonly sql: string;
    readonly parameters: readonly Cell[];
    readonly expected: readonly (readonly [string, string, Cell])[];
  };
  /** One that fails because of a value of the data, which must not be told. */
  readonly failing: { readonly sql: string; readonly value: string };
  /** One of a column that there is not, which may be told. */
  readonly mistaken: string;
}

/** A real database of one engine, with all that the conformance suite needs to know of it. */
export interface Lab {
  readonly engine: Engine;
  readonly address: Address;
  readonly strengths: readonly Strength[];
  readonly statements: LabStatements;
  /** Tables with their schema that the suite's own schema has, sorted. */
  readonly tables: readonly string[];
  /** The third column of the evil table, where names cannot hold every letter. */
  readonly oddName?: string;
  /** The evil table and its columns, where names cannot hold a double quote at all. */
  readonly evil?: { readonly table: string; readonly columns: readonly string[] };
  /** Whether the database tells what a view reads; true unless it says otherwise. */
  readonly readsOfViews?: boolean;
  open(how?: { strength?: Strength; signal?: AbortSignal }): Promise<Session>;
  /** How many sessions the database knows of, and how many of them run something. */
  sessions(): Promise<{ readonly open: number; readonly running: number }>;
  /** A hostile statement with its places filled in. */
  fill(sql: string, strength: Strength): string;
  /** Whether the truth table was written with this version of the database. */
  readonly recorded: boolean;
  /** What would be another after a change of any kind. */
  state(): Promise<string>;
  /** Ends every session as a restart of the database does, and is back. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Opens a session of an engine without telling the stages. */
export function openWith(
  engine: Engine,
  address: Address,
  login: { username: string; password: string },
  files: FilesPlace,
  signal: AbortSignal = new AbortController().signal,
): Promise<Session> {
  const how = { dial, files, signal, statementTimeoutMs: 10_000 };
  return engine.open(address, { username: login.username, password: new Secret(login.password) }, how);
}
