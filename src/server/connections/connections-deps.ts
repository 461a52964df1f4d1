import type { NewRecord } from '../audit/audit.ts';
import type { FilesPlace } from '../engines/engine.ts';
import type { Database, Store } from '../platform/database.ts';
import type { Log } from '../platform/log.ts';
import type { Vault } from '../vault/vault.ts';
import type { WaysOut } from './way-out.ts';

/** Why a reading of the schema is asked for by this feature. */
export interface RunRequest {
  readonly connectionId: string;
  readonly organizationId: string;
  readonly cause: 'registered' | 'edited' | 'enabled';
  readonly createdBy: string;
}

/** What the use cases of this feature stand on; the composition root hands it in. */
export interface ConnectionsDeps extends WaysOut {
  readonly store: Store;
  readonly log: Log;
  readonly vault: Vault;
  /** Where the database files of an organisation may lie. */
  readonly filesOf: (organizationId: string) => FilesPlace;
  readonly record: (trx: Database, entry: NewRecord) => Promise<void>;
  /** Asks for a reading of the schema, inside the transaction that made it necessary. */
  readonly requestRun: (trx: Database, run: RunRequest) => Promise<unknown>;
  /** Wakes the jobs after a commit that asked for one. */
  readonly poke: () => void;
  /** Names of people by their ids. */
  readonly people: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  /** Milliseconds between two looks at a connection, about; 0: none. */
  readonly probeMs: number;
  /** What identifies the store's own database, so that it is never registered; null for the embedded one. */
  readonly ownIdentity: string | null;
}
