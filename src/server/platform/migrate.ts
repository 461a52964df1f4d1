import { type Migration, Migrator } from 'kysely/migration';
import type { Store } from './database.ts';
import { Fault } from './fault.ts';
import * as m0001 from './migrations/0001-foundation.ts';
import * as m0002 from './migrations/0002-auth.ts';
import * as m0003 from './migrations/0003-audit-chain.ts';
import * as m0004 from './migrations/0004-vectors.ts';
import * as m0005 from './migrations/0005-health.ts';
import * as m0006 from './migrations/0006-rejections.ts';

/** The ordered list, the same on both stores; a step may hold SQL per dialect. Append only. */
const migrations = (kind: Store['kind']): Record<string, Migration> => ({
  '0001-foundation': { up: (db) => m0001.up(db, kind) },
  '0002-auth': { up: (db) => m0002.up(db, kind) },
  '0003-audit-chain': { up: (db) => m0003.up(db, kind) },
  '0004-vectors': { up: (db) => m0004.up(db) },
  '0005-health': { up: (db) => m0005.up(db) },
  '0006-rejections': { up: (db) => m0006.up(db) },
});

/** Brings the store to the newest layout; several processes may do so at once. */
export async function migrate(store: Store): Promise<void> {
  const migrator = new Migrator({ db: store.db, provider: { getMigrations: async () => migrations(store.kind) } });
  const { error, results } = await migrator.migrateToLatest();
  if (error) {
    const failed = results?.find((result) => result.status === 'Error')?.migrationName ?? 'the first step';
    throw new Fault('store.unavailable', {
      detail: `The store could not be brought to this version (${failed}). Nothing of that step was kept.`,
      cause: error,
    });
  }
}
