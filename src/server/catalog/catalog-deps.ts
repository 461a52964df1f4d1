import type { Permission } from '../../contract/permissions.ts';
import type { NewRecord } from '../audit/audit.ts';
import type { ConnectionRow, OpenedSession } from '../connections/connections.ts';
import type { Actor } from '../platform/actor.ts';
import type { Database, Store } from '../platform/database.ts';
import type { Jobs } from '../platform/jobs.ts';
import type { Log } from '../platform/log.ts';

/** What the use cases and the job of this feature stand on; the composition root hands it in. */
export interface CatalogDeps {
  readonly store: Store;
  readonly jobs: Pick<Jobs, 'work' | 'subscribe' | 'poke'>;
  readonly log: Log;
  readonly record: (trx: Database, entry: NewRecord) => Promise<void>;
  /** The connection, if the actor may do this with it: 404 when they may not see it, 403 when they may only see it. */
  readonly requireConnection: (store: Store, actor: Actor, id: string, permission: Permission) => Promise<ConnectionRow>;
  /** Opens with the stored read-only credential through the guarded dial. */
  readonly openSession: (
    connectionId: string,
    how: { readonly signal: AbortSignal; readonly statementTimeoutMs: number },
  ) => Promise<OpenedSession>;
  /** Makes the published tables searchable: builds what search reads of those that have none yet. It must bear being cut short and run again. */
  readonly buildPassages: (
    connectionId: string,
    how: {
      readonly signal: AbortSignal;
      readonly progress: (done: number, total: number) => void;
      /** Writes a line into the log of the run. */
      readonly note: (message: string) => Promise<void>;
    },
  ) => Promise<void>;
}
