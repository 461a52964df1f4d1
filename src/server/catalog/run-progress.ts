import type { RunPhase } from '../../contract/connections.ts';
import type { CatalogDeps } from './catalog-deps.ts';
import { addLog, changeHeldBy } from './run-store.ts';
import type { TakenRun } from './take-run.ts';

const EVERY_MS = 250;

/** Tells how far a run is: at most four times a second, however often it is called. */
export class RunProgress {
  readonly #deps: CatalogDeps;
  readonly #taken: TakenRun;
  #phase: RunPhase = 'connect';
  #done = 0;
  #total: number | null = null;
  #written = 0;
  #timer: NodeJS.Timeout | undefined;
  #began = performance.now();

  constructor(deps: CatalogDeps, taken: TakenRun) {
    this.#deps = deps;
    this.#taken = taken;
  }

  /** Enters a phase. */
  enter(phase: RunPhase, total: number | null): void {
    this.#phase = phase;
    this.#began = performance.now();
    this.at(0, total);
  }

  /** So many tables of so many are done in this phase. */
  at(done: number, total: number | null): void {
    this.#done = done;
    this.#total = total;
    this.#timer ??= setTimeout(() => this.#write(), Math.max(0, this.#written + EVERY_MS - Date.now())).unref();
  }

  /** Writes a line into the log of the run, with the seconds this phase took so far. */
  async log(message: string): Promise<void> {
    const seconds = ((performance.now() - this.#began) / 1000).toFixed(1);
    await addLog(this.#deps.store.db, this.#taken.run.id, this.#phase, `${message} in ${seconds} s`);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #write(): void {
    this.#timer = undefined;
    this.#written = Date.now();
    const { run, holder } = this.#taken;
    // Progress that cannot be written is not worth a failure; what matters finds out by itself.
    changeHeldBy(this.#deps.store.db, run.id, holder, { phase: this.#phase, done: this.#done, total: this.#total }).catch(() => {});
  }
}
