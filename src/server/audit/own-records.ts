import type { AuditVerification } from '../../contract/audit.ts';
import type { Database } from '../platform/database.ts';
import type { Log } from '../platform/log.ts';
import type { Head } from './checkpoint.ts';
import { placesAfter } from './record-store.ts';

type Found = NonNullable<AuditVerification['firstFault']>;

/** Somebody else wrote into the chain of this process: it is not signed any more. */
export class ChainChanged extends Error {
  readonly fault: Found;
  constructor(fault: Found) {
    super(`the audit chain was changed in the store: record ${fault.sequence} of chain ${fault.chain}`);
    this.name = 'ChainChanged';
    this.fault = fault;
  }
}

/** What this process has put into its chain since it signed last, so that it signs nothing else. */
export class OwnRecords {
  readonly #log: Log;
  /** The sequence numbers of what was written here, by hash; some of it may have been rolled back. */
  readonly #written = new Map<string, number>();
  /** The newest of what is known to be on disk. */
  #kept: Head;
  #changed: ChainChanged | null = null;

  constructor(opening: Head, log: Log) {
    this.#log = log;
    this.#kept = opening;
    this.written(opening);
  }

  /** Whether somebody else wrote into the chain. */
  get changed(): boolean {
    return this.#changed !== null;
  }

  /** Takes note of a record that was written, in a transaction that may not have ended yet. */
  readonly written = ({ hash, sequence }: Head): void => {
    if (!this.#changed) this.#written.set(hash, sequence);
  };

  /** Takes note that the chain was committed up to here. */
  kept(head: Head): void {
    if (head.sequence > this.#kept.sequence) this.#kept = head;
  }

  /** Refuses a chain in which something that is not ours stands behind the last signature, or something of ours does not stand: once and for all. */
  async require(db: Database, signed: Head | null): Promise<void> {
    if (this.#changed) throw this.#changed;
    const fault = await this.#look(db, this.#kept, signed);
    if (!fault) return;
    this.#changed = new ChainChanged(fault);
    this.#log.error(fault, this.#changed.message);
    throw this.#changed;
  }

  /** Forgets what is signed now. */
  signed(head: Head): void {
    this.kept(head);
    for (const [hash, sequence] of this.#written) if (sequence <= head.sequence) this.#written.delete(hash);
  }

  async #look(db: Database, kept: Head, signed: Head | null): Promise<Found | null> {
    const { chain } = kept;
    let last = signed ? signed.sequence - 1 : 0;
    for (const { sequence, hash } of await placesAfter(db, chain, last)) {
      if (sequence !== last + 1) return { chain, sequence: last + 1, what: 'missing', detail: GONE };
      last = sequence;
      const ours = sequence === signed?.sequence ? hash === signed.hash : this.#written.get(hash) === sequence;
      const other = sequence === kept.sequence && hash !== kept.hash;
      if (!ours || other) return { chain, sequence, what: 'inserted', detail: FOREIGN };
    }
    return last < kept.sequence ? { chain, sequence: last + 1, what: 'missing', detail: GONE } : null;
  }
}

const FOREIGN = 'This server writes this chain, and did not write this record: it signs nothing behind it.';
const GONE = 'The record that stood here, or should come here, is missing: this server signs nothing behind it.';
