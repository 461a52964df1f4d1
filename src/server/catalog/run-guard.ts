import { Fault } from '../platform/fault.ts';
import type { CatalogDeps } from './catalog-deps.ts';
import { changeHeldBy, findStanding } from './run-store.ts';
import type { TakenRun } from './take-run.ts';

/** Why work on a run has to stop: a person cancelled it, the connection is disabled or gone, another taking has it, or the process stops. */
export type StopCause = 'cancelled' | 'disabled' | 'superseded' | 'stopping';

const LOOK_MS = 400;
const TOUCH_MS = 3000;

/** Looks, while a run is worked on, whether it may go on; aborts `signal` when not, and says that its holder lives. */
export class RunGuard {
  readonly #deps: CatalogDeps;
  readonly #taken: TakenRun;
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #jobSignal: AbortSignal;
  #touched = Date.now();
  #cause: StopCause | null = null;

  constructor(deps: CatalogDeps, taken: TakenRun, jobSignal: AbortSignal) {
    this.#deps = deps;
    this.#taken = taken;
    this.#jobSignal = jobSignal;
    this.#timer = setInterval(() => {
      // A store that does not answer says nothing about the run; its work will find out.
      this.look().catch(() => {});
    }, LOOK_MS).unref();
    jobSignal.addEventListener('abort', this.#jobAborted, { once: true });
    if (jobSignal.aborted) this.#jobAborted();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get cause(): StopCause | null {
    return this.#cause;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#jobSignal.removeEventListener('abort', this.#jobAborted);
  }

  /** Looks once, and says what it found. */
  async look(): Promise<StopCause | null> {
    const { run, holder } = this.#taken;
    const standing = await findStanding(this.#deps.store.db, run.id);
    if (standing?.state !== 'running' || standing.holder !== holder) this.#abort('superseded');
    else if (standing.cancel_requested === 1) this.#abort('cancelled');
    else if (standing.is_active === 0) this.#abort('disabled');
    else if (Date.now() - this.#touched >= TOUCH_MS) {
      this.#touched = Date.now();
      await changeHeldBy(this.#deps.store.db, run.id, holder, {});
    }
    return this.#cause;
  }

  readonly #jobAborted = (): void => this.#abort('stopping');

  #abort(cause: StopCause): void {
    if (this.#cause) return;
    this.#cause = cause;
    clearInterval(this.#timer);
    this.#controller.abort(new Fault('run.cancelled'));
  }
}
