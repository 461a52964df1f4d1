import type { Cell, Reading } from '../engine.ts';
import { type CutBy, RowGate } from '../row-gate.ts';
import { decoderOf } from './cells.ts';
import { settingsSql } from './settings.sql.ts';

/** A column as the server describes it. */
export interface Described {
  readonly name: string;
  /** The oid of its type. */
  readonly dataTypeID: number;
}

/** The part of the driver's connection that a portal speaks through. */
interface Speaker {
  readonly stream: { cork?(): void; uncork?(): void };
  parse(query: { text: string }): void;
  bind(config: { values: readonly (string | null)[] }): void;
  describe(what: { type: 'P'; name?: string }): void;
  execute(config: { rows?: number }): void;
  flush(): void;
  sync(): void;
}

/** What a portal brought in. */
export interface Brought {
  readonly columns: readonly Described[];
  readonly rows: readonly (readonly Cell[])[];
  /** The limit that the next row would have passed: where it is another than that of rows, more is on its way. */
  readonly cut: CutBy | null;
  readonly bytes: number;
}

/** What is sent for one statement: everything in one go, so that it costs one way to the server and back. */
export interface PortalOrder extends Reading {
  /** The limits that hold in the session between statements. */
  readonly sessionLimits: readonly string[];
}

const beginSql = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';
/**
 * The limit of this statement, and how names and texts in it are read: a pooler may have given the transaction to another session of the server than
 * the one that was set up. All else was set for the whole session, and is set again behind it.
 */
const limitSql = `SELECT pg_catalog.set_config('statement_timeout', $1, true), pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true),
  pg_catalog.set_config('standard_conforming_strings', 'on', true)`;
/** How many commands are complete when the statement itself begins (BEGIN and the settings), and when it has been rolled back. */
const before = 2;
const behind = 4;
/** What outlives a rollback: locks of the session, and prepared statements. Its settings are set again, though a rollback undoes what changed them. */
const sweepSql = ['DEALLOCATE ALL', 'SELECT pg_catalog.pg_advisory_unlock_all()'] as const;

const asText = (value: Cell): string | null => (value === null ? null : String(value));

/**
 * One statement by the extended protocol, which takes no second one: begun read-only, limited, run to one row more than may be answered, and
 * rolled back, and the session cleared behind it, all sent at once. What fails on the way leaves the transaction open and broken: whoever ran it
 * rolls back.
 */
export class Portal {
  readonly #order: PortalOrder;
  readonly #gate: RowGate;
  readonly #rows: (readonly Cell[])[] = [];
  readonly #done = Promise.withResolvers<Brought>();
  readonly #cleared = Promise.withResolvers<void>();
  #columns: readonly Described[] = [];
  /** Rows become what is answered as they come, and not all of them at the end. */
  #decode = decoderOf([]);
  #complete = 0;
  #cut: CutBy | null = null;
  #settled = false;

  constructor(order: PortalOrder) {
    this.#order = order;
    this.#gate = new RowGate(order);
    this.#done.promise.catch(() => undefined);
    this.#cleared.promise.catch(() => undefined);
  }

  /** What it brought, once it has been rolled back, or the server's error. */
  get brought(): Promise<Brought> {
    return this.#done.promise;
  }
  /** When the session is as it was before. Rejects when it is not. */
  get cleared(): Promise<void> {
    return this.#cleared.promise;
  }
  /** What is in by now, cut by this limit. */
  result(cut: CutBy | null): Brought {
    return { columns: this.#columns, rows: this.#rows, cut, bytes: this.#gate.bytes };
  }

  #settle(): void {
    this.#settled = true;
    this.#done.resolve(this.result(this.#cut));
  }
  #passed(): void {
    this.#complete++;
    if (this.#complete === behind && !this.#settled) this.#settle();
  }

  submit(connection: Speaker): null {
    const { sql, parameters, maxRows, timeoutMs } = this.#order;
    const step = (text: string, values: readonly (string | null)[]) => {
      connection.parse({ text });
      connection.bind({ values });
    };
    connection.stream.cork?.();
    try {
      step(beginSql, []);
      connection.execute({});
      step(limitSql, [String(Math.max(1, Math.round(timeoutMs)))]);
      connection.execute({});
      step(sql, parameters.map(asText));
      connection.describe({ type: 'P' });
      connection.execute({ rows: maxRows + 1 });
      step('ROLLBACK', []);
      connection.execute({});
      // The answer leaves the server now; the rest is done behind it.
      connection.flush();
      for (const text of sweepSql) {
        step(text, []);
        connection.execute({});
      }
      step(settingsSql, this.#order.sessionLimits);
      connection.execute({});
      connection.sync();
    } finally {
      connection.stream.uncork?.();
    }
    return null;
  }

  handleRowDescription(message: { fields: readonly Described[] }): void {
    this.#columns = message.fields.map(({ name, dataTypeID }) => ({ name, dataTypeID }));
    this.#decode = decoderOf(this.#columns.map(({ dataTypeID }) => dataTypeID));
  }
  handleDataRow(message: { length: number; fields: (string | null)[] }): void {
    if (this.#settled || this.#complete !== before) return;
    this.#cut = this.#gate.admit(message.fields.length, message.length);
    if (this.#cut === null) this.#rows.push(this.#decode(message.fields));
    // The row beyond those that were asked for is the last one; of the others more would come.
    else if (this.#cut !== 'rows') this.#settle();
  }
  handlePortalSuspended(): void {
    this.#passed();
  }
  handleCommandComplete(): void {
    this.#passed();
  }
  handleEmptyQuery(): void {
    this.#passed();
  }
  handleReadyForQuery(): void {
    this.#cleared.resolve();
  }
  handleError(error: unknown): void {
    this.#settled = true;
    this.#done.reject(error);
    this.#cleared.reject(error);
  }
}
