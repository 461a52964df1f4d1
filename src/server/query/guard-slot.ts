import { Worker } from 'node:worker_threads';
import type { EngineId } from '../../contract/engines.ts';
import type { GuardResult, PublishedCatalog } from '../engines/guard.ts';
import type { GuardAnswer, GuardOrder } from './guard-worker.ts';

/** How long a worker may take, in milliseconds of its processor, and what it may hold. */
export interface GuardLimits {
  /** For a statement. */
  readonly budgetMs: number;
  /** For the first statement after a parser or a catalogue was loaded. */
  readonly coldMs: number;
  /** On the clock, however little of the processor the worker got. */
  readonly wallMs: number;
  /** For loading a parser or a catalogue, on the clock. */
  readonly loadMs: number;
  /** How many catalogues a worker keeps. */
  readonly catalogs: number;
}

/** Gives the catalogue, when a worker does not have it yet. */
export type Published = () => PublishedCatalog | Promise<PublishedCatalog>;

/** A statement that the worker did not get through. */
export class TooComplex extends Error {}

/** Milliseconds in which a worker has to answer how much it has worked. */
const ASKING_MS = 100;

/** One worker, one order at a time. After a time-out or a trap the worker is killed; the next order finds a new one. */
export class GuardSlot {
  readonly #limits: GuardLimits;
  #worker: Worker | null = null;
  #clock = new Float64Array(new SharedArrayBuffer(8));
  readonly #engines = new Set<EngineId>();
  /** Keys of the catalogues that the worker has, the longest unused first. */
  readonly #kept = new Map<string, EngineId>();
  #cold = true;
  #waiting: PromiseWithResolvers<GuardAnswer> | null = null;

  constructor(limits: GuardLimits) {
    this.#limits = limits;
  }

  /** Whether it has a catalogue already. */
  has(key: string): boolean {
    return this.#kept.has(key);
  }

  /** Loads a parser ahead of the statement that needs it. */
  async load(engine: EngineId): Promise<void> {
    if (this.#engines.has(engine)) return;
    await this.#order({ kind: 'load', engine }, null);
    this.#engines.add(engine);
    this.#cold = true;
  }

  /** Loads a parser and a catalogue ahead of the statements that need them. */
  async prepare(engine: EngineId, key: string, published: Published): Promise<void> {
    await this.load(engine);
    if (!this.#kept.has(key)) await this.#keep(engine, key, await published());
    this.#kept.delete(key);
    this.#kept.set(key, engine);
  }

  async classify(engine: EngineId, key: string, published: Published, sql: string, searchPath: readonly string[]): Promise<GuardResult> {
    await this.prepare(engine, key, published);
    const budget = this.#cold ? this.#limits.coldMs : this.#limits.budgetMs;
    const result = await this.#order({ kind: 'classify', engine, key, sql, searchPath }, budget);
    this.#cold = false;
    if (!result) throw new Error('the guard gave no verdict');
    return result;
  }

  async #keep(engine: EngineId, key: string, published: PublishedCatalog): Promise<void> {
    for (const [oldest, of] of this.#kept) {
      if (this.#kept.size < this.#limits.catalogs) break;
      await this.#order({ kind: 'forget', key: oldest, engine: of }, null);
      this.#kept.delete(oldest);
    }
    await this.#order({ kind: 'keep', engine, key, published }, null);
    this.#cold = true;
  }

  #start(): Worker {
    this.#clock = new Float64Array(new SharedArrayBuffer(8));
    // The worker's own file ends as this one does: .ts in the repository, .js in the package.
    const file = new URL(`./guard-worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);
    const resourceLimits = { maxOldGenerationSizeMb: 192, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 };
    const worker = new Worker(file, { workerData: { clock: this.#clock.buffer }, resourceLimits, env: {}, stdin: false });
    worker.unref();
    worker.on('message', (answer: GuardAnswer) => this.#waiting?.resolve(answer));
    // Out of memory ends a worker with an error; an exit without one is a kill.
    worker.on('error', (error) => this.#ended(worker, error.message));
    worker.on('exit', () => this.#ended(worker, 'the worker ended'));
    this.#worker = worker;
    return worker;
  }

  #ended(worker: Worker, why: string): void {
    if (this.#worker === worker) this.#forgetWorker();
    this.#waiting?.reject(new TooComplex(why));
  }

  #forgetWorker(): void {
    this.#worker = null;
    this.#engines.clear();
    this.#kept.clear();
    this.#cold = true;
  }

  /** Sends an order and waits for its answer, within a budget of processor time or, without one, within the time for loading. */
  async #order(order: GuardOrder, budgetMs: number | null): Promise<GuardResult | null> {
    const worker = this.#worker ?? this.#start();
    const done = new AbortController();
    const waiting = Promise.withResolvers<GuardAnswer>();
    this.#waiting = waiting;
    try {
      worker.postMessage(order);
      const answer = await Promise.race([waiting.promise, this.#expire(worker, budgetMs, done.signal)]);
      if ('result' in answer) return answer.result;
      throw answer.trapped ? new TooComplex(answer.message) : new Error(answer.message);
    } catch (error) {
      this.#waiting = null;
      await this.kill();
      throw error;
    } finally {
      this.#waiting = null;
      done.abort();
    }
  }

  /** Rejects once the worker has used its budget. A machine that is busy with other things does not count against it, up to a point. */
  async #expire(worker: Worker, budgetMs: number | null, signal: AbortSignal): Promise<never> {
    const wait = (milliseconds: number) =>
      new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
      });
    const began = performance.now();
    const limit = budgetMs === null ? this.#limits.loadMs : this.#limits.wallMs;
    await wait(budgetMs ?? limit);
    while (budgetMs !== null && performance.now() - began < limit) {
      const used = await Promise.race([worker.cpuUsage().catch(() => null), wait(ASKING_MS)]);
      if (!used) break;
      const spent = (used.user + used.system - (this.#clock[0] ?? 0)) / 1000;
      if (spent >= budgetMs) break;
      await wait(Math.max(1, Math.min(Math.max(budgetMs - spent, 10), limit - (performance.now() - began))));
    }
    throw new TooComplex('the time for judging is over');
  }

  /** Ends the worker, whatever it is doing. */
  async kill(): Promise<void> {
    const worker = this.#worker;
    this.#forgetWorker();
    this.#waiting?.reject(new TooComplex('the worker ended'));
    await worker?.terminate();
  }
}
