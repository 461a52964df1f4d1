import { after, now } from './clock.ts';
import type { Database } from './database.ts';
import { toFault } from './fault.ts';
import type { JobBackEnd, NewJob, Queue } from './jobs.ts';
import type { Log } from './log.ts';
import type { Payload } from './outbox.ts';

const EVERY_MS = 500;
/** How long aborted handlers have to come back before their jobs are put back without them. */
const GRACE_MS = 2000;

interface Taken {
  readonly id: string;
  readonly payload: Payload;
  readonly attempt: number;
}
interface Running {
  readonly queue: string;
  readonly controller: AbortController;
  readonly ended: Promise<void>;
}

/** The runner of the embedded store, whose folder one process alone can hold: what was active when it starts was cut short, and is taken again at once. */
export class LocalBackEnd implements JobBackEnd {
  readonly #db: Database;
  readonly #log: Log;
  readonly #running = new Map<string, Running>();
  readonly #filling = new Set<string>();
  #queues: readonly Queue[] = [];
  #timer: NodeJS.Timeout | undefined;
  #stopping = false;

  constructor(db: Database, log: Log) {
    this.#db = db;
    this.#log = log;
  }

  async start(queues: readonly Queue[], take: boolean): Promise<void> {
    await this.#putBack().where('state', '=', 'active').execute();
    if (!take) return;
    this.#queues = queues;
    this.#timer = setInterval(() => this.poke(), EVERY_MS).unref();
    this.poke();
  }

  async send(trx: Database, jobs: readonly NewJob[]): Promise<void> {
    const at = now();
    const state = { state: 'queued', attempts: 0, run_after: at, lease_until: null, last_error: null, created_at: at, finished_at: null };
    const rows = jobs.map(({ id, queue, payload }) => ({ id, queue, payload: JSON.stringify(payload), ...state }));
    await trx
      .insertInto('jobs')
      .values(rows)
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute();
  }

  poke(): void {
    for (const queue of this.#queues) {
      this.#fill(queue).catch((error) => this.#log.warn({ err: error, queue: queue.name }, 'jobs could not be taken; trying again'));
    }
  }

  async stop(ms: number): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#timer);
    await within(
      ms,
      [...this.#running.values()].map((job) => job.ended),
    );
    for (const job of this.#running.values()) job.controller.abort(new Error('the server is stopping'));
    await within(
      GRACE_MS,
      [...this.#running.values()].map((job) => job.ended),
    );
    const left = [...this.#running.keys()];
    if (left.length > 0) await this.#putBack().where('id', 'in', left).execute();
  }

  async sweep(before: string): Promise<void> {
    await this.#db.deleteFrom('jobs').where('state', 'in', ['done', 'failed']).where('finished_at', '<', before).execute();
  }

  healthy(): boolean {
    return !this.#stopping;
  }

  #putBack() {
    return this.#db.updateTable('jobs').set({ state: 'queued', run_after: now(), lease_until: null });
  }

  /** Takes jobs of a queue until its hands are full or nothing is due. */
  async #fill(queue: Queue): Promise<void> {
    if (this.#filling.has(queue.name)) return;
    this.#filling.add(queue.name);
    try {
      while (!this.#stopping && [...this.#running.values()].filter((job) => job.queue === queue.name).length < queue.concurrency) {
        const job = await this.#take(queue);
        if (!job) return;
        const controller = new AbortController();
        const ended = this.#run(queue, job, controller).finally(() => {
          this.#running.delete(job.id);
          if (!this.#stopping) this.poke();
        });
        this.#running.set(job.id, { queue: queue.name, controller, ended });
      }
    } finally {
      this.#filling.delete(queue.name);
    }
  }

  async #take(queue: Queue): Promise<Taken | undefined> {
    const at = now();
    const due = await this.#db
      .selectFrom('jobs')
      .select('id')
      .where('queue', '=', queue.name)
      .where((is) =>
        // A lease that ran out without its end being written (the store failed just then) is due as well.
        is.or([
          is.and([is('state', '=', 'queued'), is('run_after', '<=', at)]),
          is.and([is('state', '=', 'active'), is('lease_until', '<=', at)]),
        ]),
      )
      .orderBy('run_after')
      .orderBy('id')
      .limit(queue.concurrency + 1)
      .execute();
    const id = due.find((row) => !this.#running.has(row.id))?.id;
    if (id === undefined) return undefined;
    const row = await this.#db
      .updateTable('jobs')
      .set((is) => ({ state: 'active', attempts: is('attempts', '+', 1), lease_until: after(queue.expireSeconds * 1000) }))
      .where('id', '=', id)
      .returning(['payload', 'attempts'])
      .executeTakeFirst();
    return row && { id, payload: JSON.parse(row.payload) as Payload, attempt: row.attempts };
  }

  async #run(queue: Queue, job: Taken, controller: AbortController): Promise<void> {
    const expiry = setTimeout(() => controller.abort(new Error('the job took too long')), queue.expireSeconds * 1000).unref();
    try {
      await queue.handler(job.payload, { signal: controller.signal, attempt: job.attempt });
      await this.#settle(job.id, { state: 'done', finished_at: now(), last_error: null });
    } catch (error) {
      await this.#failed(queue, job, error);
    } finally {
      clearTimeout(expiry);
    }
  }

  async #failed(queue: Queue, job: Taken, error: unknown): Promise<void> {
    if (this.#stopping) return this.#settle(job.id, { state: 'queued', run_after: now() });
    const again = job.attempt <= queue.retries;
    this.#log.warn({ err: error, queue: queue.name, job: job.id, attempt: job.attempt, again }, 'a job failed');
    const last_error = toFault(error).code;
    if (!again) return this.#settle(job.id, { state: 'failed', finished_at: now(), last_error });
    // Full jitter: any moment up to the limit, so that jobs which failed together do not come back together.
    const limit = Math.min(queue.backoffMaxSeconds, queue.backoffSeconds * 2 ** (job.attempt - 1));
    return this.#settle(job.id, { state: 'queued', run_after: after(Math.random() * limit * 1000), last_error });
  }

  async #settle(
    id: string,
    how: Partial<{ state: string; run_after: string; finished_at: string; last_error: string | null }>,
  ): Promise<void> {
    try {
      await this.#db
        .updateTable('jobs')
        .set({ ...how, lease_until: null })
        .where('id', '=', id)
        .execute();
    } catch (error) {
      this.#log.error({ err: error, job: id }, 'the end of a job could not be written; it will be tried again');
    }
  }
}

/** Waits for all of them, or for so many milliseconds. */
async function within(ms: number, all: readonly Promise<void>[]): Promise<void> {
  if (all.length === 0) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([Promise.allSettled(all), promise]);
  clearTimeout(timer);
}
