import type { EventEmitter } from 'node:events';
import type { Cell } from '../engine.ts';
import type { Wire } from './wire.ts';

/** A column as the server describes it. */
export interface Described {
  readonly name: string;
  /** Number of its type in the protocol. */
  readonly columnType: number;
  readonly flags: number;
  readonly characterSet: number;
  readonly columnLength: number;
  readonly decimals: number;
  /** Names of types that the protocol has no number for, where the server tells them. */
  readonly extendedTypeName?: string;
  readonly extendedFormat?: string;
}

/** Takes what a statement of somebody else's making brings. */
export interface Sink {
  describe(columns: readonly Described[]): void;
  /** A row in the binary form of the protocol; the bytes are lent. */
  take(row: Buffer): void;
}

/** A command of the driver that tells by events how it goes. */
export interface Command extends EventEmitter {
  buildParserFromFields: unknown;
}

/** The part of the driver's connection that a session speaks through. */
export interface Driver extends EventEmitter {
  readonly threadId: number | null;
  query(order: { readonly sql: string }): Command;
  execute(order: { readonly sql: string; readonly values: readonly unknown[] }): Command;
  prepare(sql: string, told: (error: Error | null) => void): void;
  unprepare(sql: string): void;
  reset(told: (error: Error | null) => void): void;
  end(): void;
  pause(): void;
  resume(): void;
}

/** What a command runs on: the driver, and the wire below it. */
export interface Line {
  readonly driver: Driver;
  readonly wire: Wire;
  /** A value in the type that the server is to take it for. */
  readonly bind: (value: Cell) => unknown;
}
