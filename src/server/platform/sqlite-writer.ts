import type { SQLInputValue } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import type { Single, WriterAnswer, WriterRequest } from './sqlite-writer-worker.ts';

/** What a statement gave: rows it returned and how many it changed. */
export interface Written {
  readonly rows: unknown[];
  readonly changes: number;
}
/** How many single statements share one commit at the most: bounds how long the first of them waits. */
const GROUP = 256;

interface Waiting {
  resolve(answer: Written): void;
  reject(error: Error): void;
}

/** The one writer of the embedded store. Each promise resolves only after what it stands for is committed (or, inside a transaction, run). */
export class SqliteWriter {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  /** Single statements that wait for the next group. */
  readonly #singles: Single[] = [];
  /** Transactions that wait for the open one to end, in the order they came. */
  readonly #transactions: (() => void)[] = [];
  #grouping = false;
  #next = 0;
  #busy = false;
  #broken: Error | undefined;

  private constructor(worker: Worker) {
    this.#worker = worker;
    worker.on('message', (answers: WriterAnswer[]) => {
      for (const answer of answers) this.#settle(answer);
    });
    const fail = (error: Error): void => {
      this.#broken = error;
      for (const waiting of this.#waiting.values()) waiting.reject(error);
      this.#waiting.clear();
      this.#singles.length = 0;
    };
    worker.on('error', fail);
    worker.on('exit', () => fail(new Error('the store is closed')));
  }

  static async open(path: string): Promise<SqliteWriter> {
    // The worker's own file ends as this one does: .ts in the repository, .js in the package.
    const file = new URL(`./sqlite-writer-worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);
    const writer = new SqliteWriter(new Worker(file, { workerData: { path } }));
    await writer.#post({ kind: 'hello' });
    return writer;
  }

  /** Runs one statement: in the open transaction, or alone, sharing a commit with the others that wait. */
  run(sql: string, parameters: SQLInputValue[], inTransaction: boolean): Promise<Written> {
    if (inTransaction) return this.#post({ kind: 'within', sql, parameters });
    if (this.#broken) return Promise.reject(this.#broken);
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#singles.push({ id, sql, parameters });
      this.#flush();
    });
  }

  /** Sends what waits as one group, unless a group is under way (its end sends the next) or a transaction is open. */
  #flush(): void {
    if (this.#grouping || this.#busy || this.#singles.length === 0) return;
    this.#grouping = true;
    const statements = this.#singles.splice(0, GROUP);
    this.#post({ kind: 'group', statements })
      .catch(() => {})
      .finally(() => {
        this.#grouping = false;
        this.#flush();
      });
  }

  /** Opens the one transaction, once no other is open. */
  async begin(): Promise<void> {
    if (this.#busy) await new Promise<void>((resolve) => this.#transactions.push(resolve));
    else this.#busy = true;
    try {
      await this.#post({ kind: 'begin' });
    } catch (error) {
      this.#release();
      throw error;
    }
  }

  async end(how: 'commit' | 'rollback'): Promise<void> {
    try {
      await this.#post({ kind: how });
    } finally {
      this.#release();
    }
  }

  /** Something about the store as a whole, between transactions. */
  async command(kind: 'hello' | 'checkpoint'): Promise<void> {
    if (kind === 'checkpoint' && this.#busy) await new Promise<void>((resolve) => this.#transactions.push(resolve));
    else if (kind === 'checkpoint') this.#busy = true;
    try {
      await this.#post({ kind });
    } finally {
      if (kind === 'checkpoint') this.#release();
    }
  }

  async close(): Promise<void> {
    await this.#post({ kind: 'close' }).catch(() => {});
    await this.#worker.terminate();
  }

  /** Lets go of the transaction: what waited alone goes first, then the next transaction takes over. */
  #release(): void {
    this.#busy = false;
    this.#flush();
    const next = this.#transactions.shift();
    if (!next) return;
    this.#busy = true;
    next();
  }

  #post(request: WriterRequest['request']): Promise<Written> {
    if (this.#broken) return Promise.reject(this.#broken);
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, request } satisfies WriterRequest);
    });
  }

  #settle(answer: WriterAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ('error' in answer) waiting?.reject(Object.assign(new Error(answer.error.message), { code: answer.error.code }));
    else waiting?.resolve(answer);
  }
}
