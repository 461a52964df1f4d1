import type { Actor } from '../platform/actor.ts';
import { storeFacts } from '../platform/database.ts';
import { acceptIngestion } from './accept-ingestion.ts';
import { cancelIngestion } from './cancel-ingestion.ts';
import type { CatalogDeps } from './catalog-deps.ts';
import type { RunInput } from './find-visible-run.ts';
import { getIngestion, listIngestions } from './get-ingestion.ts';
import { getTable } from './get-table.ts';
import { ingest } from './ingestion-job.ts';
import { keepSchedule } from './keep-schedule.ts';
import { listChanges } from './list-changes.ts';
import { type ListTablesInput, listTables } from './list-tables.ts';
import { publishedCatalog } from './published-catalog.ts';
import { rereadSchema } from './reread-schema.ts';
import { releaseRuns } from './run-store.ts';
import { startIngestion } from './start-ingestion.ts';
import { type WatchInput, watchIngestion } from './watch-ingestion.ts';

export { breather } from './breather.ts';
export type { CatalogDeps } from './catalog-deps.ts';
export { requestRun } from './request-run.ts';
export { documentsOf } from './snapshot-store.ts';
export type { StoredDocument } from './table-document.ts';

/** Reading schemas and showing what was read: the only door of this feature. */
export type Catalog = ReturnType<typeof createCatalog>;

const LOOK_MS = 30_000;
const QUEUE = 'ingestion';
type Page = { readonly id: string; readonly cursor?: string | undefined; readonly limit: number };

/** Binds the use cases to what they stand on and declares the job. Make it before the jobs start. */
export function createCatalog(deps: CatalogDeps) {
  let released: Promise<void> | undefined;
  deps.jobs.work(
    QUEUE,
    async (payload, context) => {
      // Where one process alone can use the store, whoever held a run when this one began is gone.
      if (!storeFacts[deps.store.kind].multipleProcesses) {
        released ??= releaseRuns(deps.store.db).catch((error) => {
          released = undefined;
          throw error;
        });
        await released;
      }
      await ingest(deps, payload, context);
    },
    // The run counts its own tries; the job's are those that an end of the process cut short as well.
    { concurrency: 2, retries: 100, backoffSeconds: 4, backoffMaxSeconds: 60 },
  );
  deps.jobs.subscribe('DB_CONNECTION_CREATED', QUEUE);
  deps.jobs.subscribe('INGESTION_REQUESTED', QUEUE);
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;
  const look = (): void => {
    looking ??= keepSchedule(deps)
      .catch((error) => deps.log.warn({ err: error }, 'the schedule of readings could not be kept; trying again'))
      .finally(() => {
        looking = undefined;
      });
  };
  return {
    startIngestion: (actor: Actor, input: { readonly id: string }) => startIngestion(deps, actor, input),
    listIngestions: (actor: Actor, input: Page) => listIngestions(deps, actor, input),
    getIngestion: (actor: Actor, input: RunInput) => getIngestion(deps, actor, input),
    watchIngestion: (actor: Actor, input: WatchInput) => watchIngestion(deps, actor, input),
    cancelIngestion: (actor: Actor, input: RunInput) => cancelIngestion(deps, actor, input),
    acceptIngestion: (actor: Actor, input: RunInput) => acceptIngestion(deps, actor, input),
    listTables: (actor: Actor, input: ListTablesInput) => listTables(deps, actor, input),
    getTable: (actor: Actor, input: { readonly id: string; readonly schema: string; readonly table: string }) =>
      getTable(deps, actor, input),
    listChanges: (actor: Actor, input: Page) => listChanges(deps, actor, input),
    /** For other features: what statements may read, of one snapshot. */
    published: (connectionId: string, snapshot: number) => publishedCatalog(deps.store.db, connectionId, snapshot),
    /** For other features: has the schema read again, at most once a minute. */
    reread: (actor: Actor, connection: Parameters<typeof rereadSchema>[2]) => rereadSchema(deps, actor, connection),
    /** Begins to ask for readings that are due, and for runs whose job was lost. */
    start({ schedule = true }: { schedule?: boolean } = {}): void {
      if (!schedule) return;
      timer = setInterval(look, LOOK_MS).unref();
      look();
    },
    async stop(): Promise<void> {
      clearInterval(timer);
      await looking;
    },
  };
}
