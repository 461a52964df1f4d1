import type { StageName } from '../../contract/connections.ts';
import { type FaultCode, faults } from '../../contract/faults.ts';
import type { Refusal } from '../../contract/query.ts';

/** What a fault may carry beyond its code. All of it is shown to the caller: no driver text goes in unscrubbed. */
export interface FaultDetail {
  /** What happened and what the caller can do, in plain words. */
  readonly detail?: string;
  /** The input at fault, as a path such as address.port. */
  readonly field?: string | null;
  readonly stage?: StageName;
  readonly tryThis?: readonly string[];
  /** Why a statement is refused. */
  readonly refusal?: Refusal;
  /** The entry under which the attempt is on record. */
  readonly entryId?: string;
  /** Driver code or SQLSTATE and scrubbed facts. */
  readonly technical?: string;
  /** Whether the same attempt may succeed later (jobs retry only these). */
  readonly retryable?: boolean;
  /** Seconds after which to try again, where known. */
  readonly retryAfter?: number;
  /** Kept for the log alone, never shown; the log scrubs it. */
  readonly cause?: unknown;
}

/** The one error of the server: a code of the closed list and what the caller can do. */
export class Fault extends Error {
  readonly code: FaultCode;
  readonly about: FaultDetail;

  constructor(code: FaultCode, about: FaultDetail = {}) {
    super(about.detail ?? faults[code].title, about.cause === undefined ? undefined : { cause: about.cause });
    this.name = 'Fault';
    this.code = code;
    this.about = about;
  }

  /** The same fault, placed at a stage of the test (kept if it already has one). */
  at(stage: StageName): Fault {
    return this.about.stage ? this : new Fault(this.code, { ...this.about, stage });
  }

  /** The same fault of an attempt that is on record. */
  onRecord(entryId: string): Fault {
    return new Fault(this.code, { ...this.about, entryId });
  }
}

/** Any thrown thing as a fault: what is not one already is a failure of ours, with nothing of its text shown. */
export function toFault(error: unknown): Fault {
  return error instanceof Fault
    ? error
    : new Fault('internal.failed', { detail: 'The request id finds it in the server’s log.', cause: error });
}
