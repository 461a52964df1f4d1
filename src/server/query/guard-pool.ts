import { createHash } from 'node:crypto';
import type { EngineId } from '../../contract/engines.ts';
import type { GuardResult } from '../engines/guard.ts';
import { Fault } from '../platform/fault.ts';
import { type GuardLimits, GuardSlot, type Published, TooComplex } from './guard-slot.ts';
import { WaitingLine } from './waiting-line.ts';

/** A statement to judge, and what of the database is published. */
export interface GuardRequest {
  readonly engine: EngineId;
  readonly sql: string;
  /** Together they name a catalogue: what `published` gives for them is always the same. */
  readonly connectionId: string;
  readonly snapshot: number;
  /** Where tables without a schema are looked up. */
  readonly searchPath: readonly string[];
  /** Who wants to know: those who wait for a worker get one in turn, however many statements of one person wait. */
  readonly by: string;
  /** Aborting it ends the waiting for a worker. */
  readonly signal: AbortSignal;
  /** Asked only when a worker does not have the catalogue yet. */
  readonly published: Published;
}

/** Judges statements in workers that are killed when a statement is too much for them. */
export interface StatementGuard {
  /** The verdict; a statement that the parser does not get through is refused. */
  classify(request: GuardRequest): Promise<GuardResult>;
  /** Ends the workers; whoever still waits is refused. */
  close(): Promise<void>;
}

interface PoolOptions extends GuardLimits {
  readonly workers: number;
  /** Verdicts that are remembered, and characters of text in them altogether. */
  readonly verdicts: number;
  readonly verdictCharacters: number;
  /** Milliseconds that a statement may wait for a worker. */
  readonly waitMs: number;
}

const usual: PoolOptions = {
  workers: 2,
  budgetMs: 250,
  coldMs: 500,
  wallMs: 2000,
  loadMs: 20_000,
  catalogs: 8,
  verdicts: 2000,
  verdictCharacters: 8_000_000,
  waitMs: 30_000,
};

/** The most recent verdicts, by everything that they depend on. */
class Verdicts {
  readonly #known = new Map<string, GuardResult>();
  readonly #options: PoolOptions;
  #characters = 0;

  constructor(options: PoolOptions) {
    this.#options = options;
  }
  find(key: string): GuardResult | undefined {
    const result = this.#known.get(key);
    if (!result) return undefined;
    this.#known.delete(key);
    this.#known.set(key, result);
    return result;
  }
  keep(key: string, result: GuardResult): void {
    if (this.#known.has(key)) return;
    this.#known.set(key, result);
    this.#characters += sizeOf(result);
    for (const [oldest, old] of this.#known) {
      if (this.#known.size <= this.#options.verdicts && this.#characters <= this.#options.verdictCharacters) break;
      this.#known.delete(oldest);
      this.#characters -= sizeOf(old);
    }
  }
}

function sizeOf(result: GuardResult): number {
  if (!result.ok) return 1500;
  const whole = (result.whole ?? []).reduce((sum, { columns }) => sum + columns.length, 0);
  return 1000 + result.sql.length + 100 * (result.columns.length + whole);
}

const keyOf = (...parts: unknown[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('base64');

function tooComplex(sql: string): GuardResult {
  const refusal = {
    rule: 'statement.too_complex',
    message: 'The statement took too long to judge.',
    position: null,
    allowed: 'A simpler statement: fewer words, less nesting.',
  };
  return { ok: false, refusal, fingerprint: createHash('sha256').update(sql).digest('hex').slice(0, 32) };
}

const givenUp = (): Fault => new Fault('statement.cancelled', { detail: 'It was cancelled before the statement was judged.' });
const busy = (): Fault =>
  new Fault('rate.exceeded', { detail: 'Too many statements wait to be judged. Try again in a moment.', retryAfter: 2, retryable: true });

/** Makes the guard of the process. Workers start with the first statement. */
export function createGuard(options: Partial<PoolOptions> = {}): StatementGuard {
  const settled = { ...usual, ...options };
  const slots = Array.from({ length: settled.workers }, () => new GuardSlot(settled));
  const free = [...slots];
  const waiting = new WaitingLine<GuardSlot>();
  const verdicts = new Verdicts(settled);
  let closed = false;

  async function take(catalog: string, { by, signal }: GuardRequest): Promise<GuardSlot> {
    const index = free.findIndex((slot) => slot.has(catalog));
    const [slot] = free.splice(index, 1);
    if (slot) return slot;
    const patience = AbortSignal.timeout(settled.waitMs);
    try {
      return await waiting.wait(by, AbortSignal.any([signal, patience]));
    } catch {
      throw signal.aborted ? givenUp() : busy();
    }
  }

  function release(slot: GuardSlot): void {
    if (!waiting.serve(slot)) free.push(slot);
  }

  /** Makes a worker that rests ready for the same catalogue: should this one be killed over a statement, the next does not wait for another to start. */
  function prepareSpare({ engine, published }: GuardRequest, catalog: string): void {
    const index = free.findIndex((slot) => !slot.has(catalog));
    if (closed || !waiting.empty || index < 0 || free.some((slot) => slot.has(catalog))) return;
    const [spare] = free.splice(index, 1);
    const back = (): void => {
      if (spare) release(spare);
    };
    void spare?.prepare(engine, catalog, published).then(back, back);
  }

  async function judge(request: GuardRequest): Promise<GuardResult> {
    const catalog = keyOf(request.connectionId, request.snapshot);
    const slot = await take(catalog, request);
    prepareSpare(request, catalog);
    return judgeIn(slot, request, catalog);
  }

  async function judgeIn(slot: GuardSlot, { engine, sql, searchPath, published }: GuardRequest, catalog: string): Promise<GuardResult> {
    let killed = false;
    try {
      if (closed) throw new Fault('server.draining');
      return await slot.classify(engine, catalog, published, sql, searchPath);
    } catch (error) {
      if (!(error instanceof TooComplex)) throw error;
      killed = true;
      return tooComplex(sql);
    } finally {
      // A new worker is made ready before the next statement gets it; the caller does not wait for that.
      if (killed && !closed)
        void slot.prepare(engine, catalog, published).then(
          () => release(slot),
          () => release(slot),
        );
      else release(slot);
    }
  }

  return {
    async classify(request) {
      const key = keyOf(request.engine, request.connectionId, request.snapshot, request.searchPath, request.sql);
      const known = verdicts.find(key);
      if (known) return known;
      const result = await judge(request);
      // What was killed may have been unlucky; the same text may be tried again.
      if (result.ok || result.refusal.rule !== 'statement.too_complex') verdicts.keep(key, result);
      return result;
    },
    async close() {
      closed = true;
      await Promise.all(slots.map((slot) => slot.kill()));
    },
  };
}
