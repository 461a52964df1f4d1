import { after } from './clock.ts';
import type { Store, StorePlace } from './database.ts';
import { Dispatcher } from './jobs-dispatcher.ts';
import { LocalBackEnd } from './jobs-local.ts';
import { PgBossBackEnd } from './jobs-pg-boss.ts';
import type { Log } from './log.ts';
import { type EventName, type Payload, sweepEvents } from './outbox.ts';

/** What a handler gets beside the payload. */
export interface JobContext {
  /** Aborted when the server stops, the job takes too long, or another process has taken it over. */
  readonly signal: AbortSignal;
  /** 1 at the first try; a try that the end of the process cut short counts too. */
  readonly attempt: number;
}

/** Does the work of a job. Returning ends the job; throwing has it tried again later. It must bear being run twice. */
export type JobHandler = (payload: Payload, context: JobContext) => Promise<void>;

/** How a queue is worked. */
export interface QueueSettings {
  /** Jobs of the queue that run at once in this process. */
  readonly concurrency: number;
  /** Tries after the first one. */
  readonly retries: number;
  /** Seconds before the first retry at the most; doubled for each further one, and jittered. */
  readonly backoffSeconds: number;
  readonly backoffMaxSeconds: number;
  /** Seconds after which a try is aborted. */
  readonly expireSeconds: number;
}

/** A queue with the handler of its jobs. */
export interface Queue extends QueueSettings {
  readonly name: string;
  readonly handler: JobHandler;
}

/** A job as it is handed to a back-end: the id is derived from the event, so that handing it over twice makes one job. */
export interface NewJob {
  readonly id: string;
  readonly queue: string;
  readonly payload: Payload;
}

/** Keeps jobs and runs them: one on each kind of store, both held to the same tests. */
export interface JobBackEnd {
  start(queues: readonly Queue[], take: boolean): Promise<void>;
  /** Takes jobs over in the given transaction; those it knows already are left as they are. */
  send(trx: Store['db'], jobs: readonly NewJob[]): Promise<void>;
  /** Says that new jobs were committed. */
  poke(): void;
  /** Takes no more, waits for what runs, aborts what is left so that it is tried again at the next start. */
  stop(ms: number): Promise<void>;
  /** Forgets jobs that ended before the given time. */
  sweep(before: string): Promise<void>;
  healthy(): boolean;
}

const defaults: QueueSettings = { concurrency: 1, retries: 20, backoffSeconds: 4, backoffMaxSeconds: 60, expireSeconds: 6 * 3600 };
const HOUR = 3_600_000;
const KEEP = 7 * 24 * HOUR;

/** The jobs of this process: events of the outbox become jobs of the queues that subscribed to them. */
export class Jobs {
  readonly #store: Store;
  readonly #backEnd: JobBackEnd;
  readonly #log: Log;
  readonly #queues = new Map<string, Queue>();
  readonly #subscriptions = new Map<EventName, Set<string>>();
  #dispatcher: Dispatcher | undefined;
  #sweeper: NodeJS.Timeout | undefined;

  constructor(store: Store, backEnd: JobBackEnd, log: Log) {
    this.#store = store;
    this.#backEnd = backEnd;
    this.#log = log;
  }

  /** Declares a queue and what does its work. Before `start`, in every process, also in one that takes no jobs. */
  work(name: string, handler: JobHandler, settings: Partial<QueueSettings> = {}): void {
    this.#queues.set(name, { ...defaults, ...settings, name, handler });
  }

  /** Has every event of that name make a job of the queue, with the event's payload. */
  subscribe(event: EventName, queue: string): void {
    if (!this.#queues.has(queue)) throw new Error(`no queue ${queue} was declared`);
    this.#subscriptions.set(event, (this.#subscriptions.get(event) ?? new Set()).add(queue));
  }

  /** Starts handing events on, and running jobs unless `take` is false. */
  async start({ take = true }: { take?: boolean } = {}): Promise<void> {
    await this.#backEnd.start([...this.#queues.values()], take);
    this.#dispatcher = new Dispatcher(this.#store, this.#backEnd, this.#subscriptions, this.#log);
    this.#dispatcher.start();
    this.#sweeper = setInterval(() => {
      this.sweep().catch((error) => this.#log.warn({ err: error }, 'old jobs could not be swept'));
    }, HOUR).unref();
  }

  /** Says that an event was committed, so that its jobs start at once. */
  poke(): void {
    this.#dispatcher?.poke();
  }

  /** Forgets ended jobs and handed-on events older than a week. */
  async sweep(olderThanMs = KEEP): Promise<void> {
    await sweepEvents(this.#store.db, after(-olderThanMs));
    await this.#backEnd.sweep(after(-olderThanMs));
  }

  /** Takes no more, waits `ms` milliseconds at the most for what runs, aborts the rest; those jobs are tried again at the next start. */
  async drain(ms: number): Promise<void> {
    clearInterval(this.#sweeper);
    await this.#dispatcher?.stop();
    await this.#backEnd.stop(ms);
  }

  /** Whether events are handed on and the back-end works. */
  healthy(): boolean {
    return this.#dispatcher?.healthy() === true && this.#backEnd.healthy();
  }
}

/** The jobs of a store: pg-boss where the store is a PostgreSQL server, our own runner on the embedded one. */
export function openJobs({ store, place, log }: { store: Store; place: StorePlace; log: Log }): Jobs {
  const backEnd = 'url' in place ? new PgBossBackEnd(place.url, log) : new LocalBackEnd(store.db, log);
  return new Jobs(store, backEnd, log);
}
