import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { Fault } from './fault.ts';
import { lockFolder, prepareFolder } from './folder.ts';
import type { Secret } from './secret.ts';
import { reveal } from './secret.ts';
import { SqliteStoreDialect } from './sqlite-dialect.ts';
import type { Tables } from './tables.ts';

/** The store's database handle. Inside `transaction(...)` only the `trx` it gives may be used. */
export type Database = Kysely<Tables>;

/** Facts that differ between the two stores, each with its reason, so that nothing else needs to ask which one it is. */
export const storeFacts = {
  embedded: {
    dialect: 'sqlite',
    multipleProcesses: false,
    maxParameters: 32_000,
    reason: 'one file, one writer; SQLite takes 32,766 parameters a statement',
  },
  server: { dialect: 'postgres', multipleProcesses: true, maxParameters: 60_000, reason: 'the protocol counts parameters in 16 bits' },
} as const;

/** The open store. */
export interface Store {
  readonly db: Database;
  readonly kind: keyof typeof storeFacts;
  /** Rejects when nothing can be kept any more. */
  answers(): Promise<void>;
  /** Sees to it that what was deleted is gone from our files too, as far as they are ours. */
  scrub(): Promise<void>;
  /** Closes every handle; what was acknowledged is on disk. */
  close(): Promise<void>;
}

/** Where the store is: a folder for the embedded one, or a PostgreSQL server's URL. */
export type StorePlace = { readonly folder: string } | { readonly url: Secret };

/** Opens the store. Refuses a folder that another server process holds. Does not migrate. */
export async function openStore(place: StorePlace): Promise<Store> {
  if ('folder' in place) {
    prepareFolder(place.folder);
    const unlock = lockFolder(place.folder);
    const dialect = new SqliteStoreDialect(`${place.folder}/portcullis.db`);
    const db = new Kysely<Tables>({ dialect });
    return {
      db,
      kind: 'embedded',
      answers: () => dialect.answers(),
      scrub: () => dialect.checkpoint(),
      async close() {
        await db.destroy();
        unlock();
      },
    };
  }
  const pool = new pg.Pool({ connectionString: reveal(place.url), max: 10, types: storeTypes, application_name: 'portcullis-store' });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => {});
  // Nor must one that breaks in a transaction, between two statements: the next statement is told.
  pool.on('connect', (client) => client.on('error', () => {}));
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  try {
    await pool.query('select 1');
  } catch (error) {
    await db.destroy();
    throw new Fault('store.unavailable', {
      detail: 'The store named by PORTCULLIS_DATABASE_URL does not answer: check host, credential and that the server runs.',
      cause: error,
    });
  }
  return {
    db,
    kind: 'server',
    answers: () => pool.query('select 1').then(() => undefined),
    // A server's files are its own: VACUUM and the life of its WAL are for whoever runs it.
    scrub: async () => {},
    close: () => db.destroy(),
  };
}

const INT8 = 20;
/** bigint as a number: the store's counts and ordinals stay far below 2^53. */
const storeTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === INT8
      ? Number
      : format === 'binary'
        ? pg.types.getTypeParser(oid, 'binary')
        : pg.types.getTypeParser(oid, 'text')) as typeof pg.types.getTypeParser,
};
