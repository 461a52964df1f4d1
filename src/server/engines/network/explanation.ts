import type { StageName } from '../../../contract/connections.ts';
import type { FaultCode } from '../../../contract/faults.ts';

/** A fault as it will be shown. */
export interface Explanation {
  readonly code: FaultCode;
  readonly field: string | null;
  readonly happened: string;
  readonly tryThis: readonly string[];
  readonly retryable?: boolean;
  readonly stage?: StageName;
}

/** What took longer in the database than a statement may. */
export const tooSlow: Explanation = {
  code: 'statement.expired',
  field: null,
  happened: 'The database took longer than a statement may take.',
  tryThis: ['Try again when the database is less busy.', 'Look for locks that are held for long.'],
};

/** A write that was refused, as it should: by the session or the transaction, which is read-only. */
export const refusedWrite = (by: 'the session' | 'the transaction'): Explanation => ({
  code: 'database.failed',
  field: null,
  happened: `The database refused a write, as it should: ${by} is read-only.`,
  tryThis: ['Nothing is wrong with the database: report this, for nothing of ours writes.'],
});

/** How an engine that is reached over the network is called in what people read, and where its server is set up. */
export interface Manner {
  /** The product, as people write it. */
  readonly label: string;
  /** Its default port as a phrase: "the default of … is …". */
  readonly defaultPort: string;
  /** The setting by which it listens on more than its own host. */
  readonly listening: string;
  /** How encryption is switched on at the server. */
  readonly encrypting: string;
  /** How its versions of TLS are raised. */
  readonly tlsVersions: string;
}
