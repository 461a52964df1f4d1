import { fromKysely, PgBoss } from 'pg-boss';
import type { Database } from './database.ts';
import { Fault, toFault } from './fault.ts';
import type { JobBackEnd, NewJob, Queue } from './jobs.ts';
import type { Log } from './log.ts';
import type { Payload } from './outbox.ts';
import { reveal, type Secret } from './secret.ts';

/** A worker that is silent for so long is dead, and its job is taken by another: the least that pg-boss allows. */
const HEARTBEAT_SECONDS = 10;
const LOOK_SECONDS = 5;
const POLL_SECONDS = 2;
const GRACE_MS = 2000;

/** Jobs in pg-boss, in a schema of its own on the store's server: any number of processes may send and work. */
export class PgBossBackEnd implements JobBackEnd {
  readonly #boss: PgBoss;
  readonly #log: Log;
  readonly #active = new Set<Promise<void>>();
  #started = false;

  constructor(url: Secret, log: Log) {
    this.#log = log;
    this.#boss = new PgBoss({
      connectionString: reveal(url),
      application_name: 'portcullis-jobs',
      max: 4,
      schema: 'pgboss',
      useListenNotify: true,
      schedule: false,
      superviseIntervalSeconds: LOOK_SECONDS,
      monitorIntervalSeconds: LOOK_SECONDS,
      registerInstance: false,
      openTelemetry: { enabled: false },
    });
    // Both must be listened to: an error that nobody hears would end the process.
    this.#boss.on('error', (error) => log.warn({ err: error }, 'the job store reported an error'));
    this.#boss.on('warning', () => log.warn('the job store reported that it falls behind'));
  }

  async start(queues: readonly Queue[], take: boolean): Promise<void> {
    try {
      await this.#boss.start();
      for (const queue of queues) await this.#declare(queue);
    } catch (error) {
      throw new Fault('store.unavailable', {
        detail: 'The jobs could not be started on the store: its user must be allowed to create the schema pgboss.',
        cause: error,
      });
    }
    this.#started = true;
    if (!take) return;
    for (const queue of queues) for (let i = 0; i < queue.concurrency; i++) await this.#work(queue);
  }

  async send(trx: Database, jobs: readonly NewJob[]): Promise<void> {
    for (const [queue, list] of Map.groupBy(jobs, (job) => job.queue)) {
      const rows = list.map(({ id, payload }) => ({ id, data: payload }));
      await this.#boss.insert(queue, rows, { db: fromKysely(trx) });
    }
  }

  poke(): void {
    // The insert notified the workers of every process.
  }

  async stop(ms: number): Promise<void> {
    this.#started = false;
    // What runs after this long is failed by pg-boss, which has it tried again, and then aborted.
    await this.#boss.stop({ graceful: true, timeout: ms });
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, GRACE_MS);
    await Promise.race([Promise.allSettled(this.#active), promise]);
    clearTimeout(timer);
  }

  async sweep(): Promise<void> {
    // pg-boss sweeps by itself: deleteAfterSeconds is a week unless told otherwise.
  }

  healthy(): boolean {
    return this.#started;
  }

  async #declare(queue: Queue): Promise<void> {
    const settings = {
      retryLimit: queue.retries,
      retryDelay: queue.backoffSeconds,
      retryBackoff: true,
      retryDelayMax: queue.backoffMaxSeconds,
      expireInSeconds: queue.expireSeconds,
      heartbeatSeconds: HEARTBEAT_SECONDS,
      notify: true,
    };
    await this.#boss.createQueue(queue.name, settings);
    await this.#boss.updateQueue(queue.name, settings);
  }

  /** One of the queue's workers: it runs a job at a time. */
  async #work(queue: Queue): Promise<void> {
    let worker: string | undefined;
    const how = { pollingIntervalSeconds: POLL_SECONDS, notifyPollingIntervalSeconds: POLL_SECONDS };
    worker = await this.#boss.work<Payload>(queue.name, how, async ([job]) => {
      if (!job) return;
      const context = { signal: job.signal, attempt: job.retryCount + 1 };
      const ended = (async () => queue.handler(job.data, context))();
      this.#active.add(ended);
      try {
        await ended;
      } catch (error) {
        this.#log.warn({ err: error, queue: queue.name, job: job.id, attempt: context.attempt }, 'a job failed');
        throw bare(error);
      } finally {
        this.#active.delete(ended);
        // Looks for the next job at once instead of at the next poll.
        if (worker) this.#boss.notifyWorker(worker);
      }
    });
  }
}

/** The error as pg-boss may keep it: the fault code alone, since what it is given lies in the store in clear. */
function bare(error: unknown): Error {
  const kept = new Error(toFault(error).code);
  kept.stack = '';
  return kept;
}
