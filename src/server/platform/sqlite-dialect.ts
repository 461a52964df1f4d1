import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type DatabaseIntrospector,
  type Dialect,
  type Driver,
  type Kysely,
  type QueryCompiler,
  type QueryResult,
  SelectQueryNode,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { SqliteWriter } from './sqlite-writer.ts';

/**
 * Kysely over node:sqlite with one writer in a worker: an fsync must not stall the event loop. Plain selects outside a transaction use a
 * read-only handle of this thread (microseconds); all else goes to the writer, which commits single statements that wait together in one group.
 */
export class SqliteStoreDialect implements Dialect {
  constructor(path: string) {
    this.#driver = new StoreDriver(path);
  }
  readonly #driver: StoreDriver;
  createDriver(): Driver {
    return this.#driver;
  }
  /** Rejects when the writer is gone. */
  answers(): Promise<void> {
    return this.#driver.answers();
  }
  /** Moves all that is committed into the main file and empties the log beside it, where deleted bytes would live on. */
  checkpoint(): Promise<void> {
    return this.#driver.checkpoint();
  }
  createQueryCompiler(): QueryCompiler {
    return new SqliteQueryCompiler();
  }
  createAdapter(): SqliteAdapter {
    return new StoreAdapter();
  }
  createIntrospector(db: Kysely<unknown>): DatabaseIntrospector {
    return new SqliteIntrospector(db);
  }
}

/** Our driver serves many callers at once: without saying so, Kysely would queue them and no two could share a commit. */
class StoreAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

class StoreDriver implements Driver {
  readonly #path: string;
  #writer: SqliteWriter | undefined;
  #reader: Reader | undefined;

  constructor(path: string) {
    this.#path = path;
  }
  async init(): Promise<void> {
    this.#writer = await SqliteWriter.open(this.#path);
    this.#reader = new Reader(this.#path);
  }
  async acquireConnection(): Promise<StoreConnection> {
    if (!this.#writer || !this.#reader) throw new Error('the store is not open');
    return new StoreConnection(this.#writer, this.#reader);
  }
  async releaseConnection(): Promise<void> {}
  async beginTransaction(connection: StoreConnection): Promise<void> {
    await connection.begin();
  }
  async commitTransaction(connection: StoreConnection): Promise<void> {
    await connection.end('commit');
  }
  async rollbackTransaction(connection: StoreConnection): Promise<void> {
    await connection.end('rollback');
  }
  async answers(): Promise<void> {
    await this.#writer?.command('hello');
  }
  async checkpoint(): Promise<void> {
    await this.#writer?.command('checkpoint');
  }
  async destroy(): Promise<void> {
    this.#reader?.close();
    await this.#writer?.close();
  }
}

class StoreConnection implements DatabaseConnection {
  readonly #writer: SqliteWriter;
  readonly #reader: Reader;
  #inTransaction = false;

  constructor(writer: SqliteWriter, reader: Reader) {
    this.#writer = writer;
    this.#reader = reader;
  }
  async begin(): Promise<void> {
    await this.#writer.begin();
    this.#inTransaction = true;
  }
  async end(how: 'commit' | 'rollback'): Promise<void> {
    this.#inTransaction = false;
    await this.#writer.end(how);
  }
  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const parameters = query.parameters.map(bindable);
    if (!this.#inTransaction && SelectQueryNode.is(query.query)) return { rows: this.#reader.all(query.sql, parameters) as R[] };
    const { rows, changes } = await this.#writer.run(query.sql, parameters, this.#inTransaction);
    return { rows: rows as R[], numAffectedRows: BigInt(changes) };
  }
  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    yield await this.executeQuery<R>(query);
  }
}

/** The read-only handle of this thread, with its statements prepared once. */
class Reader {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(path: string) {
    this.#db = new DatabaseSync(path, { readOnly: true, timeout: 5000 });
  }
  all(sql: string, parameters: SQLInputValue[]): unknown[] {
    let statement = this.#statements.get(sql);
    if (!statement) {
      if (this.#statements.size >= 500) this.#statements.clear();
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement.all(...parameters);
  }
  close(): void {
    this.#db.close();
  }
}

function bindable(value: unknown): SQLInputValue {
  if (value === undefined || value === null) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' || value instanceof Uint8Array) return value;
  throw new TypeError(`the store cannot hold a value of type ${typeof value}`);
}
