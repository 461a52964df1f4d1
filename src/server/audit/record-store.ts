import type { Insertable } from 'kysely';
import type { Database } from '../platform/database.ts';
import type { Tables } from '../platform/tables.ts';

/** Appends a record; the database itself refuses to change or remove one. */
export async function insertRecord(trx: Database, row: Insertable<Tables['records']>): Promise<void> {
  await trx.insertInto('records').values(row).execute();
}
