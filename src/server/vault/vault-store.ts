import type { Database } from '../platform/database.ts';

const MARK = 'master';

/** The mark that tells which master key seals this store. */
export interface Mark {
  readonly key_id: string;
  readonly sealed: Uint8Array;
}

/** The store's mark, or undefined before the first start. */
export function findMark(db: Database): Promise<Mark | undefined> {
  return db.selectFrom('vault_marks').select(['key_id', 'sealed']).where('id', '=', MARK).executeTakeFirst();
}

/** Writes the mark unless another process did so first; either way, the one that stands. */
export async function claimMark(db: Database, mark: Mark, at: string): Promise<Mark | undefined> {
  await db
    .insertInto('vault_marks')
    .values({ id: MARK, ...mark, created_at: at })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  return findMark(db);
}

/** The sealed key of a purpose. */
export async function findSystemKey(db: Database, purpose: string): Promise<Uint8Array | undefined> {
  const row = await db.selectFrom('system_keys').select('sealed').where('purpose', '=', purpose).executeTakeFirst();
  return row?.sealed;
}

/** Keeps a sealed key unless another process kept one first; either way, the one that stands. */
export async function claimSystemKey(db: Database, purpose: string, sealed: Uint8Array, at: string): Promise<Uint8Array | undefined> {
  await db
    .insertInto('system_keys')
    .values({ purpose, sealed, created_at: at })
    .onConflict((conflict) => conflict.column('purpose').doNothing())
    .execute();
  return findSystemKey(db, purpose);
}

/** Whether anything at all is sealed in this store. */
export async function holdsSecrets(db: Database): Promise<boolean> {
  const key = await db.selectFrom('system_keys').select('purpose').limit(1).executeTakeFirst();
  return key !== undefined || (await db.selectFrom('db_credentials').select('slot').limit(1).executeTakeFirst()) !== undefined;
}

/** How many credentials an organisation has sealed, and since when. */
export async function countSecrets(db: Database, organizationId: string): Promise<{ secrets: number; oldest: string | null }> {
  const row = await db
    .selectFrom('db_credentials as credential')
    .innerJoin('db_connections as connection', 'connection.id', 'credential.connection_id')
    .where('connection.organization_id', '=', organizationId)
    .select(({ fn }) => [fn.countAll<number>().as('secrets'), fn.min('credential.created_at').as('oldest')])
    .executeTakeFirstOrThrow();
  return { secrets: Number(row.secrets), oldest: row.oldest };
}
