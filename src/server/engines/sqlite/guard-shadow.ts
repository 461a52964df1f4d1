import init from '@sqlite.org/sqlite-wasm';
import type { PublishedCatalog, PublishedTable } from '../guard.ts';
import { fold } from './fold.ts';
import { functions, isSystemName, rowNumbers, tableFunctions } from './guard-names.ts';

type Sqlite = Awaited<ReturnType<typeof init>>;

/** What compiling a statement said: what it would read and call, or why it cannot be compiled. */
export interface Compiled {
  /** `table␀column` of published tables, as they are published; an empty column where none is read. */
  readonly reads: ReadonlySet<string>;
  readonly functions: ReadonlySet<string>;
  /** The names of its WITH queries, those that something is read for. */
  readonly queries: ReadonlySet<string>;
  readonly parameters: number;
  /** Whether it only reads, is a single statement and no EXPLAIN. */
  readonly plain: boolean;
  /** What the authorizer refused: the first thing. */
  readonly denied: { readonly what: 'action' | 'function' | 'system' | 'relation' | 'row number'; readonly name: string } | null;
  /** The message of SQLite, with the place in the text (in bytes) where it gives one. */
  readonly error: { readonly message: string; readonly at: number } | null;
}

let sqlite: Sqlite | undefined;

/** Loads SQLite from the package’s own file. */
export async function loadSqlite(): Promise<void> {
  sqlite ??= await init();
}

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** An empty database with the published tables and nothing else: SQLite itself resolves names in it, and nothing ever runs. */
export class Shadow {
  readonly #sqlite: Sqlite;
  readonly #db: InstanceType<Sqlite['oo1']['DB']>;
  readonly tables = new Map<string, PublishedTable>();
  #denied: Compiled['denied'] = null;
  #reads = new Set<string>();
  #functions = new Set<string>();
  #queries = new Set<string>();
  /** True while a statement of ours is compiled. */
  #ours = false;

  constructor(published: PublishedCatalog) {
    if (!sqlite) throw new Error('the guard is not loaded');
    this.#sqlite = sqlite;
    const { capi, oo1 } = sqlite;
    this.#db = new oo1.DB(':memory:');
    const db = this.#pointer();
    // A quoted name that is no column must not become a string here and a column that is not published there.
    capi.sqlite3_db_config(db, capi.SQLITE_DBCONFIG_DQS_DML, 0, 0);
    capi.sqlite3_db_config(db, capi.SQLITE_DBCONFIG_DQS_DDL, 0, 0);
    capi.sqlite3_limit(db, capi.SQLITE_LIMIT_ATTACHED, 0);
    this.#db.exec('BEGIN');
    for (const table of published.tables) this.#create(table);
    this.#db.exec('COMMIT');
    capi.sqlite3_set_authorizer(
      db,
      (_, action, first, second, _database, query) => this.#authorize(action, text(first), text(second), text(query)),
      0,
    );
  }

  #pointer(): number {
    return this.#db.pointer as unknown as number;
  }

  #create(table: PublishedTable): void {
    const columns = [...new Map(table.columns.map((name) => [fold(name), name])).values()];
    if (table.schema !== 'main' || columns.length === 0 || isSystemName(table.name) || this.tables.has(fold(table.name))) return;
    this.#db.exec(`CREATE TABLE ${quote(table.name)} (${columns.map(quote).join(', ')})`);
    this.tables.set(fold(table.name), table);
  }

  #authorize(action: number, first: string, second: string, query: string): number {
    const { capi } = this.#sqlite;
    if (this.#ours) return capi.SQLITE_OK;
    // There are no views here: what is named is a WITH query.
    if (query !== '') this.#queries.add(fold(query));
    if (action === capi.SQLITE_SELECT || action === capi.SQLITE_RECURSIVE) return capi.SQLITE_OK;
    const denied =
      action === capi.SQLITE_READ
        ? this.#read(first, second)
        : action === capi.SQLITE_FUNCTION
          ? this.#call(second)
          : ({ what: 'action', name: first } as const);
    this.#denied ??= denied;
    return denied ? capi.SQLITE_DENY : capi.SQLITE_OK;
  }

  #read(name: string, column: string): Compiled['denied'] {
    const table = this.tables.get(fold(name));
    if (table) {
      const published = column === '' || table.columns.some((one) => fold(one) === fold(column));
      if (!published) return { what: rowNumbers.has(fold(column)) ? 'row number' : 'relation', name: column };
      this.#reads.add(`${table.name}\0${column}`);
      return null;
    }
    if (tableFunctions.has(fold(name))) return null;
    if (isSystemName(name)) return { what: 'system', name };
    // A WITH query of which no column is read is reported like a table; a table would have to be one of ours to be found at all.
    return column === '' ? null : { what: 'relation', name };
  }

  #call(name: string): Compiled['denied'] {
    if (!functions.has(fold(name))) return { what: 'function', name };
    this.#functions.add(fold(name));
    return null;
  }

  /** Compiles a statement without running it. */
  compile(sql: string): Compiled {
    const { capi, wasm } = this.#sqlite;
    this.#denied = null;
    this.#reads = new Set();
    this.#functions = new Set();
    this.#queries = new Set();
    const scope = wasm.scopedAllocPush();
    try {
      const [start, length] = wasm.scopedAllocCString(sql, true) as unknown as [number, number];
      const [statementAt, tailAt] = wasm.scopedAllocPtr(2) as unknown as [number, number];
      const code = capi.sqlite3_prepare_v3(this.#pointer(), start, length, 0, statementAt, tailAt);
      const statement = wasm.peekPtr(statementAt) as number;
      const message = code === capi.SQLITE_OK ? '' : capi.sqlite3_errmsg(this.#pointer());
      const at = code === capi.SQLITE_OK ? -1 : capi.sqlite3_error_offset(this.#pointer());
      const whole = (wasm.peekPtr(tailAt) as number) === start + length;
      const plain = statement !== 0 && whole && capi.sqlite3_stmt_readonly(statement) !== 0 && capi.sqlite3_stmt_isexplain(statement) === 0;
      const parameters = statement === 0 ? 0 : capi.sqlite3_bind_parameter_count(statement);
      if (statement !== 0) capi.sqlite3_finalize(statement);
      const error = code === capi.SQLITE_OK ? null : { message, at };
      return { reads: this.#reads, functions: this.#functions, queries: this.#queries, denied: this.#denied, parameters, plain, error };
    } finally {
      wasm.scopedAllocPop(scope);
    }
  }

  /**
   * The published tables that the program of a compiled statement opens. The authorizer is not told of columns that USING
   * and NATURAL compare, so that a table of which nothing else is read would be missed.
   */
  opened(sql: string): PublishedTable[] {
    this.#ours = true;
    try {
      const names = this.#db.selectValues("SELECT DISTINCT name FROM tables_used(?) WHERE type = 'table'", [sql]) as unknown[];
      return names.flatMap((name) => this.tables.get(fold(String(name))) ?? []);
    } finally {
      this.#ours = false;
    }
  }

  close(): void {
    this.#db.close();
  }
}

/** What the authorizer is told; null where SQLite says nothing. */
function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
