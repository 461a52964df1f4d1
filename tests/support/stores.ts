import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, type Store, type StorePlace } from '../../src/server/platform/database.ts';
import { migrate } from '../../src/server/platform/migrate.ts';
import { Secret } from '../../src/server/platform/secret.ts';
import { type PostgresServer, startPostgres } from './postgres.ts';
import { gate } from './require.ts';

/** Both kinds of store, for describe.each; `skip` where this machine cannot run one. */
export const storeKinds = [
  { kind: 'embedded', skip: false },
  { kind: 'server', skip: gate('postgres').skip },
] as const;

/** A store of one test, migrated, and where it is, for a second process or handle. */
export interface TestStore {
  readonly store: Store;
  readonly place: StorePlace;
  /** A folder of this test alone. */
  readonly folder: string;
}

/** Gives out empty stores of one kind; `close` ends them all, and the server they were on. */
export interface StoreHouse {
  open(): Promise<TestStore>;
  close(): Promise<void>;
}

/** Starts a house of stores of one kind. On PostgreSQL each store is a database of one throwaway server. */
export async function storeHouse(kind: Store['kind']): Promise<StoreHouse> {
  const server: PostgresServer | null = kind === 'server' ? await startPostgres() : null;
  const opened: TestStore[] = [];
  return {
    async open() {
      const folder = await mkdtemp(join(tmpdir(), 'portcullis-store-'));
      const name = `store_${opened.length}`;
      await server?.createDatabase(name);
      const place = server ? { url: new Secret(server.url(name)) } : { folder };
      const store = await openStore(place);
      const made = { store, place, folder };
      opened.push(made);
      await migrate(store);
      return made;
    },
    async close() {
      for (const { store, folder } of opened) {
        await store.close();
        await rm(folder, { recursive: true, force: true });
      }
      await server?.stop();
    },
  };
}
