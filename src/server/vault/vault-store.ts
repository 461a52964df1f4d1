import type { Database } from '../platform/database.ts';

/** master: the key that seals this store. next: the key that is taking its place. */
export type MarkName = 'master' | 'next';

/** The mark that tells which master key it is. */
export interface Mark {
  readonly key_id: string;
  readonly sealed: Uint8Array;
}

/** A mark of the store; `master` is there from the first start on, `next` while a rotation is under way. */
export function findMark(db: Database, name: MarkName): Promise<Mark | undefined> {
  return db.selectFrom('vault_marks').select(['key_id', 'sealed']).where('id', '=', name).executeTakeFirst();
}

/** Writes the mark unless another process did so first; either way, the one that stands. */
export async function claimMark(db: Database, name: MarkName, mark: Mark, at: string): Promise<Mark | undefined> {
  await db
    .insertInto('vault_marks')
    .values({ id: name, ...mark, created_at: at })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  return findMark(db, name);
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

/** Makes the next key the key of the store. */
export async function finishRotation(db: Database, mark: Mark, at: string): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await trx
      .updateTable('vault_marks')
      .set({ ...mark, created_at: at })
      .where('id', '=', 'master')
      .execute();
    await trx.deleteFrom('vault_marks').where('id', '=', 'next').execute();
  });
}

/** Something sealed, and which row holds it. */
export type SealedRow =
  | { readonly purpose: string; readonly sealed: Uint8Array }
  | { readonly connection_id: string; readonly slot: string; readonly sealed: Uint8Array };

/** All that is sealed in this store but the marks. */
export async function listSealed(db: Database): Promise<SealedRow[]> {
  const keys = await db.selectFrom('system_keys').select(['purpose', 'sealed']).execute();
  return [...keys, ...(await db.selectFrom('db_credentials').select(['connection_id', 'slot', 'sealed']).execute())];
}

/** Puts other bytes in place of sealed ones, if they are still those; says whether it did. */
export async function replaceSealed(db: Database, row: SealedRow, sealed: Uint8Array): Promise<boolean> {
  const change =
    'purpose' in row
      ? db.updateTable('system_keys').set({ sealed }).where('purpose', '=', row.purpose).where('sealed', '=', row.sealed)
      : db
          .updateTable('db_credentials')
          .set({ sealed })
          .where('connection_id', '=', row.connection_id)
          .where('slot', '=', row.slot)
          .where('sealed', '=', row.sealed);
  return (await change.executeTakeFirst()).numUpdatedRows > 0n;
}
