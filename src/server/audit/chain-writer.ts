import { type Database, type Store, storeFacts } from '../platform/database.ts';
import { Fault } from '../platform/fault.ts';
import type { Log } from '../platform/log.ts';
import type { RecordContent } from '../platform/record-hash.ts';
import { checkpointContent, type Head, headText, type Signer } from './checkpoint.ts';
import { type ChainPlace, openChain } from './open-chain.ts';
import { OwnRecords } from './own-records.ts';
import { appendAfter, appendRecords } from './record-store.ts';

/** How many records wait for one commit at the most: bounds how long the first of them waits. */
const GROUP = 256;
/** Milliseconds that the beginning of an attempt waits for its end, so that both share a commit where the statement is quick. */
const PATIENCE_MS = 5;
/** Records after which a checkpoint is due. */
const CHECKPOINT_RECORDS = 1000;

interface Waiting {
  readonly contents: readonly RecordContent[];
  resolve(): void;
  reject(error: Error): void;
}

/** What the writer of a chain stands on. */
interface ChainDeps {
  readonly store: Store;
  readonly signer: Signer;
  readonly log: Log;
}

/** Writes the one chain of this process: deeds inside the transactions of what they tell of, attempts in groups of its own. */
export class ChainWriter {
  readonly chain: string;
  readonly #deps: ChainDeps;
  readonly #own: OwnRecords;
  readonly #waiting: Waiting[] = [];
  #flushing: Promise<void> = Promise.resolve();
  #busy = false;
  #patience: NodeJS.Timeout | undefined;
  #checkpointing: Promise<Head | null> | undefined;
  #closed = false;
  /** Records since the last checkpoint, at the least. */
  #unsigned = 1;
  /** Where the chain ended after what we last committed ourselves; deeds may have come since, never gone. */
  #end: Head | null = null;
  /** The chain's end right after the last checkpoint that we signed. */
  #signed: Head | null = null;

  private constructor(opening: Head, deps: ChainDeps) {
    this.chain = opening.chain;
    this.#deps = deps;
    this.#own = new OwnRecords(opening, deps.log);
  }

  /** Opens a chain of this process. */
  static async open(place: ChainPlace): Promise<ChainWriter> {
    const { head, signer } = await openChain(place);
    return new ChainWriter(head, { store: place.store, log: place.log, signer });
  }

  /** Who signs for this process. */
  get signer(): Signer {
    return this.#deps.signer;
  }

  /** Appends in the transaction of the deed, so that both are kept or neither is. */
  async record(trx: Database, content: RecordContent): Promise<void> {
    const append = (within: Database): Promise<Head> => this.#append(within, () => [content]);
    if (trx.isTransaction) await append(trx);
    else this.#own.kept(await this.#deps.store.db.transaction().execute(append));
    this.#count(1);
  }

  #append(trx: Database, make: (head: Head) => readonly RecordContent[]): Promise<Head> {
    return appendRecords(trx, this.#deps.store.kind, this.chain, make, this.#own.written);
  }

  /** Appends with the next group; resolves once it is on disk. */
  append(...contents: readonly RecordContent[]): Promise<void> {
    return this.#enqueue(contents, () => this.#begin());
  }

  /** The same for what nobody waits for yet: with the next group, or with one of its own in a moment. */
  appendSoon(...contents: readonly RecordContent[]): Promise<void> {
    return this.#enqueue(contents, () => {
      this.#patience ??= setTimeout(() => this.#begin(), PATIENCE_MS);
    });
  }

  #enqueue(contents: readonly RecordContent[], then: () => void): Promise<void> {
    if (this.#closed) return Promise.reject(unkept());
    return new Promise((resolve, reject) => {
      this.#waiting.push({ contents, resolve, reject });
      if (!this.#busy) then();
    });
  }

  #begin(): void {
    if (!this.#busy) this.#flushing = this.#flush();
  }

  /** Signs the head, if anything came since the last time; gives the chain's end after it. */
  checkpoint(): Promise<Head | null> {
    this.#checkpointing ??= this.#sign().finally(() => {
      this.#checkpointing = undefined;
    });
    return this.#checkpointing;
  }

  /** Takes no more, waits for what was taken, and signs the end. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#begin();
    await this.#flushing;
    await this.#checkpointing?.catch(() => {});
    await this.#sign(true);
  }

  async #flush(): Promise<void> {
    this.#busy = true;
    clearTimeout(this.#patience);
    this.#patience = undefined;
    // What is asked for in the same turn goes into the same commit.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, GROUP);
      const kept = await this.#write(group);
      if (kept || group.length === 1) continue;
      // One that cannot be kept (an attempt that somebody else settled) must not fail the others.
      for (const one of group) await this.#write([one]);
    }
    // In the same turn as the look that found nothing waiting: nobody is left behind.
    this.#busy = false;
  }

  /** Whether the group is on disk. A group of one that is not is told so. */
  async #write(group: readonly Waiting[]): Promise<boolean> {
    const contents = group.flatMap((one) => one.contents);
    try {
      this.#end = await this.#put(contents);
      this.#own.kept(this.#end);
    } catch (error) {
      if (group.length === 1) group[0]?.reject(unkept(error));
      return false;
    }
    for (const one of group) one.resolve();
    this.#count(contents.length);
    return true;
  }

  /** With one process on the store a statement of its own is enough where nothing came between; it shares its commit with others that wait. */
  async #put(contents: readonly RecordContent[]): Promise<Head> {
    const { store } = this.#deps;
    if (this.#end && !storeFacts[store.kind].multipleProcesses) {
      const put = await appendAfter(store.db, this.#end, contents, this.#own.written).catch(() => null);
      if (put) return put;
    }
    return store.db.transaction().execute((trx) => this.#append(trx, () => contents));
  }

  #count(records: number): void {
    this.#unsigned += records;
    if (this.#unsigned < CHECKPOINT_RECORDS || this.#checkpointing || this.#own.changed) return;
    this.checkpoint().catch((error) => this.#deps.log.error({ err: error }, 'the audit chain could not be signed'));
  }

  async #sign(closed = false): Promise<Head | null> {
    const { store, signer, log } = this.#deps;
    const last = this.#signed;
    if (this.#unsigned === 0 && !closed) {
      // In a transaction, so that what was committed before it was heard of before it.
      await store.db.transaction().execute((trx) => this.#own.require(trx, last));
      return last;
    }
    const covered = this.#unsigned;
    const head = await store.db.transaction().execute(async (trx) => {
      const make = (end: Head) => (end.sequence === last?.sequence && !closed ? [] : [checkpointContent(signer, end, closed)]);
      const end = await this.#append(trx, make);
      // With the chain held: what is refused here is rolled back.
      await this.#own.require(trx, last);
      return end;
    });
    this.#own.signed(head);
    this.#unsigned -= covered;
    this.#signed = head;
    this.#end = head;
    if (head.sequence !== last?.sequence) log.info({ checkpoint: headText(head) }, 'audit checkpoint');
    return head;
  }
}

const unkept = (cause?: unknown): Fault =>
  new Fault('store.unavailable', {
    detail: 'This could not be kept on record, so it is not answered: try again when the store answers.',
    retryable: true,
    ...(cause === undefined ? {} : { cause }),
  });
