import { vi } from 'vitest';
import type { IngestionRun } from '../../src/contract/connections.ts';
import type { CatalogDeps } from '../../src/server/catalog/catalog.ts';
import type { Store } from '../../src/server/platform/database.ts';
import { insertConnection, type TestCatalog, testCatalog } from './catalog.ts';
import type { PaperDatabase, PaperTable } from './paper-engine.ts';
import { storeHouse } from './stores.ts';

/** For what takes a moment: a generous limit, looked at often. */
export const soon = { timeout: 30_000, interval: 20 };

/** A database on paper with these tables. */
export const paperOf = (tables: readonly PaperTable[], pace = 0): PaperDatabase => ({ tables, failures: [], pace, opened: 0 });

const names = ['customer', 'orders', 'product', 'invoice', 'payment', 'region'];
/** Six tables of a shop. */
export const shop = (): PaperTable[] => names.map((name) => ({ name, refersTo: name === 'orders' ? ['customer'] : [], rows: 1000 }));

/** A store of one kind on which catalogs are started one after another, each with a connection of its own. */
export async function openReadings(kind: Store['kind']) {
  const house = await storeHouse(kind);
  const on = await house.open();
  const started: TestCatalog[] = [];

  /** Puts a catalog together on the same store, and starts its jobs. */
  async function launch(paper: PaperDatabase, about: Partial<CatalogDeps> = {}): Promise<TestCatalog> {
    const made = testCatalog(on, paper, about);
    started.push(made);
    await made.jobs.start();
    return made;
  }

  /** Stops every catalog. */
  async function stop(): Promise<void> {
    for (const { jobs, catalog } of started.splice(0)) {
      await catalog.stop();
      await jobs.drain(0);
    }
  }

  return {
    store: on.store,
    launch,
    stop,
    async close(): Promise<void> {
      await stop();
      await house.close();
    },
    /** A catalog with a connection to the database on paper. */
    async start(paper: PaperDatabase, about: Partial<CatalogDeps> = {}) {
      const made = await launch(paper, about);
      const { catalog } = made;
      const { id, organizationId, actor } = await insertConnection(on.store);
      const runOf = (runId: string) => catalog.getIngestion(actor, { id, runId });
      /** Waits until the run has ended or is held. */
      const ended = (runId: string): Promise<IngestionRun> =>
        vi.waitFor(async () => {
          const run = await runOf(runId);
          if (run.finishedAt === null && run.state !== 'held') throw new Error(`still ${run.state} in ${run.phase}`);
          return run;
        }, soon);
      const read = async () => ended((await catalog.startIngestion(actor, { id })).id);
      const tables = async () => (await catalog.listTables(actor, { id, limit: 500 })).items.map((table) => table.name);
      const connection = () => on.store.db.selectFrom('db_connections').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
      return { ...made, id, organizationId, actor, runOf, ended, read, tables, connection };
    },
  };
}
