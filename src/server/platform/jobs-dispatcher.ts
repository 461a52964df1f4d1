import { createHash } from 'node:crypto';
import { type Store, storeFacts } from './database.ts';
import type { JobBackEnd } from './jobs.ts';
import type { Log } from './log.ts';
import { anyWaiting, type EventName, markDispatched, takeWaiting } from './outbox.ts';

const BATCH = 100;
const EVERY_MS = 1000;
/** Without a pass that worked for this long, jobs are not healthy. */
const SILENCE_MS = 15_000;

/** Hands events to the back-end, in their order, each in the transaction that marks it: none is lost and none is doubled. */
export class Dispatcher {
  readonly #store: Store;
  readonly #backEnd: JobBackEnd;
  readonly #subscriptions: ReadonlyMap<EventName, ReadonlySet<string>>;
  readonly #log: Log;
  #timer: NodeJS.Timeout | undefined;
  #pass: Promise<void> | undefined;
  #again = false;
  #stopped = false;
  #failing = false;
  #worked = Date.now();

  constructor(store: Store, backEnd: JobBackEnd, subscriptions: ReadonlyMap<EventName, ReadonlySet<string>>, log: Log) {
    this.#store = store;
    this.#backEnd = backEnd;
    this.#subscriptions = subscriptions;
    this.#log = log;
  }

  start(): void {
    this.#worked = Date.now();
    // Polled as well as poked: another process, or a change whose poke was lost, also leaves events.
    this.#timer = setInterval(() => this.poke(), EVERY_MS).unref();
    this.poke();
  }

  poke(): void {
    if (this.#stopped) return;
    if (this.#pass) {
      this.#again = true;
      return;
    }
    this.#pass = this.#run().finally(() => {
      this.#pass = undefined;
      if (!this.#again) return;
      this.#again = false;
      this.poke();
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#pass;
  }

  healthy(): boolean {
    return !this.#stopped && Date.now() - this.#worked < SILENCE_MS;
  }

  async #run(): Promise<void> {
    try {
      while (!this.#stopped && (await anyWaiting(this.#store.db))) await this.#handOn();
      this.#worked = Date.now();
      this.#failing = false;
    } catch (error) {
      if (!this.#failing) this.#log.warn({ err: error }, 'events could not be handed on; trying again');
      this.#failing = true;
    }
  }

  async #handOn(): Promise<void> {
    await this.#store.db.transaction().execute(async (trx) => {
      const events = await takeWaiting(trx, BATCH, storeFacts[this.#store.kind].multipleProcesses);
      if (events.length === 0) return;
      const jobs = events.flatMap((event) =>
        [...(this.#subscriptions.get(event.name as EventName) ?? [])].map((queue) => ({
          id: jobId(event.id, queue),
          queue,
          payload: event.payload,
        })),
      );
      if (jobs.length > 0) await this.#backEnd.send(trx, jobs);
      const ids = events.map((event) => event.id);
      await markDispatched(trx, ids);
    });
    this.#backEnd.poke();
  }
}

/** The id of an event's job in a queue: the same each time, and in the order of the events, since only its random tail differs. */
function jobId(eventId: string, queue: string): string {
  const salt = createHash('sha256').update(queue).digest().readUInt32BE(0);
  const tail = (Number.parseInt(eventId.slice(-8), 16) ^ salt) >>> 0;
  return eventId.slice(0, -8) + tail.toString(16).padStart(8, '0');
}
